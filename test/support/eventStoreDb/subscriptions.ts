/**
 * Subscriptions: confirmed at once, then what is already written, then `caughtUp`, then what is written from now on.
 * Where they begin is not included. A checkpoint says how far was looked; its prepare position may be 0, for it is the byte after a record.
 */
import { randomUUID } from 'node:crypto';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import { allForwards, lastPosition } from './allPages.ts';
import { handlerThrew, invalidPosition, streamDeleted } from './failures.ts';
import type { AllFilter } from './filters.ts';
import type { EventLog } from './log.ts';
import { caughtUpMessage, checkpointMessage, confirmationMessage, eventMessage, type UuidStyle } from './messages.ts';
import type { AllRead, StreamRead } from './readRequest.ts';
import { comparePositions, isShownInAll, LAST_REVISION, positionOf, type Position, type Recorded } from './records.ts';
import { lastRevisionOf, PAGE, pageForwards } from './streamPages.ts';

type Messages = AsyncGenerator<streams.ReadResp, void>;

export interface Subscriber {
  readonly style: UuidStyle;
  readonly saysCaughtUp: boolean;
  readonly signal: AbortSignal;
}

/** The events from an index of the log on, the future ones too, until the subscriber has gone. */
async function* eventsFrom(log: EventLog, start: number, signal: AbortSignal): AsyncGenerator<Recorded, void> {
  let wake = (): void => undefined;
  const told = (): void => wake();
  const stop = log.watch(told);
  signal.addEventListener('abort', told);
  try {
    for (let index = start; !signal.aborted; ) {
      const event = log.all[index];
      if (event === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      } else {
        index += 1;
        yield event;
      }
    }
  } finally {
    stop();
    signal.removeEventListener('abort', told);
  }
}

const BEFORE_ALL: Position = { commit: -1, prepare: -1 };

/** Says each checkpoint once. */
const checkpoints = (): ((at: Position) => readonly streams.ReadResp[]) => {
  let said = BEFORE_ALL;
  return (at) => {
    if (comparePositions(at, said) <= 0) return [];
    said = at;
    return [checkpointMessage(at)];
  };
};

/** What was written before the subscription. Answers with how far it came. */
async function* catchUpAll(log: EventLog, after: Position, filter: AllFilter | undefined, { style, say }: Pick<Subscriber, 'style'> & { readonly say: ReturnType<typeof checkpoints> }): AsyncGenerator<streams.ReadResp, Position> {
  let at = after.commit < 0 ? { commit: 0, prepare: 0 } : after;
  let reached = after;
  let looked = 0;
  const { window, allows, interval } = filter ?? { window: Number.POSITIVE_INFINITY, allows: isShownInAll, interval: Number.POSITIVE_INFINITY };
  for (;;) {
    const page = allForwards(log, { from: at, count: PAGE, window, allows });
    if (page === 'invalid') throw invalidPosition();
    for (const event of page.events) {
      const place = positionOf(event);
      if (comparePositions(place, reached) <= 0) continue;
      reached = place;
      yield eventMessage(event, style);
    }
    looked += page.considered;
    const due = looked >= interval;
    if (filter !== undefined && (page.atEnd || due)) {
      // A checkpoint is where the page began, unless an event of it is further.
      if (comparePositions(reached, at) < 0) reached = at;
      yield* say(reached);
    }
    if (due) looked %= interval;
    if (page.atEnd) return reached;
    at = page.next;
  }
}

/** $all, with or without a filter. */
export async function* subscribeToAll(log: EventLog, { from, filter }: AllRead, { style, saysCaughtUp, signal }: Subscriber): Messages {
  if (filter?.interval === 0) throw handlerThrew();
  yield confirmationMessage(randomUUID());
  const live = { index: log.all.length, position: { commit: lastPosition(log), prepare: lastPosition(log) } };
  const placed = { start: BEFORE_ALL, end: live.position };
  const say = checkpoints();
  const allows = filter?.allows ?? isShownInAll;
  let reached = typeof from === 'string' ? placed[from] : from;
  if (comparePositions(reached, live.position) < 0) reached = yield* catchUpAll(log, reached, filter, { style, say });
  if (saysCaughtUp) yield caughtUpMessage();
  let looked = 0;
  for await (const event of eventsFrom(log, live.index, signal)) {
    const place = positionOf(event);
    const isNew = comparePositions(place, reached) > 0;
    looked += 1;
    if (isNew && allows(event)) {
      yield eventMessage(event, style);
      reached = place;
    }
    if (filter !== undefined && looked >= filter.interval) {
      looked = 0;
      if (comparePositions(place, reached) >= 0) yield* say(place);
    }
  }
}

/** A stream: one that does not exist yet too. */
export async function* subscribeToStream(log: EventLog, { stream, from }: StreamRead, { style, saysCaughtUp, signal }: Subscriber): Messages {
  if (log.isTombstoned(stream)) throw streamDeleted(stream);
  yield confirmationMessage(randomUUID());
  const live = log.all.length;
  const placed = { start: -1, end: lastRevisionOf(log, stream) };
  let reached = typeof from === 'string' ? placed[from] : from;
  for (let atEnd = reached >= placed.end; !atEnd; ) {
    const page = pageForwards(log, stream, reached + 1, PAGE);
    if (page.is === 'deleted') throw streamDeleted(stream);
    if (page.is === 'noStream') break;
    for (const event of page.events) yield eventMessage(event, style);
    reached = page.next - 1;
    atEnd = page.atEnd;
  }
  if (saysCaughtUp) yield caughtUpMessage();
  for await (const event of eventsFrom(log, live, signal)) {
    if (event.stream !== stream || event.revision <= reached) continue;
    yield eventMessage(event, style);
    reached = event.revision;
    if (event.revision === LAST_REVISION) throw streamDeleted(stream);
  }
}
