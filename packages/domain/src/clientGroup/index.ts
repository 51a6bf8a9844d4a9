/** Client groups: initiators that see the same volumes, and the account by which targets prove themselves to them. */
import type { Decider } from '../kernel/decider.ts';
import { settlementOf } from '../kernel/settlement.ts';
import type { DomainCommand } from '../messages.ts';
import { decideClientGroup } from './decide.ts';
import type { ClientGroupRefusal } from './errors.ts';
import { evolveClientGroup } from './evolve.ts';
import type { ClientGroupDecisionFacts } from './facts.ts';
import { ClientGroupCommand, ClientGroupEvent, clientGroupStream } from './messages.ts';
import { noClientGroup, type ClientGroupState } from './state.ts';
import { owedByClientGroup } from './work.ts';

export * from './decide.ts';
export * from './errors.ts';
export * from './evolve.ts';
export * from './facts.ts';
export { MAX_CLIENTS } from './limits.ts';
export * from './messages.ts';
export * from './state.ts';
export { owedByClientGroup } from './work.ts';

/** The client group as a decider: its messages, `decideClientGroup`, `evolveClientGroup` and `owedByClientGroup`. */
export const clientGroup: Decider<ClientGroupState, ClientGroupCommand, ClientGroupEvent, ClientGroupDecisionFacts, ClientGroupRefusal, DomainCommand> = {
  name: 'clientGroup',
  foldVersion: 2,
  initial: noClientGroup,
  command: ClientGroupCommand,
  event: ClientGroupEvent,
  streamOf: (command) => clientGroupStream(command.clientGroupId),
  decide: decideClientGroup,
  evolve: evolveClientGroup,
  owed: owedByClientGroup,
  settle: (state, work, outcome) => (state.group === null ? undefined : { ...settlementOf(work.workId, outcome), clientGroupId: state.group.clientGroupId }),
  reply: () => ({}),
  answer: (state, operationId) => {
    const refused = state.refused.find((entry) => entry.operationId === operationId);
    if (refused !== undefined) return refused.refusal;
    const isReserving = state.operationId === operationId && state.lifecycle === 'creating';
    return isReserving || state.rename?.operationId === operationId ? 'pending' : 'accepted';
  },
};
