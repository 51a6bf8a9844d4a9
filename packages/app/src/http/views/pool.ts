/** A pool, and its live numbers. */
import type { PoolStats } from '@blockledger/domain';
import type { PoolBody, StatsBody } from '../../api/bodies/pool.ts';
import type { PoolView } from '../../queries/views.ts';
import { moment } from './common.ts';

/** The resource inside `pool`. */
export const poolBody = (pool: PoolView): PoolBody => ({
  id: pool.number,
  uuid: pool.id,
  name: pool.name,
  status: pool.status,
  health: pool.health,
  paused: pool.paused,
  backend_paused: pool.backendPaused,
  pool_type: pool.poolType,
  backend: pool.placement.backend,
  pool_name: pool.placement.pool,
  data_pool_name: pool.placement.dataPool ?? null,
  over_subscription_ratio: pool.overSubscriptionRatio,
  backend_present: pool.backendPresent,
  cluster: pool.identity?.cluster ?? null,
  provisioned_size: pool.provisionedBytes,
  block_volume_num: pool.volumeCount,
});

/** Live numbers of a pool, asked of the backend. */
export const statsBody = (stats: PoolStats): StatsBody => ({
  total_size: stats.totalBytes,
  used_size: stats.usedBytes,
  free_size: stats.freeBytes,
  at: moment(stats.atMs),
});
