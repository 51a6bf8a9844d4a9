/** What views of one kind look up of others: names, numbers, what this process has. */
import { failuresOf, type NotReady, type PoolId, type Troubles, type VrrpState } from '@blockledger/domain';
import type { ResourceLink } from '../pathViews.ts';
import type { ResourceStates } from '../states.ts';
import { stepOf, type Wording } from '../stepWords.ts';
import type { FailureView } from '../views.ts';

/** Looks into other streams for names and numbers; undefined where they are not known. */
export interface Lookup extends ResourceStates, Present {
  readonly volumeCount: (poolId: string) => number;
}

/** The first failure that waits for somebody. */
export const failureView = (troubles: Troubles, inWords: Wording = (step) => step): FailureView | null => {
  const [first] = failuresOf(troubles);
  if (first === undefined) return null;
  const [work, { operationId, error, since }] = first;
  return { operationId, work, step: inWords(stepOf(work)), error, since };
};

/** A pool's number and name, null where it is not known (I-29). */
export const poolOf = (lookup: Lookup, poolId: PoolId): { readonly number: number | null; readonly name: string | null } => {
  const pool = lookup.poolState(poolId)?.pool;
  return { number: pool?.number ?? null, name: pool?.name ?? null };
};

/** What is known of an instance of a virtual IP since this process last looked. */
export interface SeenInstanceNote {
  readonly state: VrrpState;
  readonly holds: boolean;
  readonly notReady: NotReady | null;
  /** In ms since 1970. */
  readonly at: number;
}

/** What this process has, and has seen. */
export interface Present {
  readonly hasBackend: (name: string) => boolean;
  /** A backend of targets. */
  readonly hasTargets: (name: string) => boolean;
  /** A backend of virtual IPs. */
  readonly hasVips: (name: string) => boolean;
  readonly seenInstance: (vipId: string, networkAddressId: string) => SeenInstanceNote | undefined;
}

const linkOf = (id: string, found: { readonly number: number | null; readonly name: string } | null | undefined): ResourceLink => ({ id, number: found?.number ?? null, name: found?.name ?? null });

export const hostLink = (lookup: Lookup, id: string): ResourceLink => linkOf(id, lookup.hostState(id)?.host);
export const clientGroupLink = (lookup: Lookup, id: string): ResourceLink => linkOf(id, lookup.clientGroupState(id)?.group);
export const accessPathLink = (lookup: Lookup, id: string): ResourceLink => linkOf(id, lookup.accessPathState(id)?.path);
export const volumeLink = (lookup: Lookup, id: string): ResourceLink => linkOf(id, lookup.volumeState(id)?.volume);
