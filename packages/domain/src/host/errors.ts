/** Why a host refuses. */
import type { Refusal } from '../kernel/refusal.ts';
import { refusalsOf } from '../kernel/refusals.ts';

/** Every reason for which a host refuses: the rule, where it is written, and the way out. */
export const hostRefusals = {
  HostNotFound: { rule: 'hostExists', spec: 'S0-16', remedy: 'register the host first' },
  HostAlreadyExists: { rule: 'hostIsNew', spec: 'S0-16', remedy: 'use a new command id for a new host' },
  NameIsNotAllowed: { rule: 'validName', spec: 'S0-12', remedy: 'use 1 to 255 characters without @, / and control characters' },
  HostServesNothing: { rule: 'hostServes', spec: 'S0-98', remedy: 'name the backend of its targets, of its virtual IPs, or both' },
  BackendIsUnknown: { rule: 'backendsKnown', spec: 'S0-98', remedy: 'add the backend to the configuration of this control plane' },
  HostIsUnknownToBackend: { rule: 'backendReachesHost', spec: 'S0-98', remedy: 'add the host to the options of the backend, under the same name' },
  AddressIsNotAllowed: { rule: 'validAddress', spec: 'S0-66', remedy: 'give an IPv4 address without leading zeros, with a prefix from 1 to 32 in whose network a host may have it' },
  AddressAlreadyThere: { rule: 'addressIsNew', spec: 'R-15', remedy: 'leave it, or remove the other one first' },
  TooManyAddresses: { rule: 'roomForAddress', spec: 'I-12', remedy: 'remove an address that nobody uses' },
  AddressNotFound: { rule: 'addressExists', spec: 'S0-66', remedy: 'check the id' },
  AddressIsInUse: { rule: 'addressUnused', spec: 'R-14', remedy: 'take the host out of the access paths and VIP groups that use it first' },
  ReasonIsTooLong: { rule: 'reasonFits', spec: 'S0-16', remedy: 'say it in at most 255 characters' },
  HostIsInUse: { rule: 'unused', spec: 'I-26', remedy: 'remove its targets from the access paths first' },
  AdmittedJustNow: { rule: 'admissionIsOld', spec: 'I-21', remedy: 'look once more: what was seen is older than the admission' },
  PortalTaken: { rule: 'portalIsFree', spec: 'S0-95', remedy: 'use a host of its own for each access path: on this backend every access path has a daemon of its own, and two of them cannot listen on one portal' },
  HostHasNoTargets: { rule: 'servesTargets', spec: 'S0-98', remedy: 'use a host that has a backend for targets, and a gateway address where the backend has no portals of its own' },
} as const;

/** The names of a host's refusals. */
export type HostRefusalTag = keyof typeof hostRefusals;
/** A refusal by a host. */
export type HostRefusal = Refusal & { readonly _tag: HostRefusalTag };

/**
 * Makes a refusal by a host: its tag, the sentence that says the fact, and the values compared.
 *
 * @example
 * import { refuseHost } from '@blockledger/domain';
 * refuseHost('HostIsInUse', 'access path 3 has a target on it').rule; // => 'unused'
 */
export const refuseHost = refusalsOf<HostRefusalTag>(hostRefusals);
