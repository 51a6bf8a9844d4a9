/** Why a VIP group refuses. */
import type { Refusal } from '../kernel/refusal.ts';
import { refusalsOf } from '../kernel/refusals.ts';

/** Every reason for which a VIP group refuses: the rule, where it is written, and the way out. */
export const vipGroupRefusals = {
  VipGroupNotFound: { rule: 'vipGroupExists', spec: 'S0-16', remedy: 'check the id' },
  VipGroupAlreadyExists: { rule: 'vipGroupIsNew', spec: 'S0-16', remedy: 'use a new command id for a new VIP group' },
  VipGroupIsBusy: { rule: 'vipGroupIsActive', spec: 'S0-79', remedy: 'wait until the operation that runs has ended' },
  AccessPathNotFound: { rule: 'accessPathExists', spec: 'S0-67', remedy: 'check the id' },
  NetworkIsNotAllowed: { rule: 'validNetwork', spec: 'S0-67', remedy: 'give an IPv4 network such as 10.252.1.0/24' },
  CapabilityIsMissing: { rule: 'backendCan', spec: 'R-13', remedy: 'use an access path on gateways: virtual IPs need hosts that serve portals which are not their own yet' },
  NoMembers: { rule: 'hasMembers', spec: 'R-15', remedy: 'give a host of the access path a gateway address in the network, and a backend of virtual IPs' },
  SegmentsDiffer: { rule: 'oneSegment', spec: 'R-16', remedy: 'use gateway addresses of one segment: VRRP does not go beyond it' },
  NoVips: { rule: 'hasVips', spec: 'S0-79', remedy: 'name at least one virtual IP' },
  TooManyVips: { rule: 'roomForVip', spec: 'S0-70', remedy: 'make another VIP group for the rest' },
  VipIsOutside: { rule: 'vipInside', spec: 'R-15', remedy: 'choose an address of a host inside the group’s network' },
  MaskIsNotAllowed: { rule: 'validMask', spec: 'S0-76', remedy: 'use 32, or the prefix of the network' },
  VipIsThereTwice: { rule: 'vipsDiffer', spec: 'R-15', remedy: 'name each address once' },
  PreferredIsNoMember: { rule: 'preferredIsMember', spec: 'S0-67', remedy: 'prefer a gateway address, inside the network, of a host with a target of the access path: each host takes part by one' },
  NoVridIsFree: { rule: 'vridIsLeft', spec: 'R-16', remedy: 'remove virtual IPs of the segment, or whoever else speaks VRRP there' },
  VipNotFound: { rule: 'vipExists', spec: 'S0-79', remedy: 'check the id' },
  LastVip: { rule: 'vipRemains', spec: 'S0-79', remedy: 'delete the group' },
  MemberNotFound: { rule: 'memberExists', spec: 'R-14', remedy: 'check the id of the network address' },
  MemberAlreadyThere: { rule: 'memberIsNew', spec: 'R-14', remedy: 'leave it: each host takes part by one of its addresses' },
  LastMember: { rule: 'memberRemains', spec: 'R-14', remedy: 'add another network address first, or delete the group' },
  MemberIsPreferred: { rule: 'memberNotPreferred', spec: 'R-14', remedy: 'remove the virtual IPs that prefer it first' },
  StillHasSessions: { rule: 'nobodyUsesIt', spec: 'R-12', remedy: 'log the initiators out, or send it with force: they log in again by the physical portals' },
  SessionsAreUnknown: { rule: 'sessionsKnown', spec: 'R-12', remedy: 'bring the host back, or send it with force; of a backend that shows no sessions look first that nobody is logged in' },
  NothingToRetry: { rule: 'somethingFailed', spec: 'I-2', remedy: 'look at the task: nothing of it has failed for good' },
} as const;

/** The names of a VIP group's refusals. */
export type VipGroupRefusalTag = keyof typeof vipGroupRefusals;
/** A refusal by a VIP group. */
export type VipGroupRefusal = Refusal & { readonly _tag: VipGroupRefusalTag };

/**
 * Makes a refusal by a VIP group: its tag, the sentence that says the fact, and the values compared.
 *
 * @example
 * import { refuseVipGroup } from '@blockledger/domain';
 * refuseVipGroup('LastVip', 'it has one virtual IP', { value: 0, limit: 1 }).rule; // => 'vipRemains'
 */
export const refuseVipGroup = refusalsOf<VipGroupRefusalTag>(vipGroupRefusals);
