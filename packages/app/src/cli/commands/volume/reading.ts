/** `blockledger volume list`, `volume show`. */
import * as E from 'fp-ts/lib/Either.js';
import { maybe } from '../../frame/parts.ts';
import { oneOf, text } from '../../frame/readers.ts';
import { listCommand } from '../../service/list.ts';
import { recordCommand } from '../../service/record.ts';
import { refOf, resolveMaybe } from '../../service/refs.ts';
import { orEnd } from '../../service/serviceCommand.ts';
import { given } from '../../show/given.ts';
import { volumeColumns, volumeFields } from '../../show/volumes.ts';

export const volumeList = listCommand({
  words: 'volume list',
  summary: 'List volumes',
  noun: 'volume',
  shows: 'sizes',
  options: {
    pool: maybe('--pool <pool>', 'only those of this pool', refOf('pool')),
    status: maybe('--status <status>', 'only those that stand so; deleted ones are listed only when asked for', oneOf('creating', 'active', 'trashed', 'deleted', 'disowned')),
    hidden: maybe('--hidden <which>', 'hidden ones only (true), others only (false, the default), or all', oneOf('true', 'false', 'all')),
    q: maybe('--search <text>', 'part of the name or description, or the beginning of the UUID or serial number', text),
    tenant: maybe('--tenant <tenant>', 'only those of this tenant', text),
  },
  examples: [
    { line: 'blockledger volume list', does: 'the volumes' },
    { line: 'blockledger volume list --search db --json', does: 'those with "db" in their names, for a script' },
  ],
  call: async (client, { pool, status, hidden, q, tenant }, limit) => {
    const ref = await resolveMaybe(client, 'pool', pool);
    if (E.isLeft(ref)) return ref;
    const shown = hidden === undefined ? {} : { hidden: hidden === 'all' ? hidden : hidden === 'true' };
    return orEnd(await client.listVolumes({ query: { ...given({ status, q, tenant, pool_id: ref.right }), ...shown, limit } }));
  },
  rows: (body) => body.block_volumes,
  columns: volumeColumns,
});

export const volumeShow = recordCommand({
  kind: 'volume',
  words: 'volume show',
  summary: 'Show everything about a volume',
  shows: 'sizes',
  examples: [{ line: 'blockledger volume show 1', does: 'volume 1' }],
  call: async (client, volume) => client.getVolume({ path: { volume }, query: { gone: true } }),
  resource: (body) => body.block_volume,
  fields: volumeFields,
});
