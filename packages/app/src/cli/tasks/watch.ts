/** Watching tasks until they end: bars on a terminal, whole lines elsewhere. */
import * as E from 'fp-ts/lib/Either.js';
import type { TaskBody } from '../../api/bodies/task.ts';
import type { ApiClient } from '../../client/index.ts';
import { ending, type Ending } from '../exit.ts';
import type { Io } from '../frame/io.ts';
import { liveBars, type Bar } from '../frame/progress.ts';
import { clean } from '../frame/text.ts';
import type { Ref } from '../service/refs.ts';
import { followTasks, hasEnded } from './follow.ts';

/** `12 CreateBlockVolume`. */
export const titleOf = ({ id, type }: TaskBody): string => `${id} ${type}`;

/** What it is doing, in a few words. */
export const doingOf = (task: TaskBody): string => {
  if (task.status === 'running' || task.status === 'queued') return task.step ?? task.status;
  // What went wrong before somebody gave it up is no news.
  return `${task.status}${task.error === null || task.status === 'cancelled' ? '' : `: ${task.error.message}`}`;
};

const barOf = (task: TaskBody, absent: boolean): Bar => ({
  label: titleOf(task),
  part: task.status === 'succeeded' ? 1 : task.progress === null ? null : task.progress.percent / 100,
  note: absent && !hasEnded(task) ? ABSENT : doingOf(task),
});

const MOST_NAMED = 8;

const goneOn = (refs: readonly Ref[]): Ending => ending('interrupted', 'no longer watched; the work goes on', `look at it again with \`blockledger task watch${refs.length > MOST_NAMED ? '' : ` ${refs.join(' ')}`}\``);

const ABSENT = 'the service does not answer; it is waited for';

/** Between two steps nothing is under way for a moment, which is no news. */
const isBetween = ({ status, step }: TaskBody): boolean => status === 'queued' && step === null;

/** Says every change on a line of its own, once. */
const lines = (io: Io): ((tasks: readonly TaskBody[], absent: boolean) => void) => {
  const said = new Map<number | string, string>();
  const say = (about: number | string, line: string): void => {
    if (said.get(about) === line) return;
    said.set(about, line);
    if (line !== '') io.note(`${line}\n`);
  };
  return (tasks, absent) => {
    say('', absent ? ABSENT : '');
    for (const task of tasks) if (!isBetween(task) || !said.has(task.id)) say(task.id, `${titleOf(task)}: ${clean(doingOf(task))}${task.progress === null || hasEnded(task) ? '' : ` ${Math.floor(task.progress.percent)} %`}`);
  };
};

/** Watches some tasks. Ctrl-C stops the watching, not the work; then the last picture stays. */
export const watchTasks = async (client: ApiClient, refs: readonly Ref[], io: Io): Promise<E.Either<Ending, readonly TaskBody[]>> => {
  const { signal } = io;
  const bars = await liveBars(io);
  const see = io.noteScreen.terminal ? (tasks: readonly TaskBody[], absent: boolean): void => bars.show(tasks.map((task) => barOf(task, absent))) : lines(io);
  const ended = await followTasks({ client, refs, signal, see });
  bars.end(signal.aborted);
  return signal.aborted ? E.left(goneOn(refs)) : ended;
};
