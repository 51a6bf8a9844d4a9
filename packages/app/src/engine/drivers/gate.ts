/** Whether work of a pool may run just now: the process is not about to end, its backend is here, neither is paused, and its log is not behind its backend. */
import { placeOf, type BackendState, type Perform, type PoolState } from '@blockledger/domain';
import type { Callees } from '../backends/callees.ts';
import type { States } from '../../queries/states.ts';
import type { Kind } from '../commands/aggregates.ts';
import { isDestructive, type Marks } from './marks.ts';

export interface Gate {
  /** Why this work is kept and not run, or undefined. */
  readonly closed: (work: Perform) => string | undefined;
  /** Closes every gate for good. */
  readonly shut: (reason: string) => void;
  /** Called when a gate may have opened. */
  readonly onOpened: (listener: () => void) => void;
}

export const makeGate = (callees: Callees, states: States, marks: Marks): Gate => {
  const listeners: (() => void)[] = [];
  let isShut: string | undefined;
  const opened = (): void => {
    for (const listener of listeners) listener();
  };
  const pauseOf = (kind: Kind, state: unknown): unknown => {
    if (kind === 'pool') return (state as PoolState).pool?.paused ?? null;
    return kind === 'backend' ? (state as BackendState).paused : null;
  };
  states.onChange(({ kind, before, after }) => {
    if (pauseOf(kind, before) !== null && pauseOf(kind, after) === null) opened();
  });
  marks.onAccepted(opened);
  return {
    shut: (reason) => {
      isShut = reason;
    },
    closed: (work) => {
      if (isShut !== undefined) return isShut;
      const { backend } = placeOf(work);
      if (callees.of(work) === undefined) return `this process has no backend named "${backend}"`;
      const maintained = states.backendState(backend)?.paused ?? null;
      if (maintained !== null) return `the backend "${backend}" is paused: ${maintained.reason}`;
      const paused = work.on === 'block' ? (states.poolState(work.poolId)?.pool?.paused ?? null) : null;
      if (paused !== null) return `the pool is paused: ${paused}`;
      if (isDestructive(work) && marks.standing(work.poolId) === 'ahead') return 'the log is behind the backend: it was restored from an old backup';
      return undefined;
    },
    onOpened: (listener) => void listeners.push(listener),
  };
};
