/** A whole log, page by page, with what must hold in any of them. */
import type { EventStore, StoredEvent, StoreError } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { corrupt } from '../errors.ts';

/** What is read of a log. */
export type Readable = Pick<EventStore, 'readAll'>;

/** Events that are read at once. */
const PAGE_EVENTS = 1_000;

/** Checks that each event stands behind the one before, in the log and in its stream. */
const checker = (): ((event: StoredEvent) => StoreError | undefined) & { readonly streams: () => number } => {
  const nextOf = new Map<string, number>();
  let last = -1;
  const check = ({ stream, revision, position }: StoredEvent): StoreError | undefined => {
    const due = nextOf.get(stream) ?? 0;
    if (position <= last) return corrupt(position, `it stands behind position ${last}`, stream);
    if (revision !== due) return corrupt(position, `revision ${revision} of the stream stands where ${due} is due`, stream);
    nextOf.set(stream, revision + 1);
    last = position;
    return undefined;
  };
  return Object.assign(check, { streams: () => nextOf.size });
};

/** One log, as it is read. */
export interface LogReading {
  /** The next event; undefined at the end of the log. */
  readonly next: () => Promise<E.Either<StoreError, StoredEvent | undefined>>;
  /** The events read so far, and their streams. */
  readonly counts: () => { readonly events: number; readonly streams: number };
}

/** Reads a log from its beginning, and checks it; each event is shown to `see` first. After an end, what was appended meanwhile can be read. */
export const readingOf = (log: Readable, see: (event: StoredEvent) => void = () => undefined): LogReading => {
  const check = checker();
  let page: readonly StoredEvent[] = [];
  let at = 0;
  let from = 0;
  let events = 0;
  return {
    next: async () => {
      if (at === page.length) {
        const read = await log.readAll(from, PAGE_EVENTS)();
        if (E.isLeft(read)) return read;
        page = read.right;
        at = 0;
      }
      const event = page[at];
      if (event === undefined) return E.right(undefined);
      const error = check(event);
      if (error !== undefined) return E.left(error);
      see(event);
      at += 1;
      events += 1;
      from = event.position + 1;
      return E.right(event);
    },
    counts: () => ({ events, streams: check.streams() }),
  };
};

/** Reads a log to its end. `onProgress` is told how many events were read, and the position of the last one. */
export const verifyLog = async (log: Readable, onProgress?: (events: number, position: number) => void): Promise<E.Either<StoreError, { readonly events: number; readonly streams: number }>> => {
  const reading = readingOf(log);
  for (;;) {
    const event = await reading.next();
    if (E.isLeft(event)) return event;
    if (event.right === undefined) return E.right(reading.counts());
    const { events } = reading.counts();
    if (events % PAGE_EVENTS === 0) onProgress?.(events, event.right.position);
  }
};
