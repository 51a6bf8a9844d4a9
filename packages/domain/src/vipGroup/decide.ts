/** What a VIP group answers. */
import * as E from 'fp-ts/lib/Either.js';
import { match } from 'ts-pattern';
import { isInside } from '../kernel/addresses.ts';
import type { CommandMeta } from '../kernel/envelope.ts';
import { operationOf } from '../kernel/ids.ts';
import type { Of } from '../kernel/tagged.ts';
import { failureOf } from '../kernel/troubles.ts';
import { confirm, fail, refuse, reported, withEnds } from './decide/settlement.ts';
import { refuseVipGroup, type VipGroupRefusal } from './errors.ts';
import type { PossibleMember, VipGroupDecisionFacts } from './facts.ts';
import type { VipGroupCommand, VipGroupEvent, VipMember, VipWish } from './messages.ts';
import {
  canGo,
  hasMembers,
  hasVips,
  isActive,
  memberNotPreferred,
  memberRemains,
  nobodyUsesIt,
  oneSegment,
  preferredIsMember,
  roomForVips,
  sessionsBy,
  validMask,
  validNetwork,
  vipInside,
  vipRemains,
  vipsDiffer,
} from './rules.ts';
import type { VipGroupFields, VipGroupState } from './state.ts';

type Decision = E.Either<VipGroupRefusal, readonly VipGroupEvent[]>;
type Op = Pick<Of<VipGroupEvent, 'VipRequested'>, 'operationId' | 'at'>;
type Command<K extends VipGroupCommand['type']> = Of<VipGroupCommand, K>;
const accept = (...events: readonly VipGroupEvent[]): Decision => E.right(events);
const unless = (refusals: readonly (VipGroupRefusal | undefined)[], ...events: readonly VipGroupEvent[]): Decision => {
  const refusal = refusals.find((found) => found !== undefined);
  return refusal === undefined ? E.right(events) : E.left(refusal);
};

const memberOf = ({ segment: _segment, ...member }: PossibleMember): VipMember => member;

/** A host has one instance of an address: of several addresses in the network it takes part by the one that is preferred, or by its first. */
const oneOfEachHost = (members: readonly PossibleMember[], vips: readonly VipWish[]): readonly PossibleMember[] => {
  const isPreferred = ({ networkAddressId }: PossibleMember): boolean => vips.some((vip) => vip.networkAddressId === networkAddressId);
  const ordered = [...members.filter(isPreferred), ...members];
  return members.filter((member) => ordered.find(({ hostId }) => hostId === member.hostId) === member);
};

const create = (state: VipGroupState, command: Command<'CreateVipGroup'>, meta: CommandMeta, facts: VipGroupDecisionFacts): Decision => {
  const { vipGroupId, accessPathId, network, preempt, vips, force } = command;
  const members = oneOfEachHost((facts.members ?? []).filter(({ ip }) => isInside(ip, network)), vips);
  const [first] = members;
  const refusals = [
    state.lifecycle === 'absent' ? undefined : refuseVipGroup('VipGroupAlreadyExists', `VIP group ${vipGroupId} exists or existed`, { value: vipGroupId }),
    facts.members === null || facts.tenant !== meta.tenant ? refuseVipGroup('AccessPathNotFound', `there is no access path ${accessPathId}`, { value: accessPathId }) : undefined,
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
        operationId: operationOf(meta.commandId),
        at: meta.issuedAt,
      });
};

const addVip = (state: VipGroupState, group: VipGroupFields, { vip }: Command<'AddVip'>, op: Op): Decision =>
  unless(
    [isActive(state), roomForVips(group.vips.length + 1), vipInside(vip, group.network), validMask(vip, group.network), vipsDiffer([...group.vips, vip]), preferredIsMember(vip, group.members)],
    { type: 'VipRequested', vip, ...op },
  );

const addMember = (state: VipGroupState, group: VipGroupFields, { networkAddressId }: Command<'AddVipMember'>, { op, facts }: { readonly op: Op; readonly facts: VipGroupDecisionFacts }): Decision => {
  const found = facts.members?.find((member) => member.networkAddressId === networkAddressId && isInside(member.ip, group.network));
  if (found === undefined) return E.left(refuseVipGroup('MemberNotFound', `no host of the access path has the network address ${networkAddressId} in ${group.network}`, { value: networkAddressId }));
  const there = group.members.find((member) => member.hostId === found.hostId);
  return unless(
    [
      isActive(state),
      there === undefined ? undefined : refuseVipGroup('MemberAlreadyThere', `host "${found.host}" takes part by its address ${there.ip}`, { value: networkAddressId }),
      oneSegment([group.segment, found.segment]),
    ],
    { type: 'VipMemberRequested', member: memberOf(found), ...op },
  );
};

const decided = (state: VipGroupState, command: VipGroupCommand, meta: CommandMeta, facts: VipGroupDecisionFacts): Decision => {
  const at = meta.issuedAt;
  const op = { operationId: operationOf(meta.commandId), at };
  const { group, lifecycle } = state;
  const isThere = group !== null && lifecycle !== 'refused' && lifecycle !== 'deleted';
  const on = (decide: (existing: VipGroupFields) => Decision): Decision =>
    isThere ? decide(group) : E.left(refuseVipGroup('VipGroupNotFound', `there is no VIP group ${command.vipGroupId}`, { value: command.vipGroupId }));
  const notThere = (what: 'VipNotFound' | 'MemberNotFound', id: string): Decision => E.left(refuseVipGroup(what, `the VIP group has no ${id}`, { value: id }));

  return match(command)
    .with({ type: 'CreateVipGroup' }, (c) => create(state, c, meta, facts))
    .with({ type: 'UpdateVipGroup' }, ({ preempt }) => on((existing) => (existing.preempt === preempt ? accept() : unless([isActive(state)], { type: 'VipGroupUpdateRequested', preempt, ...op }))))
    .with({ type: 'AddVip' }, (c) => on((existing) => addVip(state, existing, c, op)))
    .with({ type: 'RemoveVip' }, ({ vipId }) =>
      on((existing) =>
        existing.vips.some((vip) => vip.vipId === vipId) ? unless([isActive(state), vipRemains(existing)], { type: 'VipRemovalRequested', vipId, ...op }) : notThere('VipNotFound', vipId),
      ),
    )
    .with({ type: 'AddVipMember' }, (c) => on((existing) => addMember(state, existing, c, { op, facts })))
    .with({ type: 'RemoveVipMember' }, ({ networkAddressId }) =>
      on((existing) =>
        existing.members.some((member) => member.networkAddressId === networkAddressId)
          ? unless([isActive(state), memberRemains(existing), memberNotPreferred(existing, networkAddressId)], { type: 'VipMemberRemovalRequested', networkAddressId, ...op })
          : notThere('MemberNotFound', networkAddressId),
      ),
    )
    .with({ type: 'DeleteVipGroup' }, ({ force }) =>
      on((existing) => (lifecycle === 'deleting' ? accept() : unless(
              [canGo(state), nobodyUsesIt(force, sessionsBy(existing, facts.sessions))],
              ...state.operations.map(({ operationId }): VipGroupEvent => ({ type: 'OperationSuperseded', operationId, at })),
              { type: 'VipGroupDeletionRequested', ...op },
            ))),
    )
    .with({ type: 'RedeployVipGroup' }, () => on(() => unless([isActive(state)], { type: 'VipGroupRedeployRequested', ...op })))
    .with({ type: 'RetryOperation' }, ({ operationId }) =>
      on(() => {
        const failed = failureOf(state.troubles, operationId);
        return failed === undefined
          ? E.left(refuseVipGroup('NothingToRetry', `nothing of the operation ${operationId} has failed for good`, { value: operationId }))
          : accept({ type: 'WorkRetried', operationId, work: failed.work, at });
      }),
    )
    // A group that is gone, or that has moved on, need not know.
    .with({ type: 'PortalsStand' }, ({ shape }) => (isThere && shape > state.stood ? accept({ type: 'VipPortalsStood', shape, at }) : accept()))
    .with({ type: 'ShowServing' }, ({ serves, serving, off }) => (isThere && serves > state.serves ? accept({ type: 'VipServingShown', serves, serving, off, at }) : accept()))
    .with({ type: 'ReportVips' }, (c) => (isThere ? accept(...reported(group, c, at)) : accept()))
    .with({ type: 'ConfirmWork' }, (c) => confirm(state, c, at))
    .with({ type: 'RefuseWork' }, (c) => refuse(state, c, at))
    .with({ type: 'FailWork' }, { type: 'DelayWork' }, (c) => fail(state, c, at))
    .exhaustive();
};

/**
 * What a VIP group answers to a command: the events that follow, with the ends of all operations that they bring about, or the refusal of the first
 * rule that does not hold. Pure. Refuses with the tags of `vipGroupRefusals`; a command that changes nothing is accepted without events.
 *
 * @example
 * import { decideVipGroup, noVipGroup, type CommandId, type TimestampMs, type VipGroupId } from '@blockledger/domain';
 * const meta = { commandId: '0b9d7a3e-0000-4000-8000-000000000002' as CommandId, issuedAt: 1_800_000_000_000 as TimestampMs, issuedBy: 'token:ci', tenant: 'default', correlationId: 'c-1' };
 * const decided = decideVipGroup(noVipGroup, { type: 'RedeployVipGroup', vipGroupId: '0b9d7a3e-0000-4000-8000-000000000001' as VipGroupId }, meta, { members: null, tenant: null, sessions: { known: true, sessions: [] } });
 * decided._tag === 'Left' && decided.left._tag; // => 'VipGroupNotFound'
 */
export const decideVipGroup = (state: VipGroupState, command: VipGroupCommand, meta: CommandMeta, facts: VipGroupDecisionFacts): E.Either<VipGroupRefusal, readonly VipGroupEvent[]> =>
  E.map((events: readonly VipGroupEvent[]) => (events.length === 0 ? events : withEnds(state, events, meta.issuedAt)))(decided(state, command, meta, facts));
