/** Folds the VIP group itself: made, changed, deleted, and what it and its access path know of each other. */
import type { OperationId } from '../../kernel/ids.ts';
import type { Of } from '../../kernel/tagged.ts';
import type { VipGroupEvent } from '../messages.ts';
import { noVipGroup, type VipDue, type VipGroupFields, type VipGroupState } from '../state.ts';
import { begin, bump, change, end, leavingBehind, owe, remember, without, type Fold } from './common.ts';
import { newVip } from './vips.ts';

const releasePath = (operationId: OperationId, { accessPathId }: VipGroupFields): VipDue => ({ operationId, due: 'leave access path', gives: { path: accessPathId } });

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

/** Instances become other ones when what they check does. */
const servingShown: Fold<'VipServingShown'> = (state, { serves, serving, off }) => {
  const known = change({ ...state, serves, serving, off }, { members: (state.group?.members ?? []).map((member) => ({ ...member, off: off.includes(member.hostId) })) });
  if (JSON.stringify(serving) === JSON.stringify(state.serving)) return known;
  const next = bump(known);
  return { ...next, servesSince: next.version };
};

/** Whoever is not admitted is asked once more, when the instances say so. */
const redeployRequested: Fold<'VipGroupRedeployRequested'> = (state, { operationId }) =>
  begin(bump(change(state, { members: (state.group?.members ?? []).map((member) => ({ ...member, admission: null })) })), { operationId, kind: 'redeploy', about: null });

const deleted: Fold<'VipGroupDeleted'> = (state, { operationId }) => ({
  ...givenBack(leavingBehind(end(state, operationId), operationId, () => true), operationId),
  lifecycle: 'deleted',
  operations: [],
});

type GroupEvent = Of<
  VipGroupEvent,
  | 'VipGroupRequested'
  | 'VipGroupReserved'
  | 'VipGroupRefused'
  | 'VipGroupCreated'
  | 'VipGroupUpdateRequested'
  | 'VipGroupUpdated'
  | 'VipGroupRedeployRequested'
  | 'VipGroupRedeployed'
  | 'VipGroupDeletionRequested'
  | 'VipGroupDeleted'
  | 'PathShownVips'
  | 'VipServingShown'
  | 'VipServingTold'
>;

export const evolveGroup = (state: VipGroupState, event: GroupEvent): VipGroupState => {
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
      return redeployRequested(state, event);
    case 'VipGroupUpdated':
    case 'VipGroupRedeployed':
      return end(state, event.operationId);
    case 'VipGroupDeletionRequested':
      return begin({ ...state, lifecycle: 'deleting' }, { operationId: event.operationId, kind: 'delete', about: null });
    case 'VipGroupDeleted':
      return deleted(state, event);
    case 'PathShownVips':
      return { ...state, shown: Math.max(state.shown, event.shape) };
    case 'VipServingShown':
      return servingShown(state, event);
    case 'VipServingTold':
      return { ...state, servesTold: event.serves };
  }
};
