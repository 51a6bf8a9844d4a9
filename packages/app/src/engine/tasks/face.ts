/** Waiting for tasks and watching them. */
import type { Clock, Refusal } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { hasEnded, type TaskQueries } from '../../queries/tasks.ts';
import type { ResourceRef, TaskView } from '../../queries/views.ts';
import { OVER } from '../../system/over.ts';
import { notFound, refuseEngine } from '../refusals.ts';
import { TaskWatchEnded } from './ended.ts';

export interface TaskWaits {
  readonly await: (ref: ResourceRef, timeoutMs?: number) => Promise<E.Either<Refusal, TaskView>>;
  readonly watch: (ref: ResourceRef, options?: { readonly signal?: AbortSignal }) => AsyncIterable<TaskView>;
}

const unknown = (ref: ResourceRef): Refusal => notFound('task', ref);

/** Resolves at the task's next change, or when the signal is given. */
const nextChange = (tasks: TaskQueries, id: string, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const finish = (): void => {
      stop();
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const stop = tasks.onChange((changed) => {
      if (changed === id) finish();
    });
    if (signal.aborted) finish();
    else signal.addEventListener('abort', finish);
  });

export const makeTaskWaits = (tasks: TaskQueries, clock: Clock, defaultTimeoutMs: number, closing: AbortSignal): TaskWaits => {
  /** Yields the task whenever it changed. Changes that come while the reader is busy are seen as one. */
  async function* watch(ref: ResourceRef, { signal: ending }: { readonly signal?: AbortSignal } = {}): AsyncGenerator<TaskView, void> {
    let task = tasks.get(ref);
    if (task === undefined) throw new TaskWatchEnded(unknown(ref));
    while (task !== undefined) {
      const seen = task;
      // Listening begins before the reader is given the task, so that nothing is missed.
      const done = new AbortController();
      const signal = AbortSignal.any(ending === undefined ? [closing, done.signal] : [closing, ending, done.signal]);
      const change = hasEnded(seen) ? undefined : nextChange(tasks, seen.id, signal);
      try {
        yield seen;
        if (change === undefined || signal.aborted) return;
        await change;
        if (ending?.aborted === true) return;
      } finally {
        done.abort(OVER);
      }
      task = tasks.get(seen.id);
    }
  }

  return {
    watch,
    await: async (ref, timeoutMs = defaultTimeoutMs) => {
      const first = tasks.get(ref);
      if (first === undefined) return E.left(unknown(ref));
      const late = new AbortController();
      const enough = new AbortController();
      void clock.sleep(timeoutMs, enough.signal).then(() => late.abort(OVER));
      try {
        for (let task: TaskView | undefined = first; task !== undefined; task = tasks.get(first.id)) {
          if (hasEnded(task)) return E.right(task);
          if (late.signal.aborted) return E.left(refuseEngine('TimedOut', `task ${task.id} has not ended within ${timeoutMs} ms`, { operationId: task.id }));
          if (closing.aborted) return E.left(refuseEngine('PlaneIsClosed', 'the control plane was closed'));
          await nextChange(tasks, task.id, AbortSignal.any([late.signal, closing]));
        }
        return E.left(unknown(ref));
      } finally {
        enough.abort(OVER);
      }
    },
  };
};
