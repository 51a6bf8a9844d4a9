/** `blockledger snapshot create`, `delete`, `protect`, `unprotect`. */
import { flag, maybe, needed } from '../../frame/parts.ts';
import { text } from '../../frame/readers.ts';
import { verbCommand } from '../../service/verb.ts';
import { given } from '../../show/given.ts';

export const snapshotCreate = verbCommand({
  kind: 'volume',
  words: 'snapshot create',
  summary: 'Take a snapshot of a volume',
  takes: { name: needed('<name>', 'name of the snapshot', text) },
  options: { description: maybe('--description <text>', 'more about it', text) },
  examples: [{ line: 'blockledger snapshot create 1 before-upgrade --wait', does: 'a snapshot of volume 1' }],
  call: (client, volume, { name, description }) => (more) => client.createSnapshot({ body: { block_snapshot: { block_volume_id: volume, name, ...given({ description }) } }, ...more }),
});

export const snapshotDelete = verbCommand({
  kind: 'snapshot',
  words: 'snapshot delete',
  summary: 'Delete a snapshot',
  about: 'It is refused while it is protected or clones depend on it. --force never bypasses that.',
  options: { force: flag('--force', 'delete from a failed state; never bypasses data safety') },
  examples: [{ line: 'blockledger snapshot delete 1 --yes --wait', does: 'without being asked' }],
  question: (snapshot) => `Snapshot ${snapshot} goes for good. Go on?`,
  call: (client, snapshot, { force }) => (more) => client.deleteSnapshot({ path: { snapshot }, ...more, query: { ...(force ? { force } : {}), ...more.query } }),
});

export const snapshotProtect = verbCommand({
  kind: 'snapshot',
  words: 'snapshot protect',
  summary: 'Guard a snapshot against deletion',
  examples: [{ line: 'blockledger snapshot protect 1', does: 'nobody deletes it now' }],
  call: (client, snapshot) => (more) => client.protectSnapshot({ path: { snapshot }, ...more }),
});

export const snapshotUnprotect = verbCommand({
  kind: 'snapshot',
  words: 'snapshot unprotect',
  summary: 'Lift the guard of a snapshot',
  examples: [{ line: 'blockledger snapshot unprotect 1', does: 'it can be deleted again' }],
  call: (client, snapshot) => (more) => client.unprotectSnapshot({ path: { snapshot }, ...more }),
});
