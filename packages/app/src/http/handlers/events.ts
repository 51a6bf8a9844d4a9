/** Streams of events and of tasks. */
import * as E from 'fp-ts/lib/Either.js';
import type { eventOperations } from '../../api/operations/events.ts';
import type { QueryOf } from '../../api/operation.ts';
import type { ControlPlane, EventFeed, TaskChanges } from '../../engine/controlPlane.ts';
import { eventTypes, isCommon } from '../../engine/events/catalog.ts';
import { notFound } from '../../engine/refusals.ts';
import { eventMessage, kindOfWord } from '../../queries/eventMessage.ts';
import type { EventFilter, EventsFrom } from '../../queries/eventViews.ts';
import type { Principal, TaskView } from '../../queries/views.ts';
import { insufficient } from '../access/auth.ts';
import { refuseService, type ServiceRefusal } from '../refusing/refusals.ts';
import { positionMessage, type StreamMessage, type StreamSource } from '../streams/message.ts';
import { taskBody } from '../views/task.ts';
import type { Handlers, Streamed } from './handler.ts';

type EventsAsked = QueryOf<(typeof eventOperations)['watchEvents']>;

const TYPES: ReadonlySet<string> = new Set(Object.values(eventTypes).flat());

/** Which events are wanted. What concerns only those who run the service, only they may ask for. */
const filterOf = ({ kind, id, type, tenant }: EventsAsked, principal: Principal): E.Either<ServiceRefusal, EventFilter> => {
  const kinds = kind?.map(kindOfWord);
  const missing = kinds?.some((one) => !isCommon(one)) === true ? insufficient(principal, 'admin') : undefined;
  if (missing !== undefined) return E.left(missing);
  const unknown = type?.find((one) => !TYPES.has(one));
  if (unknown !== undefined) return E.left(refuseService('ParameterIsInvalid', `the parameter type names ${unknown.slice(0, 100)}, and there are no such events`, { value: unknown.slice(0, 100) }));
  return E.right({ ...(kinds === undefined ? {} : { kinds }), ...(id === undefined ? {} : { ids: id }), ...(type === undefined ? {} : { types: type }), ...(tenant === undefined ? {} : { tenant }) });
};

const LAST_ID = /^(?:-1|\d{1,16})$/;

/** The last event that arrived goes before what the address says: a client that was cut off asks with the same address. */
const numberIn = (lastEventId: string | undefined): E.Either<ServiceRefusal, number | undefined> => {
  if (lastEventId === undefined || lastEventId === '') return E.right(undefined);
  if (!LAST_ID.test(lastEventId) || !Number.isSafeInteger(Number(lastEventId))) {
    return E.left(refuseService('ParameterIsInvalid', 'Last-Event-ID must be the id of an event of this stream', { value: lastEventId.slice(0, 100) }));
  }
  return E.right(Number(lastEventId));
};

/** Where the stream begins is told first, so that a client that is cut off before the first event knows where to go on. */
async function* messagesOf(feed: EventFeed, start: number): AsyncGenerator<StreamMessage, void> {
  yield positionMessage(start);
  for await (const entry of feed) yield { event: entry.type, id: entry.position, data: eventMessage(entry) };
}

/** A feed from its position on; it ends with the stream. Only the end of the control plane ends it otherwise, or that everything was told to who wants no more. */
const eventSource = async (plane: ControlPlane, { from, follow, filter }: { readonly from: EventsFrom; readonly follow: boolean; readonly filter: EventFilter }): Streamed => {
  const stopping = new AbortController();
  const feed = plane.events({ from, follow, filter, signal: stopping.signal });
  return E.map(
    (start: number): StreamSource => ({
      atEnd: follow ? 'shutdown' : 'ended',
      position: feed.position,
      messages: (signal) => {
        signal.addEventListener('abort', () => stopping.abort(), { once: true });
        return messagesOf(feed, start);
      },
    }),
  )(await feed.started);
};

const taskMessage = (task: TaskView): StreamMessage => ({ event: 'task', data: { task: taskBody(task) } });

async function* taskMessages(tasks: AsyncIterable<TaskView>): AsyncGenerator<StreamMessage, void> {
  for await (const task of tasks) yield taskMessage(task);
}

/** The same with ids to go on from, the first before anything is shown. */
async function* changeMessages(changes: TaskChanges): AsyncGenerator<StreamMessage, void> {
  yield positionMessage(changes.position());
  for await (const task of changes) yield { ...taskMessage(task), id: changes.position() };
}

export const eventHandlers: Handlers<typeof eventOperations> = {
  watchEvents: async (plane, { query, principal, lastEventId }) => {
    const filter = filterOf(query, principal);
    if (E.isLeft(filter)) return filter;
    const last = numberIn(lastEventId);
    if (E.isLeft(last)) return last;
    return eventSource(plane, { from: last.right ?? query.from ?? 'now', follow: query.follow ?? true, filter: filter.right });
  },
  watchTask: async (plane, { path }) => {
    if (plane.tasks.get(path.task) === undefined) return E.left(notFound('task', path.task));
    return E.right({ atEnd: 'ended', messages: (signal) => taskMessages(plane.tasks.watch(path.task, { signal })) });
  },
  watchTasks: async (plane, { query, lastEventId }) => {
    const since = numberIn(lastEventId);
    if (E.isLeft(since)) return since;
    const { type, status, resource_id: resourceId, tenant } = query;
    const filter = Object.fromEntries(Object.entries({ type, status, resourceId, tenant }).filter(([, value]) => value !== undefined));
    const endedAfter = since.right;
    // A log that is shorter than the client has seen it is another one, or was restored: nobody can say what was missed.
    const known = endedAfter === undefined ? E.right(undefined) : await plane.events({ from: endedAfter }).started;
    if (E.isLeft(known)) return known;
    return E.right({ atEnd: 'shutdown', messages: (signal) => changeMessages(plane.tasks.changes({ filter, signal, ...(endedAfter === undefined ? {} : { endedAfter }) })) });
  },
};
