/** `blockledger pool list`, `pool show`. */
import { maybe } from '../../frame/parts.ts';
import { oneOf } from '../../frame/readers.ts';
import { listCommand } from '../../service/list.ts';
import { recordCommand } from '../../service/record.ts';
import { orEnd } from '../../service/serviceCommand.ts';
import { given } from '../../show/given.ts';
import { poolColumns, poolFields } from '../../show/pools.ts';

export const poolList = listCommand({
  words: 'pool list',
  summary: 'List pools',
  noun: 'pool',
  shows: 'sizes',
  options: { status: maybe('--status <status>', 'only those that stand so; retired ones are listed only when asked for', oneOf('registering', 'active', 'retired')) },
  examples: [{ line: 'blockledger pool list', does: 'the pools' }],
  call: async (client, { status }, limit) => orEnd(await client.listPools({ query: { ...given({ status }), limit } })),
  rows: (body) => body.pools,
  columns: poolColumns,
});

export const poolShow = recordCommand({
  kind: 'pool',
  words: 'pool show',
  summary: 'Show everything about a pool, and ask its backend how full it is',
  shows: 'sizes',
  examples: [{ line: 'blockledger pool show vols', does: 'the pool named vols' }],
  call: async (client, pool) => client.getPool({ path: { pool }, query: { stats: true, gone: true } }),
  resource: (body) => body.pool,
  fields: poolFields,
});
