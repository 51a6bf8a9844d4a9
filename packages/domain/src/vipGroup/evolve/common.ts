/** What all folds of a VIP group share. */
import type { OperationId } from '../../kernel/ids.ts';
import type { Of } from '../../kernel/tagged.ts';
import { withoutTroubles } from '../../kernel/troubles.ts';
import { REFUSALS_KEPT } from '../limits.ts';
import type { VipGroupEvent } from '../messages.ts';
import { instanceKey, refOfInstance, type Member, type Vip, type VipDue, type VipGroupFields, type VipGroupState, type VipOperation } from '../state.ts';

/** Folds events of one type. */
export type Fold<K extends VipGroupEvent['type']> = (state: VipGroupState, event: Of<VipGroupEvent, K>) => VipGroupState;

export const change = (state: VipGroupState, fields: Partial<VipGroupFields>): VipGroupState => (state.group === null ? state : { ...state, group: { ...state.group, ...fields } });
export const changeVip = (state: VipGroupState, vipId: string, fields: Partial<Vip>): VipGroupState =>
  change(state, { vips: (state.group?.vips ?? []).map((vip) => (vip.vipId === vipId ? { ...vip, ...fields } : vip)) });
export const changeMember = (state: VipGroupState, id: string, fields: Partial<Member>): VipGroupState =>
  change(state, { members: (state.group?.members ?? []).map((member) => (member.networkAddressId === id ? { ...member, ...fields } : member)) });
/** Of a host, whichever of its addresses takes part. */
export const changeHost = (state: VipGroupState, id: string, fields: Partial<Member>): VipGroupState => {
  const host = state.group?.members.find(({ networkAddressId }) => networkAddressId === id)?.hostId;
  return change(state, { members: (state.group?.members ?? []).map((member) => (member.hostId === host ? { ...member, ...fields } : member)) });
};

export const dueOf = (vipId: string, host: string): string => `clear ${vipId} ${host}`;

/** Instances that nobody waited for, since their hosts are off: they are a debt until they are gone (I-20). */
export const leavingBehind = (state: VipGroupState, operationId: OperationId, isGone: (vip: Vip, member: Member) => boolean): VipGroupState => {
  const gone = (state.group?.vips ?? []).flatMap((vip) => (state.group?.members ?? []).filter((member) => isGone(vip, member)).map((member) => ({ vip, member, key: instanceKey(vip.vipId, member.networkAddressId) })));
  const left = gone.filter(({ key }) => Object.hasOwn(state.instances, key));
  const dues = left.map(({ vip, member }): VipDue => ({ operationId, due: dueOf(vip.vipId, member.host), gives: { instance: refOfInstance(vip, member) } }));
  return { ...state, instances: Object.fromEntries(Object.entries(state.instances).filter(([key]) => !left.some((one) => one.key === key))), dues: [...state.dues, ...dues] };
};

export const begin = (state: VipGroupState, operation: Omit<VipOperation, 'version'>): VipGroupState => ({
  ...state,
  latest: operation.operationId,
  operations: [...state.operations, { ...operation, version: state.version }],
});
/** From here on instances should be otherwise. */
export const bump = (state: VipGroupState): VipGroupState => ({ ...state, version: state.version + 1 });
export const end = (state: VipGroupState, operationId: OperationId): VipGroupState => ({
  ...state,
  operations: state.operations.filter((operation) => operation.operationId !== operationId),
  troubles: withoutTroubles(state.troubles, operationId),
});
export const owe = (state: VipGroupState, ...dues: readonly VipDue[]): VipGroupState => ({ ...state, dues: [...state.dues, ...dues] });
export const remember = (state: VipGroupState, { operationId, refusal }: VipGroupState['refused'][number]): VipGroupState => ({
  ...end(state, operationId),
  refused: [{ operationId, refusal }, ...state.refused].slice(0, REFUSALS_KEPT),
});

const releaseIp = (operationId: OperationId, { ip, vipId }: Vip): VipDue => ({ operationId, due: `release address ${ip}`, gives: { ip, holder: vipId } });
export const releaseVrid = (operationId: OperationId, { vrid, vipId }: Vip): VipDue => ({ operationId, due: `release vrid ${vrid} of ${vipId}`, gives: { vrid, holder: vipId } });

export const without = (state: VipGroupState, operationId: OperationId, isGone: (vip: Vip) => boolean): VipGroupState => {
  const gone = (state.group?.vips ?? []).filter(isGone);
  const left = change(state, { vips: (state.group?.vips ?? []).filter((vip) => !gone.includes(vip)) });
  // An id that was asked for may be held, though nobody heard the answer.
  return owe(left, ...gone.flatMap((vip) => [releaseIp(operationId, vip), ...(vip.number === null ? [] : [releaseVrid(operationId, vip)])]));
};
