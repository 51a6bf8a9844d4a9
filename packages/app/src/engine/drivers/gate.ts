/** Whether work of a pool may run just now: its backend is here, it is not paused, and its log is not behind its backend. */
import type { Perform, PoolState } from '@blockledger/domain';
import type { States } from '../../queries/states.ts';
import type { Engine } from '../parts.ts';
import { isDestructive, type Marks } from './marks.ts';

export interface Gate {
  /** Why this work is kept and not run, or undefined. */
  readonly closed: (work: Perform) => string | undefined;
  /** Called with a pool whose gate may have opened. */
  readonly onOpened: (listener: (poolId: string) => void) => void;
}

export const makeGate = (backends: Engine['backends'], states: States, marks: Marks): Gate => {
  const listeners: ((poolId: string) => void)[] = [];
  const opened = (poolId: string): void => {
    for (const listener of listeners) listener(poolId);
  };
  states.onChange(({ kind, before, after, stream }) => {
    if (kind !== 'pool') return;
    const wasPaused = (before as PoolState).pool?.paused ?? null;
    if (wasPaused !== null && ((after as PoolState).pool?.paused ?? null) === null) opened(stream.slice('pool-'.length));
  });
  marks.onAccepted(opened);
  return {
    closed: ({ poolId, action }) => {
      const pool = states.poolState(poolId)?.pool;
      const { backend } = action.volume.placement;
      if (!backends.has(backend)) return `this process has no backend named "${backend}"`;
      const paused = pool?.paused ?? null;
      if (paused !== null) return `the pool is paused: ${paused}`;
      if (isDestructive(action) && marks.standing(poolId) === 'ahead') return 'the log is behind the backend: it was restored from an old backup';
      return undefined;
    },
    onOpened: (listener) => void listeners.push(listener),
  };
};
