/** What runs just now, for tasks: not events, gone with the process. */
import { placeOf, type PortError, type Progress } from '@blockledger/domain';
import type { OwedWork } from '../commands/aggregates.ts';
import type { ProgressNote } from '../controlPlane.ts';

/** One piece of work under way. `waiting`: between attempts, or kept because its pool is paused or its backend absent. */
export interface LiveWork {
  readonly workId: string;
  readonly operationId: string;
  readonly stream: string;
  readonly step: string;
  readonly phase: 'queued' | 'running' | 'waiting';
  readonly attempts: number;
  readonly progress: Progress | null;
  readonly error: PortError | null;
  /** Why it waits, where that is not an error. */
  readonly reason: string | null;
  /** The backend that is called; null for work that tells other aggregates. */
  readonly backend: string | null;
}

export interface LiveWorks {
  readonly update: (stream: string, work: OwedWork, change: Partial<Pick<LiveWork, 'phase' | 'attempts' | 'progress' | 'error' | 'reason'>>) => void;
  readonly remove: (stream: string, work: OwedWork) => void;
  /** The works of an operation, over all streams. */
  readonly of: (operationId: string) => readonly LiveWork[];
  /** The works of a backend, of all operations. */
  readonly onBackend: (name: string) => readonly LiveWork[];
  /** Called with the operation whose live work changed. */
  readonly onChange: (listener: (operationId: string) => void) => () => void;
  readonly onProgress: (listener: (note: ProgressNote) => void) => () => void;
}

const listenable = <A>() => {
  const listeners = new Set<(value: A) => void>();
  return {
    say: (value: A): void => {
      for (const listener of listeners) listener(value);
    },
    listen: (listener: (value: A) => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
};

export const makeLiveWorks = (): LiveWorks => {
  const byOperation = new Map<string, Map<string, LiveWork>>();
  const changes = listenable<string>();
  const progress = listenable<ProgressNote>();
  const keyOf = (stream: string, work: OwedWork): string => `${stream} ${work.workId}`;

  return {
    update: (stream, work, change) => {
      const { workId, operationId, step } = work;
      const works = byOperation.get(operationId) ?? new Map<string, LiveWork>();
      const fresh: LiveWork = { workId, operationId, stream, step, phase: 'queued', attempts: 0, progress: null, error: null, reason: null, backend: work.kind === 'perform' ? placeOf(work).backend : null };
      works.set(keyOf(stream, work), { ...(works.get(keyOf(stream, work)) ?? fresh), ...change });
      byOperation.set(operationId, works);
      if (change.progress !== undefined && change.progress !== null) progress.say({ taskId: operationId, workId, step, progress: change.progress });
      changes.say(operationId);
    },
    remove: (stream, work) => {
      const works = byOperation.get(work.operationId);
      if (works?.delete(keyOf(stream, work)) !== true) return;
      if (works.size === 0) byOperation.delete(work.operationId);
      changes.say(work.operationId);
    },
    of: (operationId) => [...(byOperation.get(operationId)?.values() ?? [])],
    onBackend: (name) => [...byOperation.values()].flatMap((works) => [...works.values()].filter(({ backend }) => backend === name)),
    onChange: changes.listen,
    onProgress: progress.listen,
  };
};
