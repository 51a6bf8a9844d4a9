/** What happens, as it happens. */
import { EventMessageBody } from '../bodies/event.ts';
import { EVENT_SUBJECTS } from '../bodies/subjects.ts';
import { TASK_STATUSES, TASK_TYPES, TaskBody } from '../bodies/task.ts';
import { closed } from '../closed.ts';
import { stream } from '../operation.ts';
import { anyText, flag, oneOf, position, someOf, someTexts } from '../parameters.ts';

const tag = 'events';
const ENDING = 'The last event is `bye`, whose data says why the service ended the stream: `shutdown`, `ended`, `slow`, `token`, `failed`.';
const task = closed({ task: TaskBody }, {});

export const eventOperations = {
  watchEvents: stream({
    path: '/events',
    tag,
    summary: 'Stream events of the log, each once and in order, from any position on',
    description: `Each event has its type as \`event\` and its position as \`id\`. A stream that was cut goes on with \`Last-Event-ID\` without gap or duplicate. Now and then an event \`position\` tells how far the log was looked through where the filter lets little through. ${ENDING}`,
    query: {
      from: position('After which event to begin: `now` (the default) for what comes, `start` (or −1) for everything, or its position.'),
      follow: flag('With `false` the stream ends behind what is in the log now, with `ended`. Default: `true`.'),
      kind: someOf('Only events about these. Without it: volumes, snapshots, pools and backends; the others are for admins.', EVENT_SUBJECTS),
      id: someTexts('Only events about the resources with these UUIDs, with commas between them.'),
      type: someTexts('Only events of these types, such as `VolumeCreated`, with commas between them.'),
      tenant: anyText('Only events of this tenant. A token with a tenant sees that one only anyway.'),
    },
    event: EventMessageBody,
  }),
  watchTask: stream({
    path: '/tasks/{task}/events',
    tag,
    summary: 'Stream a task until it ends: how it stands now, then each change and progress',
    description: `Each event is called \`task\` and is the whole picture, so a stream that was cut is simply asked for again. ${ENDING}`,
    event: task,
  }),
  watchTasks: stream({
    path: '/tasks:watch',
    tag,
    summary: 'Stream all tasks: those that run or wait for a retry, then each change and progress of any',
    description: `Each event is called \`task\` and is the whole picture; its \`id\` is a position of the log: with \`Last-Event-ID\`, every task that ended since is shown first, some of them perhaps again. The first event is \`position\`, with the id to go on from before there is another. ${ENDING}`,
    query: {
      type: oneOf('Only those of this type.', TASK_TYPES),
      status: oneOf('Only while they stand so.', TASK_STATUSES),
      resource_id: anyText('Only those of the resource with this UUID.'),
      tenant: anyText('Only those of this tenant.'),
    },
    event: task,
  }),
} as const;
