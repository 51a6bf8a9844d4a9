/** The one pool that a driver serves: `get_pool` and `get_pool_stats` (S1-41). */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { PoolBody } from '../../api/bodies/pool.ts';
import { cinderError, type Asked } from '../errors.ts';
import type { PoolFigures } from '../formats/stats.ts';
import { ask, type Service } from './service.ts';

const absent = (name: string): Asked<never> => TE.left(cinderError('VolumeBackendAPIException', 'PoolNotFound', `there is no pool "${name}" in service; register it first`));

/** A pool in service, by its name. Refused as `VolumeBackendAPIException` where there is none (S1-28). */
export const getPool = ({ client }: Service, name: string): Asked<PoolBody> =>
  pipe(
    ask(() => client.listPools({ query: { name, status: 'active', limit: 1 } })),
    TE.chain(({ pools: [pool] }) => (pool === undefined ? absent(name) : TE.right(pool))),
  );

/** What its backend can do; null where the service has no such backend just now. */
export const abilities = ({ client }: Service, { backend }: Pick<PoolBody, 'backend'>): Asked<Readonly<Record<string, unknown>> | null> =>
  pipe(
    ask(() => client.getBackend({ path: { backend } })),
    TE.map(({ backend: { capabilities } }) => capabilities),
  );

/** Live numbers of the pool. Refused where the backend does not answer: old numbers would draw volumes to it. */
export const getPoolStats = (service: Service, name: string, multiattach: boolean): Asked<PoolFigures> =>
  pipe(
    TE.Do,
    TE.bind('pool', () => getPool(service, name)),
    TE.bind('can', ({ pool }) => abilities(service, pool)),
    TE.bind('seen', ({ pool }) => ask(() => service.client.getPool({ path: { pool: pool.uuid }, query: { stats: true } }))),
    TE.chainEitherK(({ can, seen: { pool } }) => {
      const { stats, stats_problem: problem } = pool;
      if (stats === undefined || stats === null) return E.left(cinderError('VolumeBackendAPIException', 'BackendUnavailable', problem?.detail ?? `pool "${name}" does not tell how full it is`));
      const { provisioned_size: provisionedBytes, over_subscription_ratio: overSubscriptionRatio } = pool;
      return E.right({ name, totalBytes: stats.total_size, freeBytes: stats.free_size, provisionedBytes, overSubscriptionRatio, multiattach, onlineExtend: can?.['onlineExtend'] === true });
    }),
  );
