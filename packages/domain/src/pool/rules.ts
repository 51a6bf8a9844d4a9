/** What must hold before a pool accepts a command. */
import { nameFault } from '../kernel/names.ts';
import type { Capabilities, Placement } from '../ports/blockBackend.ts';
import type { PoolType } from '../volume/messages.ts';
import { refusePool, type PoolRefusal } from './errors.ts';
import type { PoolDecisionFacts } from './facts.ts';
import { MAX_OVER_SUBSCRIPTION, MIN_OVER_SUBSCRIPTION } from './limits.ts';

export const validName = (name: string): PoolRefusal | undefined => {
  const fault = nameFault(name);
  return fault === undefined ? undefined : refusePool('NameIsNotAllowed', `the name ${JSON.stringify(name)} is not allowed: ${fault}`, { value: name });
};

export const ratioInRange = (ratio: number): PoolRefusal | undefined =>
  ratio >= MIN_OVER_SUBSCRIPTION && ratio <= MAX_OVER_SUBSCRIPTION
    ? undefined
    : refusePool('RatioOutOfRange', `the over-subscription ratio ${ratio} is not between ${MIN_OVER_SUBSCRIPTION} and ${MAX_OVER_SUBSCRIPTION}`, {
        value: ratio,
        limit: ratio < MIN_OVER_SUBSCRIPTION ? MIN_OVER_SUBSCRIPTION : MAX_OVER_SUBSCRIPTION,
      });

export const backendKnown = (capabilities: Capabilities | null, placement: Placement): PoolRefusal | undefined =>
  capabilities === null ? refusePool('BackendIsUnknown', `this control plane has no backend named "${placement.backend}"`, { value: placement.backend }) : undefined;

/** Erasure-coded pools cannot hold image metadata: the heads live in a replicated pool (R-5, V-11). */
export const erasureNeedsDataPool = (poolType: PoolType, placement: Placement, capabilities: Capabilities | null): PoolRefusal | undefined => {
  if (poolType === 'replicated') return undefined;
  if (capabilities?.erasurePools !== true) return refusePool('CapabilityIsMissing', 'the backend has no erasure-coded pools', { value: 'erasurePools' });
  return placement.dataPool === undefined ? refusePool('DataPoolIsMissing', 'an erasure-coded pool needs a data pool beside the pool of the heads', { value: placement.pool }) : undefined;
};

export const empty = ({ provisionedBytes }: PoolDecisionFacts): PoolRefusal | undefined =>
  provisionedBytes === 0 ? undefined : refusePool('PoolIsNotEmpty', `the pool has ${provisionedBytes} bytes provisioned`, { value: provisionedBytes, limit: 0 });
