/** `blockledger volume flatten`, `promote`, `demote`. */
import { verbCommand } from '../../service/verb.ts';

export const volumeFlatten = verbCommand({
  kind: 'volume',
  words: 'volume flatten',
  summary: 'Make a clone independent of its snapshot',
  examples: [{ line: 'blockledger volume flatten 2 --wait', does: 'copy what the clone shares, and watch it' }],
  call: (client, volume) => (more) => client.updateVolume({ path: { volume }, body: { block_volume: { flattened: true } }, ...more }),
});

export const volumePromote = verbCommand({
  kind: 'volume',
  words: 'volume promote',
  summary: 'Make a passive volume active',
  examples: [{ line: 'blockledger volume promote 1', does: 'volume 1 may be written to' }],
  call: (client, volume) => (more) => client.promoteVolume({ path: { volume }, ...more }),
});

export const volumeDemote = verbCommand({
  kind: 'volume',
  words: 'volume demote',
  summary: 'Make a volume passive',
  examples: [{ line: 'blockledger volume demote 1', does: 'volume 1 follows another' }],
  call: (client, volume) => (more) => client.demoteVolume({ path: { volume }, ...more }),
});
