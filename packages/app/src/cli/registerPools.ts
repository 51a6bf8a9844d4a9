/** Makes the pools of a configuration known. Doing it again changes nothing. */
import * as E from 'fp-ts/lib/Either.js';
import type { ControlPlane } from '../engine/controlPlane.ts';
import type { PoolView } from '../queries/views.ts';
import type { PoolConfig } from './config.ts';
import { ending, type Ending } from './exit.ts';

const CONFIGURED = { issuedBy: 'config' };
/** A backend that is slow or down does not hold up the start for longer. */
const PATIENCE_MS = 5_000;

const differs = (pool: PoolView, config: PoolConfig): string | undefined => {
  const { placement } = pool;
  if (placement.backend !== config.backend) return 'backend';
  if (placement.pool !== config.pool) return 'pool';
  if (placement.dataPool !== config.dataPool) return 'dataPool';
  return pool.poolType === (config.poolType ?? 'replicated') ? undefined : 'poolType';
};

/** The pool's id derives from its name, so two starts at once make one pool. */
const register = async (plane: ControlPlane, name: string, { backend, pool, dataPool, poolType, overSubscriptionRatio }: PoolConfig): Promise<E.Either<Ending, void>> => {
  const input = {
    name,
    placement: { backend, pool, ...(dataPool === undefined ? {} : { dataPool }) },
    ...(poolType === undefined ? {} : { poolType }),
    ...(overSubscriptionRatio === undefined ? {} : { overSubscriptionRatio }),
  };
  const registered = await plane.registerPool(input, { ...CONFIGURED, idempotencyKey: `pool ${name}` });
  if (E.isLeft(registered)) return E.left(ending('config', `pools.${name} is refused: ${registered.left.message}`, registered.left.remedy));
  const { task } = registered.right;
  if (task !== null) await plane.tasks.await(task.id, PATIENCE_MS);
  return E.right(undefined);
};

const ensure = async (plane: ControlPlane, name: string, config: PoolConfig): Promise<E.Either<Ending, void>> => {
  const known = plane.pools.get(name);
  if (known === undefined) return register(plane, name, config);
  const field = differs(known, config);
  if (field !== undefined) return E.left(ending('config', `pools.${name}.${field} is not what the pool was registered with`, 'give the other pool another name'));
  const ratio = config.overSubscriptionRatio;
  if (ratio === undefined || ratio === known.overSubscriptionRatio) return E.right(undefined);
  const updated = await plane.updatePool(known.id, { overSubscriptionRatio: ratio }, CONFIGURED);
  return E.isLeft(updated) ? E.left(ending('config', `pools.${name}.overSubscriptionRatio is refused: ${updated.left.message}`)) : E.right(undefined);
};

/** All of them, in the order of the file, so that their integers are the same everywhere. */
export const registerPools = async (plane: ControlPlane, pools: Readonly<Record<string, PoolConfig>>): Promise<E.Either<Ending, void>> => {
  for (const [name, config] of Object.entries(pools)) {
    const ensured = await ensure(plane, name, config);
    if (E.isLeft(ensured)) return ensured;
  }
  return E.right(undefined);
};
