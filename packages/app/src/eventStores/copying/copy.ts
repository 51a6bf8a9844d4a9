/**
 * Copies a whole log from one store into another: events with their ids, streams, revisions, metadata and schema versions, in their order. Only positions
 * differ. What stands in the destination already must be the beginning of the source: so a copy that was cut goes on where it was.
 */
import type { EventStore, NewEvent, StoredEvent, StoreError } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { sameJson } from '../json.ts';
import { cursorsOf, isMove, placing } from './cursors.ts';
import { readingOf, type LogReading, type Readable } from './log.ts';

/** What a copy is made of. */
export interface Copying {
  readonly from: Readable;
  readonly to: Pick<EventStore, 'readAll' | 'append'>;
  /** The destination keeps the order of appends that are not waited for. Where false, each waits for the one before. */
  readonly isQueued: boolean;
  readonly nowMs: () => number;
  /** `events` of the source are copied, or verified. */
  readonly onProgress?: (phase: 'copying' | 'verifying', events: number) => void;
}

/** Why a log was not copied. */
export type CopyError =
  | { readonly _tag: 'Source' | 'Destination'; readonly error: StoreError }
  /** The destination is not a beginning of the source: from the event given on, which is counted from 0. */
  | { readonly _tag: 'Differs'; readonly event: number; readonly stream: string };

/** What was copied. */
export interface Copied {
  readonly events: number;
  readonly streams: number;
  /** Events that were in the destination already. */
  readonly before: number;
  /** Webhooks that go on in the copy where they were. */
  readonly webhooks: number;
}

type Result<A> = E.Either<CopyError, A>;

const source = (error: StoreError): E.Either<CopyError, never> => E.left({ _tag: 'Source', error });
const destination = (error: StoreError): E.Either<CopyError, never> => E.left({ _tag: 'Destination', error });

const newEvent = ({ eventId, type, data, meta, schemaVersion }: StoredEvent): NewEvent => ({ eventId, type, data, meta, schemaVersion });

const isSame = (a: StoredEvent, b: StoredEvent): boolean => a.stream === b.stream && a.revision === b.revision && sameJson(newEvent(a), newEvent(b));

/** Appends of one stream: so many events, and about so many bytes; EventStoreDB takes 1 MiB at a time. */
const MOST_EVENTS = 200;
const MOST_BYTES = 256 * 1024;
/** Appends that are under way at once where their order is kept. */
const AT_ONCE = 256;
const SAY_EVERY = 500;

interface Run {
  readonly stream: string;
  readonly first: number;
  readonly events: NewEvent[];
  bytes: number;
}

type See = (before: StoredEvent, now: StoredEvent) => void;

/** How two logs stand to each other: webhooks that were moved in the second one, whether it has all of the first, and what it lacks first. */
interface Compared {
  readonly moved: ReadonlySet<string>;
  readonly isWhole: boolean;
  readonly next: StoredEvent | undefined;
}

/** Both logs side by side as far as the destination goes. Moves at its end belong to the copy, not to the log. */
const compare = async (from: LogReading, to: LogReading, see: See): Promise<Result<Compared>> => {
  const moved = new Set<string>();
  for (;;) {
    const theirs = await to.next();
    if (E.isLeft(theirs)) return destination(theirs.left);
    const ours = await from.next();
    if (E.isLeft(ours)) return source(ours.left);
    const [now, before] = [theirs.right, ours.right];
    if (now === undefined) return E.right({ moved, isWhole: before === undefined, next: before });
    if (before === undefined && isMove(now)) {
      moved.add(now.stream);
      continue;
    }
    if (before === undefined || moved.size > 0 || !isSame(before, now)) return E.left({ _tag: 'Differs', event: to.counts().events - 1, stream: now.stream });
    see(before, now);
  }
};

/** Appends the rest of the source, run by run. */
const append = async ({ to, isQueued, onProgress }: Copying, from: LogReading, first: StoredEvent | undefined): Promise<Result<void>> => {
  let run: Run | undefined;
  let waiting: Promise<E.Either<StoreError, unknown>>[] = [];
  const settle = async (): Promise<StoreError | undefined> => {
    const answers = await Promise.all(waiting);
    waiting = [];
    return answers.find(E.isLeft)?.left;
  };
  const send = async (): Promise<StoreError | undefined> => {
    if (run === undefined) return undefined;
    const { stream, first: revision, events } = run;
    waiting.push(to.append(stream, revision === 0 ? 'none' : revision - 1, events)());
    run = undefined;
    return isQueued && waiting.length < AT_ONCE ? undefined : settle();
  };
  let event = first;
  for (; event !== undefined; ) {
    const bytes = JSON.stringify(event).length;
    if (run !== undefined && (run.stream !== event.stream || run.events.length >= MOST_EVENTS || run.bytes + bytes > MOST_BYTES)) {
      const error = await send();
      if (error !== undefined) return destination(error);
    }
    run ??= { stream: event.stream, first: event.revision, events: [], bytes: 0 };
    run.events.push(newEvent(event));
    run.bytes += bytes;
    const { events } = from.counts();
    if (events % SAY_EVERY === 0) onProgress?.('copying', events);
    const next = await from.next();
    if (E.isLeft(next)) return source(next.left);
    event = next.right;
  }
  const error = (await send()) ?? (await settle());
  return error === undefined ? E.right(undefined) : destination(error);
};

/**
 * Copies what the destination lacks, then reads both again and compares them event by event, then moves webhooks to their new positions. It may be cut
 * anywhere and begun again. Nobody else may write to either store meanwhile: who did is found by the comparison, and answered with `Differs`.
 */
export const copyLog = async (copying: Copying): Promise<Result<Copied>> => {
  const { from, to, nowMs, onProgress } = copying;
  const cursors = cursorsOf();
  const reading = readingOf(from, cursors.see);
  const there = readingOf(to);
  const begun = await compare(reading, there, () => undefined);
  if (E.isLeft(begun)) return begun;
  const { events: before } = there.counts();
  // A finished copy cannot go on: its own events stand where those of the source would.
  if (begun.right.moved.size > 0 && !begun.right.isWhole) return E.left({ _tag: 'Differs', event: before - 1, stream: begun.right.next?.stream ?? '' });
  const appended = await append(copying, reading, begun.right.next);
  if (E.isLeft(appended)) return appended;

  const again = readingOf(from);
  const copied = readingOf(to);
  const places = placing(cursors.all());
  const verified = await compare(again, copied, (old, now) => {
    places.see(old.position, now.position);
    const { events } = copied.counts();
    if (events % SAY_EVERY === 0) onProgress?.('verifying', events);
  });
  if (E.isLeft(verified)) return verified;
  const { events, streams } = again.counts();
  if (!verified.right.isWhole) return E.left({ _tag: 'Differs', event: events - 1, stream: verified.right.next?.stream ?? '' });
  const moves = places.moves(verified.right.moved, nowMs());
  for (const { stream, expected, event } of moves) {
    const moved = await to.append(stream, expected, [event])();
    if (E.isLeft(moved)) return destination(moved.left);
  }
  return E.right({ events, streams, before, webhooks: verified.right.moved.size + moves.length });
};
