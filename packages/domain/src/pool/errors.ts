/** Why a pool refuses. */
import type { Refusal } from '../kernel/refusal.ts';
import { refusalsOf } from '../kernel/refusals.ts';

/** Every reason for which a pool refuses: the rule, where it is written, and the way out. */
export const poolRefusals = {
  PoolNotFound: { rule: 'poolExists', spec: 'S0-16', remedy: 'register the pool first' },
  PoolAlreadyExists: { rule: 'poolIsNew', spec: 'S0-16', remedy: 'use a new command id for a new pool' },
  NameIsNotAllowed: { rule: 'validName', spec: 'S0-12', remedy: 'use 1 to 255 characters without @, / and control characters' },
  BackendIsUnknown: { rule: 'backendKnown', spec: 'S0-16', remedy: 'add the backend to the configuration of this control plane' },
  CapabilityIsMissing: { rule: 'backendCan', spec: 'S0-9', remedy: 'use a backend that has this capability' },
  DataPoolIsMissing: { rule: 'erasureNeedsDataPool', spec: 'R-5', remedy: 'name a replicated pool for the heads and the erasure-coded one as data pool' },
  RatioOutOfRange: { rule: 'ratioInRange', spec: 'S1-29', remedy: 'choose an over-subscription ratio between 1 and 1000' },
  PoolIsNotEmpty: { rule: 'empty', spec: 'I-26', remedy: 'delete or disown the volumes of the pool first' },
} as const;

/** The names of a pool's refusals. */
export type PoolRefusalTag = keyof typeof poolRefusals;
/** A refusal by a pool. */
export type PoolRefusal = Refusal & { readonly _tag: PoolRefusalTag };

/**
 * Makes a refusal by a pool: its tag, the sentence that says the fact, and the values compared.
 *
 * @example
 * import { refusePool } from '@blockledger/domain';
 * refusePool('PoolIsNotEmpty', 'it holds 1 volume', { value: 1, limit: 0 }).rule; // => 'empty'
 */
export const refusePool = refusalsOf<PoolRefusalTag>(poolRefusals);
