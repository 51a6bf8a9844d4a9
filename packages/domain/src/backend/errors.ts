/** Why a backend's aggregate refuses. */
import type { Refusal } from '../kernel/refusal.ts';
import { refusalsOf } from '../kernel/refusals.ts';

/** Every reason for which a backend's aggregate refuses: the rule, where it is written, and the way out. */
export const backendRefusals = {
  BackendIsUnknown: { rule: 'backendKnown', spec: 'S0-16', remedy: 'check the name: this control plane has no such backend, and no pool is on one' },
  ReasonIsTooLong: { rule: 'reasonFits', spec: 'S0-16', remedy: 'give a shorter reason' },
} as const;

/** The names of the refusals of a backend's aggregate. */
export type BackendRefusalTag = keyof typeof backendRefusals;
/** A refusal by a backend's aggregate. */
export type BackendRefusal = Refusal & { readonly _tag: BackendRefusalTag };

/**
 * Makes a refusal by a backend's aggregate: its tag, the sentence that says the fact, and the values compared.
 *
 * @example
 * import { refuseBackend } from '@blockledger/domain';
 * refuseBackend('BackendIsUnknown', 'there is no backend "ceph2"').rule; // => 'backendKnown'
 */
export const refuseBackend = refusalsOf<BackendRefusalTag>(backendRefusals);
