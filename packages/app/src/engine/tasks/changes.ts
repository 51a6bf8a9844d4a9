/** All tasks' changes as a loop. Each is the whole picture of a task, so a reader who is slow misses only pictures that are out of date. */
import { taskMatcher, type TaskQueries } from '../../queries/tasks.ts';
import type { TaskView } from '../../queries/views.ts';
import type { TaskChangesQuery } from '../../queries/workFilters.ts';

/** Ids of what changed and was not looked at since: each once, in the order of the first change. */
const makeChanged = (tasks: TaskQueries) => {
  const changed = new Set<string>();
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
    add: (id: string): void => void changed.add(id),
    next: (): string | undefined => {
      const [first] = changed;
      if (first !== undefined) changed.delete(first);
      return first;
    },
    wait: (): Promise<void> =>
      new Promise((resolve) => {
        rouse = resolve;
      }),
  };
};

/** Loops over tasks: first those that run or wait for a retry, then whatever changes. */
export const makeTaskChanges = (tasks: TaskQueries, closing: AbortSignal): ((query?: TaskChangesQuery) => AsyncIterable<TaskView>) => {
  async function* changes({ filter = {}, endedSince, signal }: TaskChangesQuery = {}): AsyncGenerator<TaskView, void> {
    const wanted = taskMatcher(filter);
    const passes = (task: TaskView): boolean =>
      (filter.resourceId === undefined || task.resource.id === filter.resourceId) && wanted({ ...task, kind: task.resource.kind }, () => task.status);
    const signals = signal === undefined ? [closing] : [closing, signal];
    const isOver = (): boolean => signals.some(({ aborted }) => aborted);
    const changed = makeChanged(tasks);
    for (const one of signals) one.addEventListener('abort', changed.wake);
    try {
      if (endedSince !== undefined) for (const id of tasks.endedSince(endedSince)) changed.add(id);
      for (const id of tasks.unfinished()) changed.add(id);
      while (!isOver()) {
        const id = changed.next();
        if (id === undefined) {
          await changed.wait();
          continue;
        }
        const task = tasks.get(id);
        if (task !== undefined && passes(task)) yield task;
      }
    } finally {
      changed.stop();
      for (const one of signals) one.removeEventListener('abort', changed.wake);
    }
  }
  return changes;
};
