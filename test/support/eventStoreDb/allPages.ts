/** How the server reads $all: page by page, from a byte of its log. A byte inside a record is not a place to read from. */
import type { EventLog } from './log.ts';
import { comparePositions, isShownInAll, positionOf, type Position, type Recorded } from './records.ts';

export interface AllPage {
  readonly events: readonly Recorded[];
  /** Where the next page begins: after the last record that was looked at, not after the last that was found. */
  readonly next: Position;
  /** Whether the page began, or came, beyond the last record. */
  readonly atEnd: boolean;
  /** How many events were looked at. */
  readonly considered: number;
}

export interface AllRequest {
  readonly from: Position;
  readonly count: number;
  /** How many events are looked at before the page ends; default: as many as it takes. */
  readonly window?: number;
  /** Default: what $all shows. */
  readonly allows?: (event: Recorded) => boolean;
}

/** The position of the last record: a place after it is the end, and needs not be the beginning of a record. */
export const lastPosition = (log: EventLog): number => log.all.at(-1)?.position ?? -1;

/** Forwards, from the record that begins there. */
export const allForwards = (log: EventLog, { from, count, window = Number.POSITIVE_INFINITY, allows = isShownInAll }: AllRequest): AllPage | 'invalid' => {
  if (from.commit < 0 || from.prepare < 0) return 'invalid';
  if (from.commit > lastPosition(log)) return { events: [], next: from, atEnd: true, considered: 0 };
  const start = log.indexAt(from.commit);
  if (start === undefined) return 'invalid';
  const events: Recorded[] = [];
  let next = from;
  let considered = 0;
  let index = start;
  while (events.length < count && considered < window) {
    const event = log.all[index];
    if (event === undefined) return { events, next, atEnd: true, considered };
    index += 1;
    if (comparePositions(positionOf(event), from) < 0) continue;
    considered += 1;
    if (allows(event)) events.push(event);
    next = { commit: event.end, prepare: 0 };
  }
  return { events, next, atEnd: false, considered };
};

const endsAt = ({ end }: Recorded): Position => ({ commit: end, prepare: end });

/** Backwards, from the record that ends there. */
export const allBackwards = (log: EventLog, { from, count, allows = isShownInAll }: AllRequest): readonly Recorded[] | 'invalid' | 'error' => {
  if (from.commit < 0 || from.prepare < 0) return 'invalid';
  if (from.commit > log.end()) return 'error';
  const start = from.commit === log.end() ? log.all.length : log.indexAt(from.commit);
  if (start === undefined) return 'invalid';
  const events: Recorded[] = [];
  for (let index = start - 1; index >= 0 && events.length < count; index -= 1) {
    const event = log.all[index];
    if (event !== undefined && comparePositions(endsAt(event), from) <= 0 && allows(event)) events.push(event);
  }
  return events;
};
