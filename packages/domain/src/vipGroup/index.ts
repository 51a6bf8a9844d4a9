/** VIP groups: virtual IPs that move between the hosts of an access path, with their virtual router ids and instances. */
import type { Decider } from '../kernel/decider.ts';
import { settlementOf } from '../kernel/settlement.ts';
import type { DomainCommand } from '../messages.ts';
import { decideVipGroup } from './decide.ts';
import type { VipGroupRefusal } from './errors.ts';
import { evolveVipGroup } from './evolve.ts';
import type { VipGroupDecisionFacts } from './facts.ts';
import { VipGroupCommand, VipGroupEvent, vipGroupStream } from './messages.ts';
import { noVipGroup, type VipGroupState } from './state.ts';
import { owedByVipGroup } from './work.ts';

export * from './decide.ts';
export * from './errors.ts';
export * from './evolve.ts';
export * from './facts.ts';
export { ASK_AGAIN_MS, MAX_MEMBERS, MAX_VIPS, MAX_VRID, MIN_VIPS, SCAN_MS, TOP_PRIORITY } from './limits.ts';
export * from './messages.ts';
export * from './priority.ts';
export * from './state.ts';
export { owedByVipGroup } from './work.ts';

/** The VIP group as a decider: its messages, `decideVipGroup`, `evolveVipGroup` and `owedByVipGroup`. */
export const vipGroup: Decider<VipGroupState, VipGroupCommand, VipGroupEvent, VipGroupDecisionFacts, VipGroupRefusal, DomainCommand> = {
  name: 'vipGroup',
  foldVersion: 1,
  initial: noVipGroup,
  command: VipGroupCommand,
  event: VipGroupEvent,
  streamOf: (command) => vipGroupStream(command.vipGroupId),
  decide: decideVipGroup,
  evolve: evolveVipGroup,
  owed: owedByVipGroup,
  settle: (state, work, outcome) => (state.group === null ? undefined : { ...settlementOf(work.workId, outcome), vipGroupId: state.group.vipGroupId }),
  reply: () => ({}),
  answer: (state, operationId) => {
    const refused = state.refused.find((entry) => entry.operationId === operationId);
    if (refused !== undefined) return refused.refusal;
    const isReserving = state.lifecycle === 'reserving' && state.latest === operationId;
    return isReserving || state.group?.vips.some((vip) => vip.operationId === operationId && vip.number === null && state.lifecycle === 'active') === true ? 'pending' : 'accepted';
  },
};
