/** Upcasting: events of older schema versions are read in the newest shape, so that the domain knows one shape only. */
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { EventStore, StoredEvent, StoreError, SubscriptionHandler } from '@blockledger/domain';
import { corrupt } from './errors.ts';
import { messageOf } from '../system/thrown.ts';

/** Turns the data of one type of event from one schema version into the next. */
export interface Upcaster {
  readonly type: string;
  /** The version that is read; the answer is of `from + 1`. */
  readonly from: number;
  /** `data` is of version `from`; `stored` is the event as it is in the log. Total: it must not throw for anything that was ever stored. A throw is reported as `Corrupt` with the event's position. */
  readonly up: (data: object, stored: StoredEvent) => object;
}

/** The newest version of each type of event that this program knows; a type that is absent has version 1. */
type Newest = ReadonlyMap<string, number>;

const newestOf = (upcasters: readonly Upcaster[]): Newest => {
  const newest = new Map<string, number>();
  for (const { type, from } of upcasters) newest.set(type, Math.max(newest.get(type) ?? 1, from + 1));
  return newest;
};

/** One function per (type, version); two upcasters for one step, or a missing step, are mistakes of the program. */
const tableOf = (upcasters: readonly Upcaster[], newest: Newest): ReadonlyMap<string, Upcaster['up']> => {
  const table = new Map(upcasters.map(({ type, from, up }) => [`${from} ${type}`, up]));
  if (table.size < upcasters.length) throw new TypeError('two upcasters read the same version of one type');
  for (const [type, to] of newest) {
    for (let from = 1; from < to; from += 1) {
      if (!table.has(`${from} ${type}`)) throw new TypeError(`no upcaster reads version ${from} of ${type}`);
    }
  }
  return table;
};

/**
 * The same store, read through upcasters: `readStream`, `readAll` and `subscribe` give every event in its newest version. An
 * event of a version that no upcaster leads to was written by a later program: `Corrupt`, naming its type, version and position,
 * since what is not understood must not be skipped. What is stored is never changed. Throws a TypeError if the upcasters of a
 * type do not lead from 1 on without a gap.
 *
 * @example
 * import { memoryStore, withUpcasters } from '@blockledger/app/memory';
 * const store = withUpcasters(memoryStore(), [{ type: 'VolumeResized', from: 1, up: (data) => ({ ...data, unit: 'byte' }) }]);
 * typeof store.readAll; // => 'function'
 */
export const withUpcasters = (store: EventStore, upcasters: readonly Upcaster[]): EventStore => {
  const newest = newestOf(upcasters);
  const table = tableOf(upcasters, newest);

  const upcast = (event: StoredEvent): E.Either<StoreError, StoredEvent> => {
    const wanted = newest.get(event.type) ?? 1;
    const { type, schemaVersion, position, stream } = event;
    if (schemaVersion === wanted) return E.right(event);
    if (schemaVersion > wanted) {
      return E.left(corrupt(position, `${type} has schema version ${schemaVersion}, this program knows ${wanted}: it is older than the log`, stream));
    }
    let { data } = event;
    try {
      for (let version = schemaVersion; version < wanted; version += 1) {
        const up = table.get(`${version} ${type}`);
        if (up === undefined) return E.left(corrupt(position, `${type} has no schema version ${version}`, stream));
        data = up(data, event);
      }
    } catch (thrown) {
      return E.left(corrupt(position, `${type} of schema version ${schemaVersion} cannot be upcast: ${messageOf(thrown)}`, stream));
    }
    return E.right({ ...event, data, schemaVersion: wanted });
  };

  const upcastAll = (events: readonly StoredEvent[]): E.Either<StoreError, readonly StoredEvent[]> => {
    // Nearly all events are of the newest version: then the list is handed on as it is.
    if (events.every(({ type, schemaVersion }) => schemaVersion === (newest.get(type) ?? 1))) return E.right(events);
    const all: StoredEvent[] = [];
    for (const event of events) {
      const one = upcast(event);
      if (E.isLeft(one)) return one;
      all.push(one.right);
    }
    return E.right(all);
  };

  /** What is good before a bad event is still handed over; then the subscription ends with the error. */
  const subscribe: EventStore['subscribe'] = (fromPosition, handler) => {
    let hasEnded = false;
    const guarded: SubscriptionHandler = {
      ...handler,
      onEvents: async (events) => {
        if (hasEnded) return;
        const good: StoredEvent[] = [];
        for (const event of events) {
          const one = upcast(event);
          if (E.isRight(one)) {
            good.push(one.right);
            continue;
          }
          hasEnded = true;
          if (good.length > 0) await handler.onEvents(good);
          void inner.close();
          handler.onError(one.left);
          return;
        }
        await handler.onEvents(good);
      },
    };
    const inner = store.subscribe(fromPosition, guarded);
    return inner;
  };

  return {
    ...store,
    readStream: (...where) => TE.chainEitherK(upcastAll)(store.readStream(...where)),
    readAll: (...where) => TE.chainEitherK(upcastAll)(store.readAll(...where)),
    subscribe,
  };
};
