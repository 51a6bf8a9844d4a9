/** Watching tasks until they end: bars on a terminal, whole lines elsewhere. */
import { setTimeout as pause } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskBody } from '../../api/bodies/task.ts';
import type { ApiClient } from '../../client/index.ts';
import { ending, type Ending } from '../exit.ts';
import type { Io } from '../frame/io.ts';
import { liveBars, type Bar } from '../frame/progress.ts';
import { clean } from '../frame/text.ts';
import { orEnd } from '../service/serviceCommand.ts';
import { stepName } from '../show/tasks.ts';

const LOOK_MS = 250;

/** True for a task of which nothing follows. A failed one waits for somebody. */
export const hasEnded = ({ status }: TaskBody): boolean => status !== 'queued' && status !== 'running' && status !== 'waiting';

/** `12 CreateBlockVolume`. */
export const titleOf = ({ id, type }: TaskBody): string => `${id} ${type}`;

/** What it is doing, in a few words. */
export const doingOf = (task: TaskBody): string => {
  if (task.status === 'running' || task.status === 'queued') return stepName(task.step) ?? task.status;
  return `${task.status}${task.error === null ? '' : `: ${task.error.message}`}`;
};

const barOf = (task: TaskBody): Bar => ({ label: titleOf(task), part: task.progress === null ? (task.status === 'succeeded' ? 1 : null) : task.progress.percent / 100, note: doingOf(task) });

const GONE_ON = ending('interrupted', 'no longer watched; the work goes on', 'look at it again with `blockledger task watch`');

/** Calls `see` with every picture until all have ended. Right: how they ended. */
const follow = async (client: ApiClient, refs: readonly (number | string)[], io: Io, see: (tasks: readonly TaskBody[]) => void): Promise<E.Either<Ending, readonly TaskBody[]>> => {
  for (;;) {
    const looked = await Promise.all(refs.map(async (task) => client.getTask({ path: { task } })));
    const tasks = E.sequenceArray(looked.map((one) => E.map(({ body }: { readonly body: { readonly task: TaskBody } }) => body.task)(orEnd(one))));
    if (E.isLeft(tasks)) return tasks;
    see(tasks.right);
    if (tasks.right.every(hasEnded)) return tasks;
    await pause(LOOK_MS, undefined, { signal: io.signal }).catch(() => undefined);
    if (io.signal.aborted) return E.left(GONE_ON);
  }
};

/** Watches some tasks. Ctrl-C stops the watching, not the work. */
export const watchTasks = async (client: ApiClient, refs: readonly (number | string)[], io: Io): Promise<E.Either<Ending, readonly TaskBody[]>> => {
  const bars = await liveBars(io);
  const said = new Map<number, string>();
  const ended = await follow(client, refs, io, (tasks) => {
    if (io.noteScreen.terminal) return bars.show(tasks.map(barOf));
    for (const task of tasks) {
      const line = `${titleOf(task)}: ${clean(doingOf(task))}${task.progress === null || hasEnded(task) ? '' : ` ${Math.floor(task.progress.percent)} %`}`;
      if (said.get(task.id) === line) continue;
      said.set(task.id, line);
      io.note(`${line}\n`);
    }
  });
  bars.end();
  return ended;
};
