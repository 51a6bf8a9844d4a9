/** All tasks' changes as a loop. Each is the whole picture of a task, so a reader who is slow misses only pictures that are out of date. */
import { taskMatcher, type TaskQueries } from '../../queries/tasks.ts';
import type { States } from '../../queries/states.ts';
import type { TaskView } from '../../queries/views.ts';
import type { TaskChangesQuery } from '../../queries/workFilters.ts';
import type { TaskChanges } from '../controlPlane.ts';

/** Ids of what changed and was not looked at since: each once, in the order of the first change. */
const makeChanged = (tasks: TaskQueries) => {
  let changed = new Set<string>();
  let rouse: (() => void) | undefined;
  const wake = (): void => {
    rouse?.();
    rouse = undefined;
  };
  const stop = tasks.onChange((id) => {
    changed.add(id);
    wake();
  });
  return {
    stop,
    wake,
    add: (ids: readonly string[]): void => {
      for (const id of ids) changed.add(id);
    },
    /** It was looked at: a change before this is nothing new. */
    seen: (id: string): void => void changed.delete(id),
    takeAll: (): readonly string[] => {
      const all = [...changed];
      changed = new Set();
      return all;
    },
    wait: (): Promise<void> =>
      new Promise((resolve) => {
        rouse = resolve;
      }),
  };
};

/** A task to look at, and how far whoever has seen it has seen all ends. */
interface Next {
  readonly id: string;
  readonly position: number;
}

/** What has ended goes first, in the order of the ends: at each of them the reader may stop, and goes on there another time. */
const inOrder = (tasks: TaskQueries, ids: readonly string[], head: number): readonly Next[] => {
  const sorted = ids.map((id) => ({ id, end: tasks.endedBy(id) ?? Infinity })).toSorted((a, b) => (a.end === b.end ? 0 : a.end - b.end));
  return sorted.map(({ id }, at) => ({ id, position: Math.min(head, (sorted[at + 1]?.end ?? Infinity) - 1) }));
};

export interface ChangesParts {
  readonly tasks: TaskQueries;
  readonly states: Pick<States, 'head'>;
  readonly closing: AbortSignal;
}

/** Loops over tasks: first those that run or wait for a retry, then whatever changes. */
export const makeTaskChanges =
  ({ tasks, states, closing }: ChangesParts): ((query?: TaskChangesQuery) => TaskChanges) =>
  ({ filter = {}, endedAfter = states.head(), signal } = {}) => {
    const wanted = taskMatcher(filter);
    const passes = (task: TaskView): boolean =>
      (filter.resourceId === undefined || task.resource.id === filter.resourceId) && wanted({ ...task, kind: task.resource.kind }, () => task.status);
    const signals = signal === undefined ? [closing] : [closing, signal];
    const isOver = (): boolean => signals.some(({ aborted }) => aborted);
    let position = endedAfter;

    async function* iterate(): AsyncGenerator<TaskView, void> {
      const changed = makeChanged(tasks);
      for (const one of signals) one.addEventListener('abort', changed.wake);
      try {
        changed.add(tasks.endedAfter(position));
        changed.add(tasks.unfinished());
        while (!isOver()) {
          const ids = changed.takeAll();
          if (ids.length === 0) {
            await changed.wait();
            continue;
          }
          // Whatever ends from here on ends behind this position.
          for (const next of inOrder(tasks, ids, states.head())) {
            const task = tasks.get(next.id);
            changed.seen(next.id);
            position = next.position;
            if (task !== undefined && passes(task)) yield task;
            if (isOver()) return;
          }
        }
      } finally {
        changed.stop();
        for (const one of signals) one.removeEventListener('abort', changed.wake);
      }
    }

    return { position: () => position, [Symbol.asyncIterator]: iterate };
  };
