/** Adding and taking away virtual IPs, and hosts that take part. */
import * as E from 'fp-ts/lib/Either.js';
import { isInside } from '../../kernel/addresses.ts';
import { refuseVipGroup } from '../errors.ts';
import { isActive, memberNotPreferred, memberRemains, oneSegment, preferredIsMember, roomForVips, validMask, vipInside, vipRemains, vipsDiffer } from '../rules.ts';
import { memberOf, opOf, unless, type Command, type Decision, type Existing } from './common.ts';

const notThere = (what: 'VipNotFound' | 'MemberNotFound', id: string): Decision => E.left(refuseVipGroup(what, `the VIP group has no ${id}`, { value: id }));

export const addVip = ({ vip }: Command<'AddVip'>, { state, group, meta }: Existing): Decision =>
  unless(
    [isActive(state), roomForVips(group.vips.length + 1), vipInside(vip, group.network), validMask(vip, group.network), vipsDiffer([...group.vips, vip]), preferredIsMember(vip, group.members)],
    { type: 'VipRequested', vip, ...opOf(meta) },
  );

export const removeVip = ({ vipId }: Command<'RemoveVip'>, { state, group, meta }: Existing): Decision =>
  group.vips.some((vip) => vip.vipId === vipId) ? unless([isActive(state), vipRemains(group)], { type: 'VipRemovalRequested', vipId, ...opOf(meta) }) : notThere('VipNotFound', vipId);

export const addMember = ({ networkAddressId }: Command<'AddVipMember'>, { state, group, meta, facts }: Existing): Decision => {
  const found = facts.members?.find((member) => member.networkAddressId === networkAddressId && isInside(member.ip, group.network));
  if (found === undefined) return E.left(refuseVipGroup('MemberNotFound', `no host of the access path has the network address ${networkAddressId} in ${group.network}`, { value: networkAddressId }));
  const there = group.members.find((member) => member.hostId === found.hostId);
  return unless(
    [
      isActive(state),
      there === undefined ? undefined : refuseVipGroup('MemberAlreadyThere', `host "${found.host}" takes part by its address ${there.ip}`, { value: networkAddressId }),
      oneSegment([group.segment, found.segment]),
    ],
    { type: 'VipMemberRequested', member: memberOf(found), ...opOf(meta) },
  );
};

export const removeMember = ({ networkAddressId }: Command<'RemoveVipMember'>, { state, group, meta }: Existing): Decision =>
  group.members.some((member) => member.networkAddressId === networkAddressId)
    ? unless([isActive(state), memberRemains(group), memberNotPreferred(group, networkAddressId)], { type: 'VipMemberRemovalRequested', networkAddressId, ...opOf(meta) })
    : notThere('MemberNotFound', networkAddressId);
