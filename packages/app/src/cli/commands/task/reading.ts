/** `blockledger task list`, `task show`, `task watch`. */
import * as E from 'fp-ts/lib/Either.js';
import { EXIT_CODES } from '../../exit.ts';
import { TASK_STATUSES, TASK_TYPES } from '../../../api/bodies/task.ts';
import { flag, maybe, several } from '../../frame/parts.ts';
import { oneOf } from '../../frame/readers.ts';
import { aboutOf, aboutParts } from '../../service/about.ts';
import { listCommand } from '../../service/list.ts';
import { recordCommand } from '../../service/record.ts';
import { taskRef } from '../../service/refs.ts';
import { orEnd, serviceCommand } from '../../service/serviceCommand.ts';
import { given } from '../../show/given.ts';
import { listText } from '../../show/lists.ts';
import { taskColumns, taskFields } from '../../show/tasks.ts';
import { watchTasks } from '../../tasks/watch.ts';

export const taskList = listCommand({
  words: 'task list',
  summary: 'List tasks, the newest first: what is being done, and what was',
  noun: 'task',
  options: {
    status: several('--status <status>', 'only those that stand so; may be given several times', oneOf(...TASK_STATUSES)),
    type: maybe('--type <type>', 'only those of this type', oneOf(...TASK_TYPES)),
    ...aboutParts,
  },
  examples: [
    { line: 'blockledger task list --status failed', does: 'what waits for somebody' },
    { line: 'blockledger task list --volume 1', does: 'what was done with volume 1' },
  ],
  call: async (client, { status, type, ...resource }, limit) => {
    const about = await aboutOf(client, resource);
    if (E.isLeft(about)) return about;
    return orEnd(await client.listTasks({ query: { ...given({ status: status.length === 0 ? undefined : status, type }), ...about.right, sort: '-id', limit } }));
  },
  rows: (body) => body.tasks,
  columns: taskColumns,
});

export const taskShow = recordCommand({
  kind: 'task',
  words: 'task show',
  summary: 'Show everything about a task',
  examples: [{ line: 'blockledger task show 1', does: 'task 1' }],
  call: async (client, task) => client.getTask({ path: { task } }),
  resource: (body) => body.task,
  fields: taskFields,
});

const MOST_WATCHED = 200;

export const taskWatch = serviceCommand({
  words: 'task watch',
  summary: 'Show tasks with their progress until they have ended',
  about: 'Without a task, all that run. Ctrl-C stops the watching, never the work.',
  shows: 'report',
  takes: { tasks: several('[task...]', 'numbers or UUIDs', taskRef) },
  options: { failed: flag('--failed', 'also those that failed and wait for somebody') },
  examples: [{ line: 'blockledger task watch', does: 'everything that runs' }],
  run: async ({ tasks, failed }, { client }, io) => {
    let refs: readonly (number | string)[] = tasks;
    if (refs.length === 0) {
      const statuses = ['queued', 'running', 'waiting', ...(failed ? ['failed' as const] : [])] as const;
      const listed = orEnd(await client.listTasks({ query: { status: statuses, sort: '-id', limit: MOST_WATCHED } }));
      if (E.isLeft(listed)) return listed;
      refs = listed.right.body.tasks.map(({ id }) => id).toReversed();
    }
    const watched = await watchTasks(client, refs, io);
    if (E.isLeft(watched)) return watched;
    const rows = watched.right;
    const isWell = rows.every(({ status }) => status === 'succeeded');
    return E.right({ json: { tasks: rows }, show: (screen) => listText(screen, { columns: taskColumns(io), rows, noun: 'task' }), code: isWell ? EXIT_CODES.done : EXIT_CODES.failed });
  },
});
