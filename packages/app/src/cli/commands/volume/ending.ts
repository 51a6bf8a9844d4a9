/** `blockledger volume delete`, `undelete`, `disown`. */
import { flag, maybe } from '../../frame/parts.ts';
import { duration } from '../../frame/readers.ts';
import { verbCommand } from '../../service/verb.ts';
import { given } from '../../show/given.ts';

export const volumeDelete = verbCommand({
  kind: 'volume',
  words: 'volume delete',
  summary: 'Delete a volume, or put it into the trash',
  about: 'It is refused while the volume is mapped, attached, has snapshots (unless --cascade) or clones depend on it. --force never bypasses that.',
  options: {
    cascade: flag('--cascade', 'delete its snapshots, too'),
    force: flag('--force', 'delete from a failed state; never bypasses data safety'),
    retain: maybe('--retain <time>', 'keep it in the trash for so long, such as 7d', duration),
  },
  examples: [
    { line: 'blockledger volume delete 1 --retain 7d', does: 'into the trash for a week' },
    { line: 'blockledger volume delete 1 --cascade --yes --wait', does: 'with its snapshots, for good, without being asked' },
  ],
  // What goes into the trash can come back.
  question: (volume, { retain, cascade }) => (retain === undefined ? `Volume ${volume} and its data go for good${cascade ? ', with all its snapshots' : ''}. Go on?` : undefined),
  call: (client, volume, { cascade, force, retain }) => (more) =>
    client.deleteVolume({ path: { volume }, ...more, query: { ...given({ cascade: cascade ? true : undefined, force: force ? true : undefined, retain_ms: retain }), ...more.query } }),
});

export const volumeUndelete = verbCommand({
  kind: 'volume',
  words: 'volume undelete',
  summary: 'Bring a volume back from the trash',
  examples: [{ line: 'blockledger volume undelete 1', does: 'volume 1 is back' }],
  call: (client, volume) => (more) => client.undeleteVolume({ path: { volume }, ...more }),
});

export const volumeDisown = verbCommand({
  kind: 'volume',
  words: 'volume disown',
  summary: 'Let a volume go with its data',
  about: 'The object stays on the backend, with all that is in it, and Blockledger forgets it. `volume adopt` is the way back.',
  examples: [{ line: 'blockledger volume disown 1 --plan', does: 'what letting it go would do' }],
  question: (volume) => `Volume ${volume} is let go: its data stays, and nobody looks after it any more. Go on?`,
  call: (client, volume) => (more) => client.disownVolume({ path: { volume }, ...more }),
});
