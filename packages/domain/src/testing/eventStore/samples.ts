/** Events, streams and collectors that the contract's tests are written with. */
import type { CommandId } from '../../kernel/ids.ts';
import type { TimestampMs } from '../../kernel/quantities.ts';
import type { Appended, EventStore, ExpectedRevision, NewEvent, StoredEvent, StoreError } from '../../ports/eventStore.ts';
import { deferred, ok, type Deferred } from './check.ts';

/** What can be made to go wrong between a store and its server. */
export interface Faults {
  /** The next append is stored, and its reply is lost. */
  readonly loseReply: () => void;
  /** The next read for a subscription, or what tells it of news, is cut after so many events. */
  readonly cut: (afterEvents: number) => void;
}

/** What a contract test is given: a fresh store, and the means to open it again. */
export interface StoreUnderTest {
  readonly store: EventStore;
  /** For a store behind a network; absent for one in the process. */
  readonly faults?: Faults;
  /** Closes the store and opens what it kept; absent for a store that keeps nothing. */
  readonly reopen?: () => Promise<EventStore>;
  /** Closes and removes everything; called after each test. */
  readonly dispose: () => Promise<void>;
}

/** Registers one test; the test runner's own `test` fits. */
export type Register = (name: string, run: () => Promise<void>) => void;

const hex = (n: number, digits: number): string => n.toString(16).padStart(digits, '0');
const commandId = '0b9d7a3e-0000-4000-8000-000000000001' as CommandId;

/** The n-th event id. The same number is the same id, in every store and every run. */
export const idOf = (n: number): string => `5eed0000-0000-4000-8000-${hex(n, 12)}`;

/** An event that is told from others by its number. */
export const event = (n: number, data: object = { n }): NewEvent => ({
  eventId: idOf(n),
  type: 'VolumeResized',
  schemaVersion: 1,
  data,
  meta: { commandId, issuedBy: 'contract', tenant: 'default', correlationId: 'contract', at: 1_700_000_000_000 as TimestampMs },
});

/** Events numbered from `first` on. */
export const events = (first: number, count: number): readonly NewEvent[] =>
  Array.from({ length: count }, (_, at) => event(first + at));

/** Appends, and fails the test if that is refused. */
export const put = async (
  store: EventStore,
  stream: string,
  expected: ExpectedRevision,
  batch: readonly NewEvent[],
): Promise<Appended> => ok(await store.append(stream, expected, batch)(), `append to ${stream} at ${expected}`);

/** Everything in the log, read in pages of `page`. */
export const wholeLog = async (store: EventStore, page = 1000): Promise<readonly StoredEvent[]> => {
  const all: StoredEvent[] = [];
  for (;;) {
    const last = all.at(-1);
    const next = ok(await store.readAll(last === undefined ? 0 : last.position + 1, page)(), 'readAll');
    if (next.length === 0) return all;
    all.push(...next);
  }
};

/** The ids of stored events, in order. */
export const idsOf = (stored: readonly StoredEvent[]): readonly string[] => stored.map(({ eventId }) => eventId);

/** A handler that keeps what it is given. */
export interface Collector {
  readonly seen: StoredEvent[];
  readonly errors: StoreError[];
  readonly caughtUp: Deferred<number>;
  /** Fulfilled when this many events have come. */
  readonly have: (count: number) => Promise<void>;
  readonly onEvents: (batch: readonly StoredEvent[]) => void;
  readonly onCaughtUp: () => void;
  readonly onError: (error: StoreError) => void;
}

/** Makes a handler that keeps what it is given; an error of the subscription fails whoever waits. */
export const collector = (): Collector => {
  const seen: StoredEvent[] = [];
  const errors: StoreError[] = [];
  const caughtUp = deferred<number>();
  const waiting = new Set<() => void>();
  const wake = (): void => {
    for (const look of waiting) look();
  };
  return {
    seen,
    errors,
    caughtUp,
    have: (count) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (errors.length > 0) reject(new Error(`the subscription ended: ${JSON.stringify(errors)}`));
          if (seen.length >= count) resolve();
          if (errors.length > 0 || seen.length >= count) waiting.delete(look);
        };
        waiting.add(look);
        look();
      }),
    onEvents: (batch) => {
      seen.push(...batch);
      wake();
    },
    onCaughtUp: () => caughtUp.resolve(seen.length),
    onError: (error) => {
      errors.push(error);
      wake();
    },
  };
};

/** Registers one test on a fresh store. */
export type OnStore = (name: string, run: (given: StoreUnderTest) => Promise<void>) => void;
