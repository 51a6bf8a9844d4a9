/** Making, changing and deleting a VIP group. */
import * as E from 'fp-ts/lib/Either.js';
import { isInside } from '../../kernel/addresses.ts';
import { failureOf } from '../../kernel/troubles.ts';
import { refuseVipGroup } from '../errors.ts';
import type { PossibleMember } from '../facts.ts';
import type { VipGroupEvent, VipWish } from '../messages.ts';
import { canGo, hasMembers, hasVips, isActive, nobodyUsesIt, oneSegment, portalsCanMove, preferredIsMember, roomForVips, sessionsBy, validMask, validNetwork, vipInside, vipsDiffer } from '../rules.ts';
import { accept, memberOf, opOf, unless, type Case, type Command, type Decision, type Existing } from './common.ts';

/** A host has one instance of an address: of several addresses in the network it takes part by the one that is preferred, or by its first. */
const oneOfEachHost = (members: readonly PossibleMember[], vips: readonly VipWish[]): readonly PossibleMember[] => {
  const isPreferred = ({ networkAddressId }: PossibleMember): boolean => vips.some((vip) => vip.networkAddressId === networkAddressId);
  const ordered = [...members.filter(isPreferred), ...members];
  return members.filter((member) => ordered.find(({ hostId }) => hostId === member.hostId) === member);
};

export const create = (command: Command<'CreateVipGroup'>, { state, meta, facts }: Case): Decision => {
  const { vipGroupId, accessPathId, network, preempt, vips, force } = command;
  const members = oneOfEachHost((facts.members ?? []).filter(({ ip }) => isInside(ip, network)), vips);
  const [first] = members;
  const refusals = [
    state.lifecycle === 'absent' ? undefined : refuseVipGroup('VipGroupAlreadyExists', `VIP group ${vipGroupId} exists or existed`, { value: vipGroupId }),
    facts.members === null || facts.tenant !== meta.tenant ? refuseVipGroup('AccessPathNotFound', `there is no access path ${accessPathId}`, { value: accessPathId }) : undefined,
    portalsCanMove(facts),
    validNetwork(network),
    hasVips(vips),
    roomForVips(vips.length),
    ...vips.map((vip) => vipInside(vip, network) ?? validMask(vip, network)),
    vipsDiffer(vips),
    hasMembers(members, network),
    oneSegment(members.map(({ segment }) => segment)),
    ...vips.map((vip) => preferredIsMember(vip, members)),
    // The first group takes the physical portals away from whoever uses them.
    nobodyUsesIt(force, facts.sessions),
  ];
  return first === undefined
    ? unless(refusals)
    : unless(refusals, {
        type: 'VipGroupRequested',
        vipGroupId,
        accessPathId,
        tenant: meta.tenant,
        network,
        segment: first.segment,
        preempt,
        members: members.map(memberOf),
        vips,
        ...opOf(meta),
      });
};

export const update = ({ preempt }: Command<'UpdateVipGroup'>, { state, group, meta }: Existing): Decision =>
  group.preempt === preempt ? accept() : unless([isActive(state)], { type: 'VipGroupUpdateRequested', preempt, ...opOf(meta) });

export const redeploy = ({ state, meta }: Existing): Decision => unless([isActive(state)], { type: 'VipGroupRedeployRequested', ...opOf(meta) });

export const remove = ({ force }: Command<'DeleteVipGroup'>, { state, group, meta, facts }: Existing): Decision =>
  state.lifecycle === 'deleting'
    ? accept()
    : unless(
        [canGo(state), nobodyUsesIt(force, sessionsBy(group, facts.sessions))],
        ...state.operations.map(({ operationId }): VipGroupEvent => ({ type: 'OperationSuperseded', operationId, at: meta.issuedAt })),
        { type: 'VipGroupDeletionRequested', ...opOf(meta) },
      );

export const retry = ({ operationId }: Command<'RetryOperation'>, { state, meta }: Existing): Decision => {
  const failed = failureOf(state.troubles, operationId);
  return failed === undefined
    ? E.left(refuseVipGroup('NothingToRetry', `nothing of the operation ${operationId} has failed for good`, { value: operationId }))
    : accept({ type: 'WorkRetried', operationId, work: failed.work, at: meta.issuedAt });
};
