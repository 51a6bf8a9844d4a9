/** `/pools`. */
import * as E from 'fp-ts/lib/Either.js';
import type { poolOperations } from '../../api/operations/pools.ts';
import type { PoolView } from '../../queries/views.ts';
import { registerPoolInput } from '../inputs/pool.ts';
import { problemOf } from '../refusing/problems.ts';
import { pageOf } from '../requests/query.ts';
import { poolBody, statsBody } from '../views/pool.ts';
import { ok, type Handlers } from './handler.ts';
import { listOf, look, lookBack } from './looking.ts';

const shown = listOf<PoolView>('pools');

export const poolHandlers: Handlers<typeof poolOperations> = {
  listPools: async (plane, { query }) => {
    const { name, status, q } = query;
    const filter = { ...pageOf(query), ...(name === undefined ? {} : { name }), ...(q === undefined ? {} : { q }) };
    if (status === 'retired') return E.chain(shown)(await plane.pools.listGone({ ...filter, status }));
    return E.chain(shown)(plane.pools.page({ ...filter, ...(status === undefined ? {} : { status }) }));
  },
  getPool: async (plane, { path, query }) => {
    const pool = plane.pools.get(path.pool);
    if (query.stats !== true || query.at !== undefined || pool === undefined) return look(plane, { kind: 'pool', ref: path.pool, source: plane.pools }, query);
    // A backend that does not answer takes nothing away from what is known of the pool.
    const stats = await plane.pools.stats(pool.id);
    return ok({ pool: { ...poolBody(pool), ...(E.isLeft(stats) ? { stats: null, stats_problem: problemOf(stats.left) } : { stats: statsBody(stats.right) }) } });
  },
  getPoolHistory: async (plane, { path }) => lookBack(plane, 'pool', path.pool),
  registerPool: ({ body }) => E.right({ do: 'registerPool', input: registerPoolInput(body.pool) }),
  updatePool: ({ path, body }) => E.right({ do: 'updatePool', pool: path.pool, input: { overSubscriptionRatio: body.pool.over_subscription_ratio } }),
  retirePool: ({ path }) => E.right({ do: 'retirePool', pool: path.pool }),
  reportPoolHealth: ({ path, body }) => E.right({ do: 'reportPoolHealth', pool: path.pool, input: body.pool }),
  pausePool: ({ path, body }) => E.right({ do: 'pausePool', pool: path.pool, input: body.pool }),
  resumePool: ({ path }) => E.right({ do: 'resumePool', pool: path.pool }),
  acceptRestoredLog: (plane, { path: { pool }, options }) =>
    E.right({ request: { do: 'acceptRestoredLog', pool }, run: async () => E.chain(() => ok({ done: true }))(await plane.acceptRestoredLog(pool, options)) }),
};
