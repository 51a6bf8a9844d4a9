/** Pools, and their live numbers. */
import * as t from 'io-ts';
import { MAX_OVER_SUBSCRIPTION, MIN_OVER_SUBSCRIPTION } from '@blockledger/domain';
import { closed } from '../closed.ts';
import { Finite, Flag, Id, Moment, nullable, Text, UuidText, Whole, wordOf } from '../fields.ts';
import { ProblemBody } from '../problem.ts';
import { described, named } from '../schema.ts';
import { NameField } from './volume.ts';

const Ratio = described(t.refinement(Finite, () => true, Finite.name), { type: 'number', minimum: MIN_OVER_SUBSCRIPTION, maximum: MAX_OVER_SUBSCRIPTION });
const PoolTypeWord = wordOf('replicated', 'erasure');

/** `POST /pools`: a pool of a backend that this control plane was configured with. */
export const NewPool = named(
  'NewPool',
  closed({ name: NameField, backend: Text, pool_name: Text }, { data_pool_name: Text, pool_type: PoolTypeWord, over_subscription_ratio: Ratio }),
);
export type NewPool = t.TypeOf<typeof NewPool>;

/** `PATCH /pools/{pool}`. */
export const PoolPatch = named('PoolPatch', closed({ over_subscription_ratio: Ratio }, {}));
const HealthWord = wordOf('online', 'degraded', 'error');
/** How a pool is, as somebody saw it. */
export const HealthBody = named('PoolHealth', closed({ health: HealthWord }, {}));
/** Why work is kept and not run. */
export const PauseBody = named('Pause', closed({ reason: Text }, {}));

/** Live numbers of a pool, asked of the backend. */
export const StatsBody = named('PoolStats', closed({ total_size: Whole, used_size: Whole, free_size: Whole, at: nullable(Moment) }, {}));
export type StatsBody = t.TypeOf<typeof StatsBody>;

const POOL_STATUSES = ['registering', 'active', 'retired', 'refused'] as const;

/** The resource inside `pool`. `stats` is there where it was asked for; null, with the reason, where the backend did not answer. */
export const PoolBody = named(
  'Pool',
  closed(
    {
      id: nullable(Id),
      uuid: UuidText,
      name: Text,
      status: wordOf(...POOL_STATUSES),
      health: HealthWord,
      paused: nullable(Text),
      backend_paused: nullable(Text),
      pool_type: PoolTypeWord,
      backend: Text,
      pool_name: Text,
      data_pool_name: nullable(Text),
      over_subscription_ratio: Finite,
      backend_present: Flag,
      cluster: nullable(Text),
      provisioned_size: Whole,
      block_volume_num: Whole,
    },
    { stats: nullable(StatsBody), stats_problem: ProblemBody },
  ),
);
export type PoolBody = t.TypeOf<typeof PoolBody>;
