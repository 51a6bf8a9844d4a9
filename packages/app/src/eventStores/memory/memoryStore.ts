/** The event store in memory. */
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Appended, EventStore, Registers, StateSnapshot, StoredEvent, StoreError } from '@blockledger/domain';
import { closed, conflict } from '../errors.ts';
import { PAGE_EVENTS } from '../limits.ts';
import { checkCounts, checkRegister, prepareAppend, prepareRegister, prepareState, storedJson, type PreparedAppend } from '../prepare.ts';
import { answerRepeat } from '../repeat.ts';
import { pageFrom, subscriptionsOver } from '../subscriptions.ts';

const freeze = (value: unknown): void => {
  if (typeof value !== 'object' || value === null) return;
  Object.freeze(value);
  for (const inner of Object.values(value)) freeze(inner);
};

/** Nobody who appended or read an event can change what is stored: it is a frozen copy. */
const stored = (json: string): StoredEvent => {
  const event = JSON.parse(json) as StoredEvent;
  freeze(event);
  return event;
};

/** How a store in memory is used. */
export interface MemoryStoreOptions {
  /** Several control planes of this process work over it at once and divide the work: it has registers. Default false. */
  readonly shared?: boolean;
}

type Task = <A>(answer: () => E.Either<StoreError, A>) => TaskEither<StoreError, A>;

const registersOf = (task: Task): Registers => {
  const kept = new Map<string, { readonly revision: number; readonly json: string }>();
  return {
    read: (name) =>
      task(() => {
        const flaw = checkRegister(name);
        if (flaw !== undefined) return E.left(flaw);
        const found = kept.get(name);
        return E.right(found === undefined ? undefined : { revision: found.revision, value: JSON.parse(found.json) as object });
      }),
    write: (name, expected, value) =>
      task(() => {
        const json = prepareRegister(name, expected, value);
        if (E.isLeft(json)) return json;
        const actual = kept.get(name)?.revision ?? -1;
        if (actual !== (expected === 'none' ? -1 : expected)) return E.left(conflict(name, expected, actual));
        kept.set(name, { revision: actual + 1, json: json.right });
        return E.right(actual + 1);
      }),
  };
};

/**
 * Makes an empty event store in memory. It keeps the whole contract of `EventStore` but survives nothing; the limits are those
 * of the SQLite store (an event has at most 1 MiB of JSON, an append at most 10 000 events). Events that are read are frozen.
 *
 * @example
 * import { memoryStore } from '@blockledger/app/memory';
 * const store = memoryStore();
 * const head = await store.head()();
 * head._tag === 'Right' && head.right === -1; // => true
 */
export const memoryStore = ({ shared = false }: MemoryStoreOptions = {}): EventStore => {
  const log: StoredEvent[] = [];
  const streams = new Map<string, StoredEvent[]>();
  const states = new Map<string, string>();
  let isClosed = false;

  const subscriptions = subscriptionsOver((from) => (isClosed ? E.left(closed) : E.right(pageFrom(from)(log.slice(from, from + PAGE_EVENTS)))));
  const stateKey = (stream: string, foldVersion: number): string => `${foldVersion} ${stream}`;

  const task: Task = (answer) => () => Promise.resolve(isClosed ? E.left(closed) : answer());

  const append = (prepared: PreparedAppend): E.Either<StoreError, Appended> => {
    const stream = streams.get(prepared.stream) ?? [];
    const actual = stream.length - 1;
    if (actual !== prepared.previous) return answerRepeat(prepared, actual, stream.slice(prepared.previous + 1, prepared.previous + 1 + prepared.events.length));
    for (const event of prepared.events) {
      const kept = stored(storedJson(prepared, event, stream.length, log.length));
      log.push(kept);
      stream.push(kept);
    }
    streams.set(prepared.stream, stream);
    subscriptions.wake();
    return E.right({ revision: stream.length - 1, position: log.length - 1 });
  };

  const read = (events: readonly StoredEvent[], from: number, limit?: number): E.Either<StoreError, readonly StoredEvent[]> => {
    const flaw = checkCounts({ from, ...(limit === undefined ? {} : { limit }) });
    return flaw === undefined ? E.right(events.slice(from, limit === undefined ? undefined : from + limit)) : E.left(flaw);
  };

  return {
    append: (stream, expected, events) =>
      task(() => {
        const prepared = prepareAppend(stream, expected, events);
        return E.isLeft(prepared) ? prepared : append(prepared.right);
      }),
    readStream: (stream, fromRevision, limit) => task(() => read(streams.get(stream) ?? [], fromRevision, limit)),
    readAll: (fromPosition, limit) => task(() => read(log, fromPosition, limit)),
    subscribe: subscriptions.subscribe,
    saveState: (snapshot) =>
      task(() => {
        const json = prepareState(snapshot);
        if (E.isLeft(json)) return json;
        const { stream, foldVersion, revision } = snapshot;
        states.set(stateKey(stream, foldVersion), `{"stream":${JSON.stringify(stream)},"foldVersion":${foldVersion},"revision":${revision},"state":${json.right}}`);
        return E.right(undefined);
      }),
    loadState: (stream, foldVersion) =>
      task(() => {
        const json = states.get(stateKey(stream, foldVersion));
        return E.right(json === undefined ? undefined : (JSON.parse(json) as StateSnapshot));
      }),
    head: () => task(() => E.right(log.length - 1)),
    ...(shared ? { registers: registersOf(task) } : {}),
    close: async () => {
      isClosed = true;
      await subscriptions.close();
    },
  };
};
