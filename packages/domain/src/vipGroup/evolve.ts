/** Folds what happened to a VIP group. Total: whatever the order of events, it never fails. */
import type { VipStage } from '../accessPath/messages.ts';
import { inNewRound, withTrouble } from '../kernel/troubles.ts';
import { dueOf, end } from './evolve/common.ts';
import { evolveGroup } from './evolve/group.ts';
import { evolveMember } from './evolve/members.ts';
import { evolveVip } from './evolve/vips.ts';
import type { VipGroupEvent } from './messages.ts';
import { instanceKey, instancesRun, instancesThere, wantedInstances, type VipGroupState } from './state.ts';

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

const folded = (state: VipGroupState, event: VipGroupEvent): VipGroupState => {
  switch (event.type) {
    case 'VipGroupRequested':
    case 'VipGroupReserved':
    case 'VipGroupRefused':
    case 'VipGroupCreated':
    case 'VipGroupUpdateRequested':
    case 'VipGroupUpdated':
    case 'VipGroupRedeployRequested':
    case 'VipGroupRedeployed':
    case 'VipGroupDeletionRequested':
    case 'VipGroupDeleted':
    case 'PathShownVips':
    case 'VipServingShown':
    case 'VipServingTold':
      return evolveGroup(state, event);
    case 'VipRequested':
    case 'VipReserved':
    case 'VipRefused':
    case 'VipAdded':
    case 'VipRemovalRequested':
    case 'VipRemoved':
    case 'VridReserved':
    case 'VridTaken':
    case 'VridConflictDetected':
    case 'VridConflictEnded':
    case 'VridsHeardFree':
    case 'VipPortalsStood':
    case 'VipMoved':
    case 'SplitBrainDetected':
    case 'SplitBrainEnded':
      return evolveVip(state, event);
    case 'VipMemberRequested':
    case 'VipMemberAdded':
    case 'VipMemberRemovalRequested':
    case 'VipMemberRemoved':
    case 'VipInstanceConfirmed':
    case 'VipInstanceGone':
    case 'VipHostUnreachable':
    case 'VipHostNotAdmitted':
    case 'VipAdmissionAsked':
    case 'VipHostAdmitted':
      return evolveMember(state, event);
    case 'OperationSuperseded':
      return end(state, event.operationId);
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
