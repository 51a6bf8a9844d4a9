/** What views of one kind look up of others: names, numbers, what this process has. */
import type { FailureView } from '../views.ts';
import type { ResourceStates } from '../states.ts';
import { failuresOf, type PoolId, type Troubles } from '@blockledger/domain';

/** Looks into other streams for names and numbers; undefined where they are not known. */
export interface Lookup extends ResourceStates {
  readonly hasBackend: (name: string) => boolean;
  readonly volumeCount: (poolId: string) => number;
}

/** The first failure that waits for somebody. */
export const failureView = (troubles: Troubles): FailureView | null => {
  const [first] = failuresOf(troubles);
  if (first === undefined) return null;
  const [work, { operationId, error, since }] = first;
  return { operationId, work, error, since };
};

/** A pool's number and name, null where it is not known (I-29). */
export const poolOf = (lookup: Lookup, poolId: PoolId): { readonly number: number | null; readonly name: string | null } => {
  const pool = lookup.poolState(poolId)?.pool;
  return { number: pool?.number ?? null, name: pool?.name ?? null };
};
