/** `blockledger snapshot list`, `snapshot show`. */
import * as E from 'fp-ts/lib/Either.js';
import { flag, maybe, needed } from '../../frame/parts.ts';
import { oneOf, text } from '../../frame/readers.ts';
import { record } from '../../frame/table.ts';
import { refOf, resolveRef } from '../../service/refs.ts';
import { orEnd, serviceCommand } from '../../service/serviceCommand.ts';
import { given } from '../../show/given.ts';
import { listText } from '../../show/lists.ts';
import { limitOf, pagingParts } from '../../show/paging.ts';
import { snapshotColumns, snapshotFields } from '../../show/snapshots.ts';

export const snapshotList = serviceCommand({
  words: 'snapshot list',
  summary: 'List snapshots',
  shows: 'sizes',
  takes: {},
  options: {
    volume: maybe('--volume <volume>', 'only those of this volume', refOf('volume')),
    status: maybe('--status <status>', 'only those that stand so; deleted ones are listed only when asked for', oneOf('creating', 'active', 'deleting', 'error', 'deleted')),
    reserved: flag('--reserved', 'internal ones, too, such as the backups of rollbacks'),
    q: maybe('--search <text>', 'part of the name or description, or the beginning of the UUID', text),
    tenant: maybe('--tenant <tenant>', 'only those of this tenant', text),
    ...pagingParts,
  },
  examples: [{ line: 'blockledger snapshot list --volume 1', does: 'the snapshots of volume 1' }],
  run: async ({ volume, status, reserved, q, tenant, all, limit }, { client }, io) => {
    const ref = volume === undefined ? E.right(undefined) : await resolveRef(client, 'volume', volume);
    if (E.isLeft(ref)) return ref;
    const query = { ...given({ status, q, tenant, block_volume_id: ref.right }), ...(reserved ? { reserved } : {}), limit: limitOf(io, { all, limit }) };
    const answered = orEnd(await client.listSnapshots({ query }));
    if (E.isLeft(answered)) return answered;
    const { body } = answered.right;
    return E.right({ json: body, show: (screen) => listText(screen, { columns: snapshotColumns(io), rows: body.block_snapshots, noun: 'snapshot', paging: body.paging }) });
  },
});

export const snapshotShow = serviceCommand({
  words: 'snapshot show',
  summary: 'Show everything about a snapshot',
  shows: 'sizes',
  takes: { snapshot: needed('<snapshot>', 'its number, UUID or name', refOf('snapshot')) },
  options: {},
  examples: [{ line: 'blockledger snapshot show 1', does: 'snapshot 1' }],
  run: async ({ snapshot }, { client }, io) => {
    const ref = await resolveRef(client, 'snapshot', snapshot);
    if (E.isLeft(ref)) return ref;
    const answered = orEnd(await client.getSnapshot({ path: { snapshot: ref.right }, query: { gone: true } }));
    if (E.isLeft(answered)) return answered;
    const { body } = answered.right;
    return E.right({ json: body, show: (screen) => record(snapshotFields(io), body.block_snapshot, screen) });
  },
});
