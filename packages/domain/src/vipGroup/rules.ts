/** What must hold before a VIP group accepts a command. */
import type { SessionFacts } from '../accessPath/facts.ts';
import { isInside, networkOf } from '../kernel/addresses.ts';
import { failuresOf } from '../kernel/troubles.ts';
import { capabilityWords } from '../ports/capabilityWords.ts';
import { refuseVipGroup, type VipGroupRefusal } from './errors.ts';
import type { PossibleMember, VipGroupDecisionFacts } from './facts.ts';
import { MAX_MEMBERS, MAX_VIPS } from './limits.ts';
import type { VipWish } from './messages.ts';
import type { VipGroupFields, VipGroupState } from './state.ts';

type Answer = VipGroupRefusal | undefined;
const WHOLE_ADDRESS = 32;

export const validNetwork = (network: string): Answer =>
  networkOf(network) === undefined ? refuseVipGroup('NetworkIsNotAllowed', `${JSON.stringify(network)} is no IPv4 network`, { value: network }) : undefined;

export const portalsCanMove = ({ virtualPortals }: VipGroupDecisionFacts): Answer =>
  virtualPortals === false ? refuseVipGroup('CapabilityIsMissing', `the backend of the access path’s targets cannot ${capabilityWords('virtualPortals')}`, { value: 'virtualPortals' }) : undefined;

export const hasVips = (vips: readonly VipWish[]): Answer => (vips.length > 0 ? undefined : refuseVipGroup('NoVips', 'no virtual IP is named', { value: 0, limit: 1 }));

export const roomForVips = (count: number): Answer =>
  count <= MAX_VIPS ? undefined : refuseVipGroup('TooManyVips', `the group would have ${count} virtual IPs`, { value: count, limit: MAX_VIPS });

export const vipInside = ({ ip }: VipWish, network: string): Answer =>
  isInside(ip, network) ? undefined : refuseVipGroup('VipIsOutside', `${JSON.stringify(ip)} is no address of a host in ${network}`, { value: ip, limit: network });

export const validMask = ({ mask }: VipWish, network: string): Answer =>
  mask === WHOLE_ADDRESS || mask === networkOf(network)?.prefix ? undefined : refuseVipGroup('MaskIsNotAllowed', `the mask ${mask} is neither 32 nor the network's`, { value: mask, limit: WHOLE_ADDRESS });

export const vipsDiffer = (vips: readonly Pick<VipWish, 'ip' | 'vipId'>[]): Answer => {
  const double = vips.find(({ ip, vipId }, at) => vips.slice(0, at).some((other) => other.ip === ip || other.vipId === vipId));
  return double === undefined ? undefined : refuseVipGroup('VipIsThereTwice', `the address ${double.ip} stands there twice`, { value: double.ip });
};

export const preferredIsMember = ({ networkAddressId, ip }: VipWish, members: readonly { readonly networkAddressId: string }[]): Answer =>
  members.some((member) => member.networkAddressId === networkAddressId)
    ? undefined
    : refuseVipGroup('PreferredIsNoMember', `the network address ${networkAddressId}, preferred for ${ip}, takes no part`, { value: networkAddressId });

export const hasMembers = (members: readonly PossibleMember[], network: string): Answer => {
  if (members.length === 0) return refuseVipGroup('NoMembers', `no host of the access path has a gateway address in ${network} and a backend of virtual IPs`, { value: 0, limit: 1 });
  return members.length <= MAX_MEMBERS ? undefined : refuseVipGroup('NoMembers', `${members.length} network addresses would take part`, { value: members.length, limit: MAX_MEMBERS });
};

export const oneSegment = (segments: readonly string[]): Answer => {
  const found = [...new Set(segments)];
  return found.length < 2 ? undefined : refuseVipGroup('SegmentsDiffer', `the network addresses are on the segments ${found.join(' and ')}`, { value: found });
};

/** One change of a group at a time, as in the source (S0-79). */
export const isActive = ({ operations, lifecycle, group }: VipGroupState): Answer =>
  lifecycle === 'active' && operations.length === 0
    ? undefined
    : refuseVipGroup('VipGroupIsBusy', `VIP group ${group?.number ?? ''} is ${lifecycle === 'active' ? 'updating' : lifecycle}`, operations[0] === undefined ? {} : { operationId: operations[0].operationId });

export const vipRemains = ({ vips }: VipGroupFields): Answer => (vips.length > 1 ? undefined : refuseVipGroup('LastVip', 'it is the last virtual IP of the group', { value: 0, limit: 1 }));

export const memberRemains = ({ members }: VipGroupFields): Answer =>
  members.length > 1 ? undefined : refuseVipGroup('LastMember', 'it is the last network address of the group', { value: 0, limit: 1 });

/** A host that was declared off cannot be preferred: the others go by their own priorities. */
export const memberNotPreferred = ({ vips, members }: VipGroupFields, networkAddressId: string): Answer => {
  if (members.some((member) => member.networkAddressId === networkAddressId && member.off)) return undefined;
  const preferring = vips.find(({ preferred }) => preferred === networkAddressId);
  return preferring === undefined ? undefined : refuseVipGroup('MemberIsPreferred', `${preferring.ip} prefers this network address`, { value: preferring.ip });
};

/** A group can be deleted while something of it does not come to an end: otherwise nobody could get rid of it. */
export const canGo = (state: VipGroupState): Answer => (state.lifecycle === 'creating' || failuresOf(state.troubles).length > 0 ? undefined : isActive(state));

/** Sessions that came in by other portals go on. Where nobody can say by which, all of them count. */
export const sessionsBy = ({ vips }: VipGroupFields, found: SessionFacts): SessionFacts =>
  found.known ? { known: true, sessions: found.sessions.filter(({ portal }) => portal === null || vips.some(({ ip }) => ip === portal)) } : found;

/** Whoever is logged in by a virtual IP would be cut off when it goes. */
export const nobodyUsesIt = (force: boolean, sessions: SessionFacts): Answer => {
  if (force) return undefined;
  if (!sessions.known) return refuseVipGroup('SessionsAreUnknown', `nobody can say who is logged in: ${sessions.why}`);
  const [first] = sessions.sessions;
  return first === undefined ? undefined : refuseVipGroup('StillHasSessions', `${first.initiator} is logged in on ${first.host}`, { value: first.initiator });
};
