/** Whether work of a pool may run just now: the process is not about to end, its backend is here, neither is paused, and its log is not behind its backend. */
import type { BackendState, Perform, PoolState } from '@blockledger/domain';
import type { States } from '../../queries/states.ts';
import type { Kind } from '../commands/aggregates.ts';
import type { Engine } from '../parts.ts';
import { isDestructive, type Marks } from './marks.ts';

export interface Gate {
  /** Why this work is kept and not run, or undefined. */
  readonly closed: (work: Perform) => string | undefined;
  /** Closes every gate for good. */
  readonly shut: (reason: string) => void;
  /** Called when a gate may have opened. */
  readonly onOpened: (listener: () => void) => void;
}

export const makeGate = (backends: Engine['backends'], states: States, marks: Marks): Gate => {
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
    closed: ({ poolId, action }) => {
      if (isShut !== undefined) return isShut;
      const pool = states.poolState(poolId)?.pool;
      const { backend } = action.volume.placement;
      if (!backends.has(backend)) return `this process has no backend named "${backend}"`;
      const maintained = states.backendState(backend)?.paused ?? null;
      if (maintained !== null) return `the backend "${backend}" is paused: ${maintained.reason}`;
      const paused = pool?.paused ?? null;
      if (paused !== null) return `the pool is paused: ${paused}`;
      if (isDestructive(action) && marks.standing(poolId) === 'ahead') return 'the log is behind the backend: it was restored from an old backup';
      return undefined;
    },
    onOpened: (listener) => void listeners.push(listener),
  };
};
