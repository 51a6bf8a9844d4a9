/** `blockledger pool list`, `pool show`. */
import * as E from 'fp-ts/lib/Either.js';
import { maybe, needed } from '../../frame/parts.ts';
import { oneOf } from '../../frame/readers.ts';
import { record } from '../../frame/table.ts';
import { refOf, resolveRef } from '../../service/refs.ts';
import { orEnd, serviceCommand } from '../../service/serviceCommand.ts';
import { given } from '../../show/given.ts';
import { listText } from '../../show/lists.ts';
import { limitOf, pagingParts } from '../../show/paging.ts';
import { poolColumns, poolFields } from '../../show/pools.ts';

export const poolList = serviceCommand({
  words: 'pool list',
  summary: 'List pools',
  shows: 'sizes',
  takes: {},
  options: { status: maybe('--status <status>', 'only those that stand so; retired ones are listed only when asked for', oneOf('registering', 'active', 'retired')), ...pagingParts },
  examples: [{ line: 'blockledger pool list', does: 'the pools' }],
  run: async ({ status, all, limit }, { client }, io) => {
    const answered = orEnd(await client.listPools({ query: { ...given({ status }), limit: limitOf(io, { all, limit }) } }));
    if (E.isLeft(answered)) return answered;
    const { body } = answered.right;
    return E.right({ json: body, show: (screen) => listText(screen, { columns: poolColumns(io), rows: body.pools, noun: 'pool', paging: body.paging }) });
  },
});

export const poolShow = serviceCommand({
  words: 'pool show',
  summary: 'Show everything about a pool, and ask its backend how full it is',
  shows: 'sizes',
  takes: { pool: needed('<pool>', 'its number, UUID or name', refOf('pool')) },
  options: {},
  examples: [{ line: 'blockledger pool show vols', does: 'the pool named vols' }],
  run: async ({ pool }, { client }, io) => {
    const ref = await resolveRef(client, 'pool', pool);
    if (E.isLeft(ref)) return ref;
    const answered = orEnd(await client.getPool({ path: { pool: ref.right }, query: { stats: true, gone: true } }));
    if (E.isLeft(answered)) return answered;
    const { body } = answered.right;
    return E.right({ json: body, show: (screen) => record(poolFields(io), body.pool, screen) });
  },
});
