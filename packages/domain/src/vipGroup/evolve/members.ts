/** Folds the hosts of a VIP group: who takes part, what runs there, and what is known of each. */
import type { Of } from '../../kernel/tagged.ts';
import type { VipGroupEvent } from '../messages.ts';
import { instanceKey, type Member, type VipGroupState } from '../state.ts';
import { begin, bump, change, changeHost, changeMember, end, leavingBehind, type Fold } from './common.ts';

const reached = (state: VipGroupState, id: string, unreachable: Member['unreachable']): VipGroupState => changeHost(state, id, { unreachable });

const requested: Fold<'VipMemberRequested'> = (state, { operationId, member }) => {
  const members = [...(state.group?.members ?? []), { ...member, operationId, leaving: false, off: state.off.includes(member.hostId), admission: null, unreachable: null }];
  return begin(bump(change(state, { members })), { operationId, kind: 'addMember', about: member.networkAddressId });
};

/** What it holds just now, another one must be seen to hold before it goes. */
const removalRequested: Fold<'VipMemberRemovalRequested'> = (state, { operationId, networkAddressId }) => {
  const leaving = changeMember(state, networkAddressId, { leaving: true });
  const held = change(leaving, { vips: (leaving.group?.vips ?? []).map((vip) => (vip.holder === networkAddressId ? { ...vip, leftBy: networkAddressId } : vip)) });
  return begin(bump(held), { operationId, kind: 'removeMember', about: networkAddressId });
};

const removed: Fold<'VipMemberRemoved'> = (state, { operationId, networkAddressId }) => {
  const left = leavingBehind(state, operationId, (_vip, member) => member.networkAddressId === networkAddressId);
  return end(change(left, { members: (state.group?.members ?? []).filter((member) => member.networkAddressId !== networkAddressId) }), operationId);
};

const admissionAsked: Fold<'VipAdmissionAsked'> = (state, { networkAddressId, at }) => {
  const since = state.group?.members.find((member) => member.networkAddressId === networkAddressId)?.admission?.since ?? at;
  return changeHost(state, networkAddressId, { admission: { since, asked: true } });
};

type MemberEvent = Of<
  VipGroupEvent,
  | 'VipMemberRequested'
  | 'VipMemberAdded'
  | 'VipMemberRemovalRequested'
  | 'VipMemberRemoved'
  | 'VipInstanceConfirmed'
  | 'VipInstanceGone'
  | 'VipHostUnreachable'
  | 'VipHostNotAdmitted'
  | 'VipAdmissionAsked'
  | 'VipHostAdmitted'
>;

export const evolveMember = (state: VipGroupState, event: MemberEvent): VipGroupState => {
  switch (event.type) {
    case 'VipMemberRequested':
      return requested(state, event);
    case 'VipMemberAdded':
      return end(state, event.operationId);
    case 'VipMemberRemovalRequested':
      return removalRequested(state, event);
    case 'VipMemberRemoved':
      return removed(state, event);
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
    case 'VipHostNotAdmitted':
      return changeHost(state, event.networkAddressId, { admission: { since: event.at, asked: false } });
    case 'VipAdmissionAsked':
      return admissionAsked(state, event);
    case 'VipHostAdmitted':
      return changeHost(state, event.networkAddressId, { admission: null });
  }
};
