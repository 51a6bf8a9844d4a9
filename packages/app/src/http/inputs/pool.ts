/** What bodies about pools mean. */
import type { NewPool } from '../../api/bodies/pool.ts';
import type { RegisterPoolInput } from '../../engine/requests.ts';

/** A pool of a backend that this control plane was configured with. */
export const registerPoolInput = (pool: NewPool): RegisterPoolInput => ({
  name: pool.name,
  placement: { backend: pool.backend, pool: pool.pool_name, ...(pool.data_pool_name === undefined ? {} : { dataPool: pool.data_pool_name }) },
  ...(pool.pool_type === undefined ? {} : { poolType: pool.pool_type }),
  ...(pool.over_subscription_ratio === undefined ? {} : { overSubscriptionRatio: pool.over_subscription_ratio }),
});
