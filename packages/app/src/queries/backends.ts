/** Backends as operators see them: what this process has, what pools name, what is paused, what runs just now. */
import type { BackendState, BlockBackend, TargetBackend } from '@blockledger/domain';
import type { LiveWorks } from '../engine/drivers/live.ts';
import type { Index } from './indexes.ts';
import type { States } from './states.ts';
import type { BackendCallView, BackendView } from './backendViews.ts';

export interface BackendQueries {
  /** Undefined for a name that neither this process nor a pool nor a pause knows. */
  readonly get: (name: string) => BackendView | undefined;
  /** In the order of their names. */
  readonly list: () => readonly BackendView[];
  /** True where this process has it, for volumes or for targets, or a pool is on it. */
  readonly isKnown: (name: string) => boolean;
}

export interface BackendParts {
  readonly states: States;
  readonly backends: ReadonlyMap<string, BlockBackend>;
  readonly targets: ReadonlyMap<string, TargetBackend>;
  readonly pools: Index;
  readonly live: LiveWorks;
}

/** Make it before the log is replayed. */
export const makeBackends = ({ states, backends, targets, pools, live }: BackendParts): BackendQueries => {
  const paused = new Set<string>();
  states.onChange(({ kind, after }) => {
    if (kind !== 'backend') return;
    const { backend, paused: pause } = after as BackendState;
    if (backend === null) return;
    if (pause === null) paused.delete(backend);
    else paused.add(backend);
  });

  const placed = (): readonly { readonly backend: string; readonly id: string; readonly number: number | null; readonly name: string }[] =>
    [...pools.ids()].flatMap((id) => {
      const pool = states.poolState(id)?.pool;
      return pool === undefined || pool === null ? [] : [{ backend: pool.placement.backend, id, number: pool.number, name: pool.name }];
    });

  const view = (name: string): BackendView => {
    const backend = backends.get(name);
    const target = targets.get(name);
    const own = placed().flatMap(({ backend: its, ...pool }) => (its === name ? [pool] : []));
    const works = live.onBackend(name);
    const inPhase = (phase: (typeof works)[number]['phase']) => works.filter((work) => work.phase === phase);
    return {
      kind: 'backend',
      name,
      type: backend?.kind ?? target?.kind ?? null,
      // Targets are no help to pools whose volumes are not here.
      present: backend !== undefined || (target !== undefined && own.length === 0),
      capabilities: backend?.capabilities ?? null,
      targets: target === undefined ? null : { type: target.kind, capabilities: target.capabilities },
      paused: states.backendState(name)?.paused ?? null,
      pools: own,
      calls: inPhase('running').map(({ operationId, workId, step, attempts, progress }): BackendCallView => ({ taskId: operationId, workId, step, attempts, progress })),
      queuedCount: inPhase('queued').length,
      waitingCount: inPhase('waiting').length,
    };
  };

  const isKnown = (name: string): boolean => backends.has(name) || targets.has(name) || placed().some(({ backend }) => backend === name);

  return {
    isKnown,
    get: (name) => (isKnown(name) || paused.has(name) ? view(name) : undefined),
    list: () => [...new Set([...backends.keys(), ...targets.keys(), ...placed().map(({ backend }) => backend), ...paused])].toSorted().map(view),
  };
};
