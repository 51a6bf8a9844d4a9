/** `blockledger volume list`, `volume show`. */
import * as E from 'fp-ts/lib/Either.js';
import { maybe, needed } from '../../frame/parts.ts';
import { oneOf, text } from '../../frame/readers.ts';
import { record } from '../../frame/table.ts';
import { refOf, resolveRef } from '../../service/refs.ts';
import { orEnd, serviceCommand } from '../../service/serviceCommand.ts';
import { given } from '../../show/given.ts';
import { listText } from '../../show/lists.ts';
import { limitOf, pagingParts } from '../../show/paging.ts';
import { volumeColumns, volumeFields } from '../../show/volumes.ts';

export const volumeList = serviceCommand({
  words: 'volume list',
  summary: 'List volumes',
  shows: 'sizes',
  takes: {},
  options: {
    pool: maybe('--pool <pool>', 'only those of this pool', refOf('pool')),
    status: maybe('--status <status>', 'only those that stand so; deleted ones are listed only when asked for', oneOf('creating', 'active', 'trashed', 'deleted', 'disowned')),
    hidden: maybe('--hidden <which>', 'hidden ones only (true), others only (false, the default), or all', oneOf('true', 'false', 'all')),
    q: maybe('--search <text>', 'part of the name or description, or the beginning of the UUID or serial number', text),
    tenant: maybe('--tenant <tenant>', 'only those of this tenant', text),
    ...pagingParts,
  },
  examples: [
    { line: 'blockledger volume list', does: 'the volumes' },
    { line: 'blockledger volume list --search db --json', does: 'those with "db" in their names, for a script' },
  ],
  run: async ({ pool, status, hidden, q, tenant, all, limit }, { client }, io) => {
    const poolRef = pool === undefined ? E.right(undefined) : await resolveRef(client, 'pool', pool);
    if (E.isLeft(poolRef)) return poolRef;
    const shown = hidden === undefined ? {} : { hidden: hidden === 'all' ? hidden : hidden === 'true' };
    const answered = orEnd(await client.listVolumes({ query: { ...given({ status, q, tenant, pool_id: poolRef.right }), ...shown, limit: limitOf(io, { all, limit }) } }));
    if (E.isLeft(answered)) return answered;
    const { body } = answered.right;
    return E.right({ json: body, show: (screen) => listText(screen, { columns: volumeColumns(io), rows: body.block_volumes, noun: 'volume', paging: body.paging }) });
  },
});

export const volumeShow = serviceCommand({
  words: 'volume show',
  summary: 'Show everything about a volume',
  shows: 'sizes',
  takes: { volume: needed('<volume>', 'its number, UUID or name', refOf('volume')) },
  options: {},
  examples: [{ line: 'blockledger volume show 1', does: 'volume 1' }],
  run: async ({ volume }, { client }, io) => {
    const ref = await resolveRef(client, 'volume', volume);
    if (E.isLeft(ref)) return ref;
    const answered = orEnd(await client.getVolume({ path: { volume: ref.right }, query: { gone: true } }));
    return E.map(({ body }: { readonly body: { readonly block_volume: Parameters<ReturnType<typeof volumeFields>[number]['cell']>[0] } }) => ({
      json: body,
      show: (screen: typeof io.screen) => record(volumeFields(io), body.block_volume, screen),
    }))(answered);
  },
});
