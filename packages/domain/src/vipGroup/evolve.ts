/** Folds what happened to a VIP group. Total: whatever the order of events, it never fails. */
import type { VipStage } from '../accessPath/messages.ts';
import type { OperationId } from '../kernel/ids.ts';
import type { Of } from '../kernel/tagged.ts';
import { inNewRound, withoutTroubles, withTrouble } from '../kernel/troubles.ts';
import { MAX_VRID, REFUSALS_KEPT } from './limits.ts';
import type { VipGroupEvent, VipWish } from './messages.ts';
import { instanceKey, instancesRun, instancesThere, noVipGroup, refOfInstance, wantedInstances, type Member, type Vip, type VipDue, type VipGroupFields, type VipGroupState, type VipOperation } from './state.ts';

const change = (state: VipGroupState, fields: Partial<VipGroupFields>): VipGroupState => (state.group === null ? state : { ...state, group: { ...state.group, ...fields } });
const changeVip = (state: VipGroupState, vipId: string, fields: Partial<Vip>): VipGroupState =>
  change(state, { vips: (state.group?.vips ?? []).map((vip) => (vip.vipId === vipId ? { ...vip, ...fields } : vip)) });
const changeMember = (state: VipGroupState, id: string, fields: Partial<Member>): VipGroupState =>
  change(state, { members: (state.group?.members ?? []).map((member) => (member.networkAddressId === id ? { ...member, ...fields } : member)) });
/** Of a host, whichever of its addresses takes part. */
const changeHost = (state: VipGroupState, id: string, fields: Partial<Member>): VipGroupState => {
  const host = state.group?.members.find(({ networkAddressId }) => networkAddressId === id)?.hostId;
  return change(state, { members: (state.group?.members ?? []).map((member) => (member.hostId === host ? { ...member, ...fields } : member)) });
};
const reached = (state: VipGroupState, id: string, unreachable: Member['unreachable']): VipGroupState => changeHost(state, id, { unreachable });

const dueOf = (vipId: string, host: string): string => `clear ${vipId} ${host}`;

/** Instances that nobody waited for, since their hosts are off: they are a debt until they are gone (I-20). */
const leavingBehind = (state: VipGroupState, operationId: OperationId, isGone: (vip: Vip, member: Member) => boolean): VipGroupState => {
  const gone = (state.group?.vips ?? []).flatMap((vip) => (state.group?.members ?? []).filter((member) => isGone(vip, member)).map((member) => ({ vip, member, key: instanceKey(vip.vipId, member.networkAddressId) })));
  const left = gone.filter(({ key }) => Object.hasOwn(state.instances, key));
  const dues = left.map(({ vip, member }): VipDue => ({ operationId, due: dueOf(vip.vipId, member.host), gives: { instance: refOfInstance(vip, member) } }));
  return { ...state, instances: Object.fromEntries(Object.entries(state.instances).filter(([key]) => !left.some((one) => one.key === key))), dues: [...state.dues, ...dues] };
};

const begin = (state: VipGroupState, operation: Omit<VipOperation, 'version'>): VipGroupState => ({
  ...state,
  latest: operation.operationId,
  operations: [...state.operations, { ...operation, version: state.version }],
});
/** From here on instances should be otherwise. */
const bump = (state: VipGroupState): VipGroupState => ({ ...state, version: state.version + 1 });
const end = (state: VipGroupState, operationId: OperationId): VipGroupState => ({
  ...state,
  operations: state.operations.filter((operation) => operation.operationId !== operationId),
  troubles: withoutTroubles(state.troubles, operationId),
});
const owe = (state: VipGroupState, ...dues: readonly VipDue[]): VipGroupState => ({ ...state, dues: [...state.dues, ...dues] });
const remember = (state: VipGroupState, { operationId, refusal }: VipGroupState['refused'][number]): VipGroupState => ({
  ...end(state, operationId),
  refused: [{ operationId, refusal }, ...state.refused].slice(0, REFUSALS_KEPT),
});

const HEX = 16;
/** Where the search for a virtual router id begins: spread by the address's own id, so that two groups seldom want the same. */
const firstVrid = (vipId: string): number => (Number.parseInt(vipId.slice(-6), HEX) % MAX_VRID) + 1;
const nextVrid = (vrid: number): number => (vrid % MAX_VRID) + 1;

const newVip = ({ vipId, ip, mask, networkAddressId }: VipWish, operationId: OperationId): Vip => ({
  vipId,
  operationId,
  number: null,
  ip,
  mask,
  preferred: networkAddressId,
  vrid: firstVrid(vipId),
  vridHeld: false,
  tried: 0,
  heardFree: false,
  stood: false,
  leaving: false,
  holder: null,
  leftBy: null,
  isSplit: false,
  isContested: false,
});

const releaseIp = (operationId: OperationId, { ip, vipId }: Vip): VipDue => ({ operationId, due: `release address ${ip}`, gives: { ip, holder: vipId } });
const releaseVrid = (operationId: OperationId, { vrid, vipId }: Vip): VipDue => ({ operationId, due: `release vrid ${vrid} of ${vipId}`, gives: { vrid, holder: vipId } });
const releasePath = (operationId: OperationId, { accessPathId }: VipGroupFields): VipDue => ({ operationId, due: 'leave access path', gives: { path: accessPathId } });

const without = (state: VipGroupState, operationId: OperationId, isGone: (vip: Vip) => boolean): VipGroupState => {
  const gone = (state.group?.vips ?? []).filter(isGone);
  const left = change(state, { vips: (state.group?.vips ?? []).filter((vip) => !gone.includes(vip)) });
  // An id that was asked for may be held, though nobody heard the answer.
  return owe(left, ...gone.flatMap((vip) => [releaseIp(operationId, vip), ...(vip.number === null ? [] : [releaseVrid(operationId, vip)])]));
};

const requested = (event: Of<VipGroupEvent, 'VipGroupRequested'>): VipGroupState => {
  const { type: _type, operationId, at, members, vips, ...fields } = event;
  const group: VipGroupFields = {
    ...fields,
    number: null,
    members: members.map((member) => ({ ...member, operationId, leaving: false, off: false, admission: null, unreachable: null })),
    vips: vips.map((vip) => newVip(vip, operationId)),
    createdAt: at,
    updatedAt: at,
  };
  return begin({ ...noVipGroup, lifecycle: 'reserving', group }, { operationId, kind: 'create', about: null });
};

/** All that the group has is given back. */
const givenBack = (state: VipGroupState, operationId: OperationId): VipGroupState =>
  owe(
    without(state, operationId, () => true),
    ...(state.group === null ? [] : [releasePath(operationId, state.group)]),
  );

/** An id that is in use stays: changing it would take the address away. People are told. */
const moveOn = (state: VipGroupState, vipId: string): VipGroupState => {
  const vip = state.group?.vips.find((one) => one.vipId === vipId);
  if (vip === undefined) return state;
  if (vip.heardFree) return changeVip(state, vipId, { isContested: true });
  const moved = changeVip(state, vipId, { vrid: nextVrid(vip.vrid), vridHeld: false, heardFree: false, tried: vip.tried + 1 });
  return vip.vridHeld ? owe(moved, releaseVrid(vip.operationId, vip)) : moved;
};

/** Addresses that targets should have portals on: those whose ids are free on the wire, and those that leave until their instances are gone. */
const ipsOf = (state: VipGroupState): readonly string[] =>
  (state.group?.vips ?? [])
    .filter(({ vipId, heardFree, leaving }) => heardFree && (!leaving || instancesThere(state).some((one) => one.vipId === vipId)))
    .map(({ ip }) => ip);

const stageOf = (state: VipGroupState): VipStage => {
  if (state.lifecycle === 'deleting') return 'leaving';
  // Physical portals go when somebody holds the addresses, and not before; from then on they stay away.
  const isHeld = instancesRun(state, 0) && state.group?.vips.every(({ holder }) => holder !== null) === true;
  return state.lifecycle === 'active' || state.stage === 'alone' || isHeld ? 'alone' : 'beside';
};

const isSame = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((one, at) => one === b[at]);

/** What the access path should be shown, and which instances may have been begun, follow from the rest. */
const followed = (state: VipGroupState): VipGroupState => {
  if (state.group === null || state.lifecycle === 'refused' || state.lifecycle === 'deleted') return state;
  const begun = wantedInstances(state).filter(({ vip, member }) => !Object.hasOwn(state.instances, instanceKey(vip.vipId, member.networkAddressId)));
  const instances = begun.length === 0 ? state.instances : { ...state.instances, ...Object.fromEntries(begun.map(({ vip, member }) => [instanceKey(vip.vipId, member.networkAddressId), -1])) };
  // What is wanted again is no debt any more.
  const wanted = new Set(begun.map(({ vip, member }) => dueOf(vip.vipId, member.host)));
  const next = instances === state.instances ? state : { ...state, instances, dues: state.dues.filter(({ due }) => !wanted.has(due)) };
  const [ips, stage] = [ipsOf(next), stageOf(next)];
  return (stage === next.stage || ips.length === 0) && isSame(ips, next.ips) ? next : { ...next, ips, stage, shape: next.shape + 1 };
};

/** Instances become other ones when what they check does. */
const servingShown = (state: VipGroupState, { serves, serving, off }: Of<VipGroupEvent, 'VipServingShown'>): VipGroupState => {
  const known = change({ ...state, serves, serving, off }, { members: (state.group?.members ?? []).map((member) => ({ ...member, off: off.includes(member.hostId) })) });
  if (JSON.stringify(serving) === JSON.stringify(state.serving)) return known;
  const next = bump(known);
  return { ...next, servesSince: next.version };
};

/** That nobody holds an address, which a host that leaves had, does not mean that another one has taken it. */
const holderSeen = (state: VipGroupState, { vipId, to }: Of<VipGroupEvent, 'VipMoved'>): VipGroupState => {
  if (to === null) return changeVip(state, vipId, { holder: null });
  const isLeaving = state.group?.members.some(({ networkAddressId, leaving }) => leaving && networkAddressId === to) === true;
  return changeVip(state, vipId, { holder: to, leftBy: isLeaving ? to : null });
};

const folded = (state: VipGroupState, event: VipGroupEvent): VipGroupState => {
  switch (event.type) {
    case 'VipGroupRequested':
      return requested(event);
    case 'VipGroupReserved':
      return { ...change(state, { number: event.number }), lifecycle: 'creating' };
    case 'VipGroupRefused':
      return { ...givenBack(remember(state, event), event.operationId), lifecycle: 'refused' };
    case 'VipGroupCreated':
      return { ...end(state, event.operationId), lifecycle: 'active' };
    case 'VipGroupUpdateRequested':
      return begin(bump(change(state, { preempt: event.preempt, updatedAt: event.at })), { operationId: event.operationId, kind: 'update', about: null });
    case 'VipGroupRedeployRequested':
      // Whoever is not admitted is asked once more, when the instances say so.
      return begin(bump(change(state, { members: (state.group?.members ?? []).map((member) => ({ ...member, admission: null })) })), { operationId: event.operationId, kind: 'redeploy', about: null });
    case 'OperationSuperseded':
    case 'VipGroupUpdated':
    case 'VipGroupRedeployed':
    case 'VipAdded':
    case 'VipMemberAdded':
      return end(state, event.operationId);
    case 'VipGroupDeletionRequested':
      return begin({ ...state, lifecycle: 'deleting' }, { operationId: event.operationId, kind: 'delete', about: null });
    case 'VipGroupDeleted':
      return { ...givenBack(leavingBehind(end(state, event.operationId), event.operationId, () => true), event.operationId), lifecycle: 'deleted', operations: [] };
    case 'VipRequested': {
      const { operationId, vip } = event;
      return begin(change(state, { vips: [...(state.group?.vips ?? []), newVip(vip, operationId)] }), { operationId, kind: 'addVip', about: vip.vipId });
    }
    case 'VipReserved':
      return changeVip(state, event.vipId, { number: event.number });
    case 'VipRefused':
      return without(remember(state, event), event.operationId, ({ vipId }) => vipId === event.vipId);
    case 'VipRemovalRequested':
      return begin(changeVip(state, event.vipId, { leaving: true }), { operationId: event.operationId, kind: 'removeVip', about: event.vipId });
    case 'VipRemoved':
      return end(
        without(
          leavingBehind(state, event.operationId, ({ vipId }) => vipId === event.vipId),
          event.operationId,
          ({ vipId }) => vipId === event.vipId,
        ),
        event.operationId,
      );
    case 'VipMemberRequested': {
      const { operationId, member } = event;
      const members = [...(state.group?.members ?? []), { ...member, operationId, leaving: false, off: state.off.includes(member.hostId), admission: null, unreachable: null }];
      return begin(bump(change(state, { members })), { operationId, kind: 'addMember', about: member.networkAddressId });
    }
    case 'VipMemberRemovalRequested': {
      const { operationId, networkAddressId } = event;
      const leaving = changeMember(state, networkAddressId, { leaving: true });
      const held = change(leaving, { vips: (leaving.group?.vips ?? []).map((vip) => (vip.holder === networkAddressId ? { ...vip, leftBy: networkAddressId } : vip)) });
      return begin(bump(held), { operationId, kind: 'removeMember', about: networkAddressId });
    }
    case 'VipMemberRemoved':
      return end(
        change(
          leavingBehind(state, event.operationId, (_vip, { networkAddressId }) => networkAddressId === event.networkAddressId),
          { members: (state.group?.members ?? []).filter(({ networkAddressId }) => networkAddressId !== event.networkAddressId) },
        ),
        event.operationId,
      );
    case 'VridReserved':
      return changeVip(state, event.vipId, { vridHeld: true });
    case 'VridTaken':
    case 'VridConflictDetected':
      return moveOn(state, event.vipId);
    case 'VridsHeardFree':
      return change(state, { vips: (state.group?.vips ?? []).map((vip) => (vip.vridHeld ? { ...vip, heardFree: true } : vip)) });
    case 'PathShownVips':
      return { ...state, shown: Math.max(state.shown, event.shape) };
    case 'VipPortalsStood': {
      const stood = { ...state, stood: Math.max(state.stood, event.shape) };
      return event.shape < state.shape ? stood : change(stood, { vips: (state.group?.vips ?? []).map((vip) => (vip.heardFree ? { ...vip, stood: true } : vip)) });
    }
    case 'VipInstanceConfirmed': {
      const { vipId, networkAddressId, version } = event;
      return reached({ ...state, instances: { ...state.instances, [instanceKey(vipId, networkAddressId)]: version } }, networkAddressId, null);
    }
    case 'VipInstanceGone': {
      const { [instanceKey(event.vipId, event.networkAddressId)]: _gone, ...instances } = state.instances;
      return reached({ ...state, instances }, event.networkAddressId, null);
    }
    case 'VipHostUnreachable':
      return reached(state, event.networkAddressId, { error: event.error, since: event.at });
    case 'VipServingShown':
      return servingShown(state, event);
    case 'VipServingTold':
      return { ...state, servesTold: event.serves };
    case 'VipHostNotAdmitted':
      return changeHost(state, event.networkAddressId, { admission: { since: event.at, asked: false } });
    case 'VipAdmissionAsked': {
      const since = state.group?.members.find(({ networkAddressId }) => networkAddressId === event.networkAddressId)?.admission?.since ?? event.at;
      return changeHost(state, event.networkAddressId, { admission: { since, asked: true } });
    }
    case 'VipHostAdmitted':
      return changeHost(state, event.networkAddressId, { admission: null });
    case 'VipMoved':
      return holderSeen(state, event);
    case 'SplitBrainDetected':
      return changeVip(state, event.vipId, { isSplit: true });
    case 'SplitBrainEnded':
      return changeVip(state, event.vipId, { isSplit: false });
    case 'VridConflictEnded':
      return changeVip(state, event.vipId, { isContested: false });
    case 'DueSettled':
      return { ...state, dues: state.dues.filter(({ operationId, due }) => operationId !== event.operationId || due !== event.due) };
    case 'WorkRetried':
      return { ...state, troubles: inNewRound(state.troubles, event.operationId) };
    case 'WorkDelayed':
    case 'WorkFailed':
      return { ...state, troubles: withTrouble(state.troubles, event) };
    default:
      return event satisfies never;
  }
};

/**
 * Folds one event into a VIP group's state. Total: it never refuses and never fails.
 *
 * @example
 * import { evolveVipGroup, noVipGroup, type OperationId, type TimestampMs } from '@blockledger/domain';
 * evolveVipGroup(noVipGroup, { type: 'VipGroupDeleted', operationId: '0b9d7a3e-0000-4000-8000-000000000002' as OperationId, at: 0 as TimestampMs }).lifecycle; // => 'deleted'
 */
export const evolveVipGroup = (state: VipGroupState, event: VipGroupEvent): VipGroupState => followed(folded(state, event));
