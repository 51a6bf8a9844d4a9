/** How the server reads a stream: page by page, within what its metadata leaves readable. */
import { firstRevision, type EventLog } from './log.ts';
import { LAST_REVISION, type Recorded } from './records.ts';

/** As many events as the server reads at once. */
export const PAGE = 32;

export type StreamPage =
  | { readonly is: 'page'; readonly events: readonly Recorded[]; readonly next: number; readonly last: number; readonly atEnd: boolean }
  | { readonly is: 'noStream' }
  | { readonly is: 'deleted' };

/** The readable part of a stream, or why there is none. */
const readable = (log: EventLog, stream: string): { readonly events: readonly Recorded[]; readonly first: number; readonly last: number } | 'noStream' | 'deleted' => {
  if (log.isTombstoned(stream)) return 'deleted';
  const events = log.stream(stream);
  const metadata = log.metadataOf(stream);
  if (events.length === 0 || metadata.truncateBefore === LAST_REVISION) return 'noStream';
  return { events, first: firstRevision(events, metadata), last: events.length - 1 };
};

export const pageForwards = (log: EventLog, stream: string, from: number, count: number): StreamPage => {
  const found = readable(log, stream);
  if (typeof found === 'string') return { is: found };
  const { events, first, last } = found;
  const to = from + count - 1;
  if (to < first) return { is: 'page', events: [], next: first, last, atEnd: false };
  const start = Math.max(from, first);
  if (start > last) return { is: 'page', events: [], next: last + 1, last, atEnd: true };
  const page = events.slice(start, to + 1);
  return { is: 'page', events: page, next: start + page.length, last, atEnd: to >= last };
};

/** From a revision, or from the end, backwards; that revision too. */
export const pageBackwards = (log: EventLog, stream: string, from: number | 'end', count: number): StreamPage => {
  const found = readable(log, stream);
  if (typeof found === 'string') return { is: found };
  const { events, first, last } = found;
  const to = from === 'end' ? last : Math.min(from, last);
  const start = Math.max(first, to - count + 1);
  return { is: 'page', events: events.slice(start, to + 1).toReversed(), next: start - 1, last, atEnd: start <= first };
};

/** The last revision of a stream, -1 when it has none; a tombstone's is the greatest there is. */
export const lastRevisionOf = (log: EventLog, stream: string): number => log.stream(stream).at(-1)?.revision ?? -1;
