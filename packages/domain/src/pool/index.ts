/** Pools: where volumes live, how much may be promised there, whether work runs. */
import type { Decider } from '../kernel/decider.ts';
import { settlementOf } from '../kernel/settlement.ts';
import type { DomainCommand } from '../messages.ts';
import { decidePool } from './decide.ts';
import type { PoolRefusal } from './errors.ts';
import { evolvePool } from './evolve.ts';
import type { PoolDecisionFacts } from './facts.ts';
import { PoolCommand, PoolEvent, poolStream } from './messages.ts';
import { noPool, type PoolState } from './state.ts';
import { owedByPool } from './work.ts';

export * from './decide.ts';
export * from './errors.ts';
export * from './evolve.ts';
export * from './facts.ts';
export { DEFAULT_OVER_SUBSCRIPTION, MAX_OVER_SUBSCRIPTION, MIN_OVER_SUBSCRIPTION } from './limits.ts';
export * from './messages.ts';
export * from './state.ts';
export { owedByPool } from './work.ts';

/** The pool as a decider: its messages, `decidePool`, `evolvePool` and `owedByPool`. */
export const pool: Decider<PoolState, PoolCommand, PoolEvent, PoolDecisionFacts, PoolRefusal, DomainCommand> = {
  name: 'pool',
  foldVersion: 1,
  initial: noPool,
  command: PoolCommand,
  event: PoolEvent,
  streamOf: (command) => poolStream(command.poolId),
  decide: decidePool,
  evolve: evolvePool,
  owed: owedByPool,
  settle: (state, work, outcome) => (state.pool === null ? undefined : { ...settlementOf(work.workId, outcome), poolId: state.pool.poolId }),
  reply: () => ({}),
  answer: (state, operationId) => {
    const refused = state.refused.find((entry) => entry.operationId === operationId);
    if (refused !== undefined) return refused.refusal;
    return state.operationId === operationId && state.lifecycle === 'registering' ? 'pending' : 'accepted';
  },
};
