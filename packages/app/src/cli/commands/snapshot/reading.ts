/** `blockledger snapshot list`, `snapshot show`. */
import * as E from 'fp-ts/lib/Either.js';
import { flag, maybe } from '../../frame/parts.ts';
import { oneOf, text } from '../../frame/readers.ts';
import { listCommand } from '../../service/list.ts';
import { recordCommand } from '../../service/record.ts';
import { refOf, resolveMaybe } from '../../service/refs.ts';
import { orEnd } from '../../service/serviceCommand.ts';
import { given } from '../../show/given.ts';
import { snapshotColumns, snapshotFields } from '../../show/snapshots.ts';

export const snapshotList = listCommand({
  words: 'snapshot list',
  summary: 'List snapshots',
  noun: 'snapshot',
  shows: 'sizes',
  options: {
    volume: maybe('--volume <volume>', 'only those of this volume', refOf('volume')),
    status: maybe('--status <status>', 'only those that stand so; deleted ones are listed only when asked for', oneOf('creating', 'active', 'deleting', 'error', 'deleted')),
    reserved: flag('--reserved', 'internal ones, too, such as the backups of rollbacks'),
    q: maybe('--search <text>', 'part of the name or description, or the beginning of the UUID', text),
    tenant: maybe('--tenant <tenant>', 'only those of this tenant', text),
  },
  examples: [{ line: 'blockledger snapshot list --volume 1', does: 'the snapshots of volume 1' }],
  call: async (client, { volume, status, reserved, q, tenant }, limit) => {
    const ref = await resolveMaybe(client, 'volume', volume);
    if (E.isLeft(ref)) return ref;
    return orEnd(await client.listSnapshots({ query: { ...given({ status, q, tenant, block_volume_id: ref.right }), ...(reserved ? { reserved } : {}), limit } }));
  },
  rows: (body) => body.block_snapshots,
  columns: snapshotColumns,
});

export const snapshotShow = recordCommand({
  kind: 'snapshot',
  words: 'snapshot show',
  summary: 'Show everything about a snapshot',
  shows: 'sizes',
  examples: [{ line: 'blockledger snapshot show 1', does: 'snapshot 1' }],
  call: async (client, snapshot) => client.getSnapshot({ path: { snapshot }, query: { gone: true } }),
  resource: (body) => body.block_snapshot,
  fields: snapshotFields,
});
