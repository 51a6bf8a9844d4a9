/** Backends: whether work on them runs, or is kept while somebody maintains them. */
import type { Decider } from '../kernel/decider.ts';
import { decideBackend } from './decide.ts';
import type { BackendRefusal } from './errors.ts';
import { evolveBackend } from './evolve.ts';
import type { BackendFacts } from './facts.ts';
import { BackendCommand, BackendEvent, backendStream } from './messages.ts';
import { noBackend, type BackendState } from './state.ts';
import { owedByBackend } from './work.ts';

export * from './decide.ts';
export * from './errors.ts';
export * from './evolve.ts';
export * from './facts.ts';
export * from './limits.ts';
export * from './messages.ts';
export * from './state.ts';
export { owedByBackend } from './work.ts';

/** The backend as a decider: its messages, `decideBackend`, `evolveBackend` and `owedByBackend`. */
export const backend: Decider<BackendState, BackendCommand, BackendEvent, BackendFacts, BackendRefusal, never> = {
  name: 'backend',
  foldVersion: 1,
  initial: noBackend,
  command: BackendCommand,
  event: BackendEvent,
  streamOf: (command) => backendStream(command.backend),
  decide: decideBackend,
  evolve: evolveBackend,
  owed: owedByBackend,
  settle: () => undefined,
  reply: () => ({}),
  answer: () => 'accepted',
};
