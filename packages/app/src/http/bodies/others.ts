/** Bodies about snapshots and pools. */
import { pipe } from 'fp-ts/lib/function.js';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { CreateSnapshotInput, RegisterPoolInput } from '../../engine/requests.ts';
import type { ServiceRefusal } from '../refusals.ts';
import { closed } from './closed.ts';
import { inEnvelope } from './decode.ts';
import { Finite, Ref, Text } from './fields.ts';

const newSnapshot = inEnvelope('block_snapshot', closed({ block_volume_id: Ref, name: Text }, { description: Text }));

const newPool = inEnvelope(
  'pool',
  closed(
    { name: Text, backend: Text, pool_name: Text },
    { data_pool_name: Text, pool_type: t.keyof({ replicated: null, erasure: null }, 'replicated or erasure'), over_subscription_ratio: Finite },
  ),
);

const poolPatch = inEnvelope('pool', closed({ over_subscription_ratio: Finite }, {}));
const pause = inEnvelope('pool', closed({ reason: Text }, {}));

/** `POST /block-snapshots` (S0-60). */
export const decodeNewSnapshot = (body: unknown): E.Either<ServiceRefusal, CreateSnapshotInput> =>
  pipe(
    newSnapshot(body),
    E.map(({ block_volume_id: volume, name, description }) => ({ volume, name, ...(description === undefined ? {} : { description }) })),
  );

/** `POST /pools`: a pool of a backend that this control plane was configured with. */
export const decodeNewPool = (body: unknown): E.Either<ServiceRefusal, RegisterPoolInput> =>
  pipe(
    newPool(body),
    E.map((pool) => ({
      name: pool.name,
      placement: { backend: pool.backend, pool: pool.pool_name, ...(pool.data_pool_name === undefined ? {} : { dataPool: pool.data_pool_name }) },
      ...(pool.pool_type === undefined ? {} : { poolType: pool.pool_type }),
      ...(pool.over_subscription_ratio === undefined ? {} : { overSubscriptionRatio: pool.over_subscription_ratio }),
    })),
  );

/** `PATCH /pools/{id}`. */
export const decodePoolPatch = (body: unknown): E.Either<ServiceRefusal, { readonly overSubscriptionRatio: number }> =>
  pipe(
    poolPatch(body),
    E.map(({ over_subscription_ratio: overSubscriptionRatio }) => ({ overSubscriptionRatio })),
  );

/** `POST /pools/{id}:pause`. */
export const decodePause = (body: unknown): E.Either<ServiceRefusal, { readonly reason: string }> => pause(body);
