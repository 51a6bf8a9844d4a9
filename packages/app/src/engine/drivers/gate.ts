/** Whether work may run just now: the process is not about to end, its backend is here, neither it nor a pool or host that it works on is paused, and the log is not behind its backend. */
import { placeOf, type BackendState, type HostState, type Perform, type PoolId, type PoolState } from '@blockledger/domain';
import type { Callees } from '../backends/callees.ts';
import type { Index } from '../../queries/indexes.ts';
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

export interface GateParts {
  readonly callees: Callees;
  readonly states: States;
  readonly marks: Marks;
  readonly hosts: Pick<Index, 'named' | 'idAt'>;
}

export const makeGate = ({ callees, states, marks, hosts }: GateParts): Gate => {
  const listeners: (() => void)[] = [];
  let isShut: string | undefined;
  const opened = (): void => {
    for (const listener of listeners) listener();
  };
  const pauseOf = (kind: Kind, state: unknown): unknown => {
    if (kind === 'pool') return (state as PoolState).pool?.paused ?? null;
    if (kind === 'host') return (state as HostState).host?.paused ?? null;
    return kind === 'backend' ? (state as BackendState).paused : null;
  };
  const pauseOfPool = (poolId: PoolId): string | null => states.poolState(poolId)?.pool?.paused ?? null;
  /** Cloning and flattening read what may be in another pool. */
  const pauseOfParent = ({ action }: Perform & { readonly on: 'block' }): string | null => {
    if (action.do !== 'ensureVolume' && action.do !== 'ensureFlattened') return null;
    const parent = states.volumeState(action.volume.volumeId)?.volume?.parent ?? null;
    const pool = parent === null ? undefined : states.volumeState(parent.volume.volumeId)?.volume?.poolId;
    return pool === undefined ? null : pauseOfPool(pool);
  };
  /** Backends know hosts by their names. */
  const pauseOfHost = (name: string): string | undefined =>
    hosts
      .named(name)
      .flatMap((number) => states.hostState(hosts.idAt(number) ?? '') ?? [])
      .flatMap(({ host, lifecycle }) => (lifecycle === 'active' ? (host?.paused ?? []) : []))[0];
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
      if (work.on !== 'block') {
        const { host } = work.on === 'target' ? work.action.target.place : work.action.place;
        const paused = pauseOfHost(host);
        return paused === undefined ? undefined : `the host "${host}" is paused: ${paused}`;
      }
      const paused = pauseOfPool(work.poolId);
      if (paused !== null) return `the pool is paused: ${paused}`;
      const there = work.toPoolId === undefined ? null : pauseOfPool(work.toPoolId);
      if (there !== null) return `the pool that the volume moves to is paused: ${there}`;
      const above = pauseOfParent(work);
      if (above !== null) return `the pool of the volume it was cloned from is paused: ${above}`;
      if (isDestructive(work) && marks.standing(work.poolId) === 'ahead') return 'the log is behind the backend: it was restored from an old backup';
      return undefined;
    },
    onOpened: (listener) => void listeners.push(listener),
  };
};
