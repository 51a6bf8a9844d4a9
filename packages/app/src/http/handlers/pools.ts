/** `/pools`. */
import * as E from 'fp-ts/lib/Either.js';
import type { poolOperations } from '../../api/operations/pools.ts';
import { registerPoolInput } from '../inputs/pool.ts';
import { problemOf } from '../problems.ts';
import { pageOf } from '../query.ts';
import { pagingBody } from '../views/common.ts';
import { poolBody, statsBody } from '../views/pool.ts';
import { ok, type Handlers } from './handler.ts';
import { look, lookBack } from './looking.ts';

export const poolHandlers: Handlers<typeof poolOperations> = {
  listPools: async (plane, { query }) => {
    const { name, status, q } = query;
    const page = plane.pools.list({ ...pageOf(query), ...(name === undefined ? {} : { name }), ...(status === undefined ? {} : { status }), ...(q === undefined ? {} : { q }) });
    return ok({ pools: page.items.map(poolBody), paging: pagingBody(page) });
  },
  getPool: async (plane, { path, query }) => {
    const pool = plane.pools.get(path.pool);
    if (query.stats !== true || query.at !== undefined || pool === undefined) return look(plane, 'pool', path.pool, { view: pool, at: query.at });
    // A backend that does not answer takes nothing away from what is known of the pool.
    const stats = await plane.pools.stats(pool.id);
    return ok({ pool: { ...poolBody(pool), ...(E.isLeft(stats) ? { stats: null, stats_problem: problemOf(stats.left) } : { stats: statsBody(stats.right) }) } });
  },
  getPoolHistory: async (plane, { path }) => lookBack(plane, 'pool', path.pool),
  registerPool: ({ body }) => E.right({ do: 'registerPool', input: registerPoolInput(body.pool) }),
  updatePool: ({ path, body }) => E.right({ do: 'updatePool', pool: path.pool, input: { overSubscriptionRatio: body.pool.over_subscription_ratio } }),
  retirePool: ({ path }) => E.right({ do: 'retirePool', pool: path.pool }),
  pausePool: ({ path, body }) => E.right({ do: 'pausePool', pool: path.pool, input: body.pool }),
  resumePool: ({ path }) => E.right({ do: 'resumePool', pool: path.pool }),
  acceptRestoredLog: async (plane, { path }) => E.chain(() => ok({ done: true }))(await plane.acceptRestoredLog(path.pool)),
};
