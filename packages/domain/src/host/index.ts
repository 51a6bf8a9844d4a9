/** Hosts: gateways and arrays that offer targets and hold virtual IPs, with their addresses. */
import type { Decider } from '../kernel/decider.ts';
import { settlementOf } from '../kernel/settlement.ts';
import type { DomainCommand } from '../messages.ts';
import { decideHost } from './decide.ts';
import type { HostRefusal } from './errors.ts';
import { evolveHost } from './evolve.ts';
import type { HostDecisionFacts } from './facts.ts';
import { HostCommand, HostEvent, hostStream } from './messages.ts';
import { noHost, type HostState } from './state.ts';
import { owedByHost } from './work.ts';

export * from './decide.ts';
export * from './errors.ts';
export * from './evolve.ts';
export * from './facts.ts';
export { ADMISSION_SETTLES_MS, MAX_ADDRESSES, MAX_HOST_REASON } from './limits.ts';
export * from './messages.ts';
export * from './state.ts';
export { owedByHost } from './work.ts';

/** The host as a decider: its messages, `decideHost`, `evolveHost` and `owedByHost`. */
export const host: Decider<HostState, HostCommand, HostEvent, HostDecisionFacts, HostRefusal, DomainCommand> = {
  name: 'host',
  foldVersion: 1,
  initial: noHost,
  command: HostCommand,
  event: HostEvent,
  streamOf: (command) => hostStream(command.hostId),
  decide: decideHost,
  evolve: evolveHost,
  owed: owedByHost,
  settle: (state, work, outcome) => (state.host === null ? undefined : { ...settlementOf(work.workId, outcome), hostId: state.host.hostId }),
  reply: () => ({}),
  answer: (state, operationId) => {
    const refused = state.refused.find((entry) => entry.operationId === operationId);
    if (refused !== undefined) return refused.refusal;
    const isReserving = state.operationId === operationId && state.lifecycle === 'registering';
    return isReserving || state.host?.addresses.some((held) => held.operationId === operationId && held.number === null) === true ? 'pending' : 'accepted';
  },
};
