/** What each stream remembers of its latest commands, so that a repeat is answered as the first was (I-16, I-32). */
import type { EventMeta, StoredEvent, StoreError } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { LRUCache } from 'lru-cache';
import type { Engine } from '../parts.ts';

/** An accepted command: the revisions of its events, and its caller's input. */
export interface Remembered {
  readonly inputHash: string | undefined;
  readonly firstRevision: number;
  readonly lastRevision: number;
  readonly position: number;
}

type Tracker = Map<string, Remembered>;

export interface Trackers {
  /** Notes events as they are folded. */
  readonly note: (stored: StoredEvent) => void;
  /** What is remembered of a command on a stream at `revision`; reads the end of the stream where it is not in memory. */
  readonly find: (stream: string, revision: number, commandId: string) => Promise<E.Either<StoreError, Remembered | undefined>>;
}

/** So many events are read back for a stream's tracker: several per command. */
const EVENTS_PER_COMMAND = 4;

const remember = (tracker: Tracker, stored: { readonly revision: number; readonly position: number; readonly meta: EventMeta }, limit: number): void => {
  const { commandId, inputHash } = stored.meta;
  const before = tracker.get(commandId);
  tracker.set(commandId, {
    inputHash: before?.inputHash ?? inputHash,
    firstRevision: before?.firstRevision ?? stored.revision,
    lastRevision: stored.revision,
    position: stored.position,
  });
  if (tracker.size <= limit) return;
  const oldest = tracker.keys().next();
  if (oldest.done !== true) tracker.delete(oldest.value);
};

export const makeTrackers = ({ store, limits }: Pick<Engine, 'store' | 'limits'>): Trackers => {
  const trackers = new LRUCache<string, Tracker>({ max: limits.cachedTrackers });
  const limit = limits.rememberedCommands;

  const read = async (stream: string, revision: number): Promise<E.Either<StoreError, Tracker>> => {
    const tracker: Tracker = new Map();
    if (revision >= 0) {
      const events = await store.readStream(stream, Math.max(0, revision + 1 - limit * EVENTS_PER_COMMAND))();
      if (E.isLeft(events)) return events;
      for (const event of events.right) remember(tracker, event, limit);
    }
    trackers.set(stream, tracker);
    return E.right(tracker);
  };

  return {
    note: (stored) => {
      const tracker = trackers.get(stored.stream) ?? (stored.revision === 0 ? new Map<string, Remembered>() : undefined);
      if (tracker === undefined) return;
      remember(tracker, stored, limit);
      trackers.set(stored.stream, tracker);
    },
    find: async (stream, revision, commandId) => {
      const known = trackers.get(stream);
      if (known !== undefined) return E.right(known.get(commandId));
      const fetched = await read(stream, revision);
      return E.isLeft(fetched) ? fetched : E.right(fetched.right.get(commandId));
    },
  };
};
