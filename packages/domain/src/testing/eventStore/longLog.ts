/** A long log that is read while it is written. */
import type { EventStore, StoredEvent, Subscription } from '../../ports/eventStore.ts';
import { check, deferred, ok, same } from './check.ts';
import { event, idOf, put, type OnStore } from './samples.ts';

const STREAMS = 10;
const EVENTS_PER_APPEND = 50;
const PAGE = 1_000;

/** Appends its share of the events to a stream of its own. */
const write = async (store: EventStore, writer: number, share: number): Promise<void> => {
  for (let at = 0; at < share; at += EVENTS_PER_APPEND) {
    const count = Math.min(EVENTS_PER_APPEND, share - at);
    await put(store, `volume-${writer}`, at === 0 ? 'none' : at - 1, Array.from({ length: count }, (_, n) => event(writer * share + at + n)));
  }
};

/** Notes what a reader is given; it fails where an event comes twice, out of order, or after one of its stream is missing. */
const witness = (name: string, wanted: number) => {
  const nextOf = new Map<string, number>();
  const all = deferred<void>();
  let progress = deferred<void>();
  let count = 0;
  let last = -1;
  return {
    all: all.promise,
    /** Fulfilled when more has come, or nothing more is to come. */
    more: () => (count === wanted ? all.promise : progress.promise),
    count: () => count,
    isDone: () => count === wanted,
    last: () => last,
    see: (batch: readonly StoredEvent[]): void => {
      for (const { stream, revision, position, eventId } of batch) {
        const due = nextOf.get(stream) ?? 0;
        check(position > last, `${name}: position ${position} after ${last}`);
        check(revision === due, `${name}: revision ${revision} of ${stream}, wanted ${due}`);
        check(eventId === idOf(Number(stream.slice('volume-'.length)) * (wanted / STREAMS) + revision), `${name}: ${eventId} at revision ${revision} of ${stream}`);
        nextOf.set(stream, revision + 1);
        last = position;
        count += 1;
      }
      progress.resolve();
      progress = deferred<void>();
      if (count === wanted) all.resolve();
    },
  };
};

type Witness = ReturnType<typeof witness>;

/** Follows by a subscription until it has everything. */
const follow = async (store: EventStore, seen: Witness): Promise<void> => {
  const ended = deferred<string>();
  const subscription: Subscription = store.subscribe(0, { onEvents: seen.see, onError: (error) => ended.resolve(JSON.stringify(error)) });
  const failed = ended.promise.then((error) => Promise.reject(new Error(`the subscription ended: ${error}`)));
  await Promise.race([seen.all, failed]);
  await subscription.close();
};

/** Reads page by page until it has everything. Where there is nothing yet it waits until somebody else has seen more: a store may answer without giving others a turn. */
const readOn = async (store: EventStore, seen: Witness, other: Witness): Promise<void> => {
  while (!seen.isDone()) {
    const more = other.more();
    const page = ok(await store.readAll(seen.last() + 1, PAGE)(), 'readAll');
    seen.see(page);
    if (page.length === 0) await more;
  }
};

/** Registers the test; `events` are written in all, a multiple of ten. */
export const longLog = (test: OnStore, events: number): void => {
  test('a long log is read whole and in order while it is written, by pages and by subscriptions [I-16, I-32]', async ({ store }) => {
    const share = events / STREAMS;
    check(Number.isInteger(share), `${STREAMS} writers cannot share ${events} events`);
    const half = deferred<void>();
    const witnesses = { early: witness('subscribed before', events), late: witness('subscribed halfway', events), paging: witness('reading pages', events) };
    const early = follow(store, {
      ...witnesses.early,
      see: (batch) => {
        witnesses.early.see(batch);
        if (witnesses.early.count() >= events / 2) half.resolve();
      },
    });
    const late = half.promise.then(() => follow(store, witnesses.late));
    const paging = readOn(store, witnesses.paging, witnesses.early);
    await Promise.all([early, late, paging, ...Array.from({ length: STREAMS }, (_, writer) => write(store, writer, share))]);
    const head = ok(await store.head()(), 'head');
    same(Object.values(witnesses).map((seen) => seen.last()), [head, head, head], 'the last position that each has seen');
    const one = ok(await store.readStream('volume-3', 0)(), 'readStream');
    same([one.length, one.at(-1)?.revision], [share, share - 1], 'one stream of it');
  });
};
