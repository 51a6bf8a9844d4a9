/** Folds the virtual IPs of a VIP group: their ids, portals and holders. */
import type { OperationId } from '../../kernel/ids.ts';
import type { Of } from '../../kernel/tagged.ts';
import { MAX_VRID } from '../limits.ts';
import type { VipGroupEvent, VipWish } from '../messages.ts';
import type { Vip, VipGroupState } from '../state.ts';
import { begin, change, changeVip, end, leavingBehind, owe, releaseVrid, remember, without, type Fold } from './common.ts';

const HEX = 16;
/** Where the search for a virtual router id begins: spread by the address's own id, so that two groups seldom want the same. */
const firstVrid = (vipId: string): number => (Number.parseInt(vipId.slice(-6), HEX) % MAX_VRID) + 1;
const nextVrid = (vrid: number): number => (vrid % MAX_VRID) + 1;

export const newVip = ({ vipId, ip, mask, networkAddressId }: VipWish, operationId: OperationId): Vip => ({
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

/** An id that is in use stays: changing it would take the address away. People are told. */
const moveOn = (state: VipGroupState, vipId: string): VipGroupState => {
  const vip = state.group?.vips.find((one) => one.vipId === vipId);
  if (vip === undefined) return state;
  if (vip.heardFree) return changeVip(state, vipId, { isContested: true });
  const moved = changeVip(state, vipId, { vrid: nextVrid(vip.vrid), vridHeld: false, heardFree: false, tried: vip.tried + 1 });
  return vip.vridHeld ? owe(moved, releaseVrid(vip.operationId, vip)) : moved;
};

/** That nobody holds an address, which a host that leaves had, does not mean that another one has taken it. */
const moved: Fold<'VipMoved'> = (state, { vipId, to }) => {
  if (to === null) return changeVip(state, vipId, { holder: null });
  const isLeaving = state.group?.members.some(({ networkAddressId, leaving }) => leaving && networkAddressId === to) === true;
  return changeVip(state, vipId, { holder: to, leftBy: isLeaving ? to : null });
};

const removed: Fold<'VipRemoved'> = (state, { operationId, vipId }) => {
  const isIt = (vip: Vip): boolean => vip.vipId === vipId;
  return end(without(leavingBehind(state, operationId, isIt), operationId, isIt), operationId);
};

const portalsStood: Fold<'VipPortalsStood'> = (state, { shape }) => {
  const stood = { ...state, stood: Math.max(state.stood, shape) };
  return shape < state.shape ? stood : change(stood, { vips: (state.group?.vips ?? []).map((vip) => (vip.heardFree ? { ...vip, stood: true } : vip)) });
};

type VipEvent = Of<
  VipGroupEvent,
  | 'VipRequested'
  | 'VipReserved'
  | 'VipRefused'
  | 'VipAdded'
  | 'VipRemovalRequested'
  | 'VipRemoved'
  | 'VridReserved'
  | 'VridTaken'
  | 'VridConflictDetected'
  | 'VridConflictEnded'
  | 'VridsHeardFree'
  | 'VipPortalsStood'
  | 'VipMoved'
  | 'SplitBrainDetected'
  | 'SplitBrainEnded'
>;

export const evolveVip = (state: VipGroupState, event: VipEvent): VipGroupState => {
  switch (event.type) {
    case 'VipRequested': {
      const { operationId, vip } = event;
      return begin(change(state, { vips: [...(state.group?.vips ?? []), newVip(vip, operationId)] }), { operationId, kind: 'addVip', about: vip.vipId });
    }
    case 'VipReserved':
      return changeVip(state, event.vipId, { number: event.number });
    case 'VipRefused':
      return without(remember(state, event), event.operationId, ({ vipId }) => vipId === event.vipId);
    case 'VipAdded':
      return end(state, event.operationId);
    case 'VipRemovalRequested':
      return begin(changeVip(state, event.vipId, { leaving: true }), { operationId: event.operationId, kind: 'removeVip', about: event.vipId });
    case 'VipRemoved':
      return removed(state, event);
    case 'VridReserved':
      return changeVip(state, event.vipId, { vridHeld: true });
    case 'VridTaken':
    case 'VridConflictDetected':
      return moveOn(state, event.vipId);
    case 'VridConflictEnded':
      return changeVip(state, event.vipId, { isContested: false });
    case 'VridsHeardFree':
      return change(state, { vips: (state.group?.vips ?? []).map((vip) => (vip.vridHeld ? { ...vip, heardFree: true } : vip)) });
    case 'VipPortalsStood':
      return portalsStood(state, event);
    case 'VipMoved':
      return moved(state, event);
    case 'SplitBrainDetected':
      return changeVip(state, event.vipId, { isSplit: true });
    case 'SplitBrainEnded':
      return changeVip(state, event.vipId, { isSplit: false });
  }
};
