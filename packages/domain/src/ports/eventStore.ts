/**
 * The event store as the engine sees it. Contract (held by `eventStoreContract` in `@blockledger/domain/testing`):
 * an append is atomic and has one winner per revision; it is acknowledged only when durable; reading all gives every event once,
 * in position order; a subscription catches up and goes live without gap or duplicate; a repeated append (same event ids at the same
 * expected revision) is recognised and answered as the first was; a corrupt record is reported with its position, never skipped.
 */
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { EventMeta } from '../kernel/envelope.ts';

/** An event to store. `eventId` is a UUID fixed before the first try. */
export interface NewEvent {
  readonly eventId: string;
  readonly type: string;
  /** Plain JSON. */
  readonly data: object;
  readonly meta: EventMeta;
  /** The version of the event's schema, for upcasting on read. Starts at 1. */
  readonly schemaVersion: number;
}

/** An event as stored. `revision` counts from 0 within its stream, `position` from 0 over the whole log, strictly rising (gaps allowed). */
export interface StoredEvent extends NewEvent {
  readonly stream: string;
  readonly revision: number;
  readonly position: number;
}

/** The revision of the stream's last event, or `none` for a stream that must not exist yet. */
export type ExpectedRevision = number | 'none';

/** Where the last event of an append stands. */
export interface Appended {
  /** Revision of the last event appended. */
  readonly revision: number;
  /** Position of the last event appended. */
  readonly position: number;
}

/** `Conflict` means a wrong revision in the event store and nothing else. */
export type StoreError =
  | { readonly _tag: 'Conflict'; readonly stream: string; readonly expected: ExpectedRevision; readonly actual: ExpectedRevision }
  /** A stored record cannot be read: where, and why. */
  | { readonly _tag: 'Corrupt'; readonly position: number; readonly stream?: string; readonly message: string }
  /** Another process owns the store. */
  | { readonly _tag: 'Locked'; readonly owner: string; readonly message: string }
  | { readonly _tag: 'Unavailable'; readonly message: string; readonly outcomeUnknown: boolean }
  /** Too large, not JSON, an id that belongs to another event. */
  | { readonly _tag: 'Invalid'; readonly message: string };

/** A running subscription. */
export interface Subscription {
  /** Stops the subscription; resolves when no further call to a handler will be made. */
  readonly close: () => Promise<void>;
}

/** What a subscriber brings. */
export interface SubscriptionHandler {
  /** Called in position order with one batch at a time; the next batch waits for the promise. */
  readonly onEvents: (events: readonly StoredEvent[]) => void | Promise<void>;
  /** Called once, when everything that was stored at the start has been handed over. */
  readonly onCaughtUp?: () => void;
  /** The subscription ended by itself; it can be started again from the last position handled. */
  readonly onError: (error: StoreError) => void;
}

/** A folded state put aside, keyed by stream and fold version: a disposable cache. */
export interface StateSnapshot {
  readonly stream: string;
  readonly foldVersion: number;
  readonly revision: number;
  /** Plain JSON. */
  readonly state: unknown;
}

/** What a register holds, and how often it was written: 0 after the first time. */
export interface Registered {
  readonly revision: number;
  /** Plain JSON. */
  readonly value: object;
}

/**
 * Small records beside the log, of which only the latest value is kept: who works on what just now. They are no events: `readAll`, `subscribe`
 * and `head` do not know them. A name has 1 to 100 letters, digits, `-` and `_`; a value at most 64 KiB of JSON.
 */
export interface Registers {
  /** The latest value, as whoever wrote before this was asked has left it; undefined for a register that was never written. */
  readonly read: (name: string) => TaskEither<StoreError, Registered | undefined>;
  /**
   * Writes where the register stands at `expected`, and answers its new revision. `Conflict` where it stands elsewhere: of writers that race for one
   * revision one wins. A store that lost the answer looks whether the value is there; only where it cannot, or where the value may land yet, it is
   * `Unavailable` with `outcomeUnknown`.
   */
  readonly write: (name: string, expected: ExpectedRevision, value: object) => TaskEither<StoreError, number>;
}

/**
 * An append-only log of events in streams. To write one, hold it to `eventStoreContract` of `@blockledger/domain/testing`.
 * Nothing throws: errors come as `StoreError`.
 */
export interface EventStore {
  /**
   * Appends all events or none. `Conflict` when the stream stands elsewhere than `expected`; acknowledged only when durable. 1 to 10 000
   * events of at most 1 MiB of JSON each in the stores that come with Blockledger.
   */
  readonly append: (stream: string, expected: ExpectedRevision, events: readonly NewEvent[]) => TaskEither<StoreError, Appended>;
  /** Events of one stream from `fromRevision` on, in order, at most `limit` (all when absent). A stream that does not exist is empty. */
  readonly readStream: (stream: string, fromRevision: number, limit?: number) => TaskEither<StoreError, readonly StoredEvent[]>;
  /** Events of the whole log with `position >= fromPosition`, in order, at most `limit`. */
  readonly readAll: (fromPosition: number, limit: number) => TaskEither<StoreError, readonly StoredEvent[]>;
  /** Everything from `fromPosition` on, then live. */
  readonly subscribe: (fromPosition: number, handler: SubscriptionHandler) => Subscription;
  /** Puts a folded state aside; it may be lost. */
  readonly saveState: (snapshot: StateSnapshot) => TaskEither<StoreError, void>;
  /** The state put aside for a stream under this fold version, or nothing. */
  readonly loadState: (stream: string, foldVersion: number) => TaskEither<StoreError, StateSnapshot | undefined>;
  /** Position of the last event, or -1 for an empty log. */
  readonly head: () => TaskEither<StoreError, number>;
  /** Absent: only one process works over this store. Present: several may, and divide the work among themselves by these. */
  readonly registers?: Registers;
  /** Ends subscriptions and frees what is held; resolves when what was being appended is on disk. */
  readonly close: () => Promise<void>;
}
