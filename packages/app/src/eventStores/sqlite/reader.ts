/** Reading the log and single streams, every event checked. */
import * as E from 'fp-ts/lib/Either.js';
import type { StoredEvent, StoreError } from '@blockledger/domain';
import { corrupt } from '../errors.ts';
import { messageOf } from '../../system/thrown.ts';
import { PAGE_EVENTS } from '../limits.ts';
import { CHAIN_START, extend } from './chain.ts';
import { attempt, explain, isDamage, type Cell, type Connection } from './connection.ts';

type Read = E.Either<StoreError, readonly StoredEvent[]>;

/** Reads checked events. All positions are those of whole events that are committed. */
export interface Reader {
  /** The events of positions `from` to `to`, `to` excluded; a page of them if there are many, at least one. */
  readonly page: (from: number, to: number) => Read;
  /** Events of one stream, by its number in the file. */
  readonly stream: (name: string, id: number, fromRevision: number, limit: number) => Read;
  /** The event at one position. */
  readonly at: (position: number) => E.Either<StoreError, StoredEvent>;
}

/** A page of huge events would not fit into memory at its usual count: after this many bytes the next page is small. */
const LARGE_PAGE_BYTES = 4_194_304;
const SMALL_PAGE_EVENTS = 8;
/** A stream is read in parts of so many events. */
const STREAM_PART_EVENTS = 64;

// Texts are read as bytes: the library ends the process on bytes that are not UTF-8, as a damaged page may hold.
const JOINED = "SELECT CAST(group_concat(event, ',') AS BLOB) FROM events WHERE position >= ? AND position < ?";
const CHAIN = 'SELECT chain FROM events WHERE position = ?';
const SINGLE = 'SELECT CAST(event AS BLOB), chain FROM events WHERE position = ?';
const CHAIN_BEFORE = '(SELECT b.chain FROM events b WHERE b.position = e.position - 1)';
const OF_STREAM = `
  SELECT e.position, e.revision, CAST(e.event AS BLOB), e.chain, ${CHAIN_BEFORE}
  FROM events e WHERE e.stream = ? AND e.revision >= ? ORDER BY e.revision LIMIT ?`;
/** The same in one row: all texts joined by commas; and what belongs to each, as JSON. Cells are slow to hand over. */
const OF_STREAM_JOINED = `
  SELECT CAST(group_concat(event, ',') AS BLOB), '[' || group_concat(json_array(position, chain, before, length(CAST(event AS BLOB)))) || ']'
  FROM (SELECT e.position, e.chain, ${CHAIN_BEFORE} AS before, e.event FROM events e WHERE e.stream = ? AND e.revision >= ? ORDER BY e.revision LIMIT ?)`;

/** What the second column holds of each event: position, chain, the chain before, and the bytes of its text. */
type Joined = readonly [number, number, number | null, number];

/** Whether an event says itself that it stands there. */
const stands = (event: StoredEvent, where: { readonly name: string; readonly revision: number; readonly position: number }): boolean =>
  event.stream === where.name && event.revision === where.revision && event.position === where.position;

/** The value of a JSON text, or the Error that says what is wrong with it. */
const parse = (json: string): unknown => {
  try {
    return JSON.parse(json);
  } catch (thrown) {
    return thrown instanceof Error ? thrown : new Error(messageOf(thrown));
  }
};

/** Makes the reader of a connection. */
export const readerOf = (db: Connection): Reader => {
  const joined = db.prepare(JOINED);
  const chainAt = db.prepare(CHAIN);
  const single = db.prepare(SINGLE);
  const ofStream = db.prepare(OF_STREAM);
  const ofStreamJoined = db.prepare(OF_STREAM_JOINED);
  let pageEvents = PAGE_EVENTS;

  /** The chain before a position, or undefined where the event before is lost. */
  const chainBefore = (position: number): number | undefined => {
    const chain = position === 0 ? CHAIN_START : chainAt.first(position - 1)?.[0];
    return typeof chain === 'number' ? chain : undefined;
  };

  /** Whether a text leads from the chain before it to the chain after it. */
  const fits = (before: Cell | undefined, text: Cell | undefined, chain: Cell | undefined): text is Buffer =>
    typeof before === 'number' && text instanceof Buffer && extend(before, text) === chain;

  const at = (position: number): E.Either<StoreError, StoredEvent> =>
    E.flatten(
      attempt(() => {
        const row = single.first(position);
        if (row === undefined) return E.left(corrupt(position, 'the event is missing'));
        const [text, chain] = row;
        if (!fits(chainBefore(position), text, chain)) return E.left(corrupt(position, 'the checksum does not fit the event'));
        const event = parse(text.toString());
        if (event instanceof Error) return E.left(corrupt(position, `the event is not JSON: ${event.message}`));
        const stored = event as StoredEvent;
        return stored.position === position ? E.right(stored) : E.left(corrupt(position, `the event says to be at position ${stored.position}`));
      }, position),
    );

  /** Something is wrong between two positions: says where it begins. */
  const locate = (from: number, to: number, message: string): StoreError => {
    for (let position = from; position < to; position += 1) {
      const event = at(position);
      if (E.isLeft(event)) return event.left;
    }
    return corrupt(from, `between positions ${from} and ${to - 1}: ${message}`);
  };

  const page = (from: number, to: number): Read => {
    const end = Math.min(to, from + pageEvents);
    if (end <= from) return E.right([]);
    try {
      const text = joined.first(from, end)?.[0];
      if (!fits(chainBefore(from), text, chainAt.first(end - 1)?.[0])) return E.left(locate(from, end, 'the checksum does not fit'));
      pageEvents = text.length > LARGE_PAGE_BYTES ? SMALL_PAGE_EVENTS : PAGE_EVENTS;
      const events = parse(`[${text.toString()}]`);
      if (!Array.isArray(events) || events.length !== end - from) return E.left(locate(from, end, 'the events are not JSON'));
      return E.right(events as readonly StoredEvent[]);
    } catch (thrown) {
      return E.left(isDamage(thrown) ? locate(from, end, messageOf(thrown)) : explain(thrown, from));
    }
  };

  /** Row by row: says where something is wrong. */
  const streamByRows = (name: string, id: number, fromRevision: number, limit: number): Read =>
    E.flatten(
      attempt(() => {
        const events: StoredEvent[] = [];
        for (const [position, revision, text, chain, before] of ofStream.all(id, fromRevision, limit)) {
          const where = Number(position);
          const wanted = fromRevision + events.length;
          if (revision !== wanted) return E.left(corrupt(where, `revision ${wanted} of the stream is missing`, name));
          if (!fits(where === 0 ? CHAIN_START : before, text, chain)) {
            return E.left(corrupt(where, 'the checksum does not fit the event', name));
          }
          const event = parse(text.toString());
          if (event instanceof Error) return E.left(corrupt(where, `the event is not JSON: ${event.message}`, name));
          const stored = event as StoredEvent;
          if (!stands(stored, { name, revision: wanted, position: where })) {
            return E.left(corrupt(where, `the event says to be revision ${stored.revision} of ${stored.stream}`, name));
          }
          events.push(stored);
        }
        return E.right(events);
      }),
    );

  /** A part of a stream, or undefined where anything at all is not as it should be. */
  const streamPart = (name: string, id: number, fromRevision: number, limit: number): readonly StoredEvent[] | undefined => {
    const [text, about] = ofStreamJoined.first(id, fromRevision, limit) ?? [];
    if (about === null) return [];
    const rows = parse(String(about));
    if (!(text instanceof Buffer) || !Array.isArray(rows)) return undefined;
    const events = parse(`[${text.toString()}]`);
    if (!Array.isArray(events) || events.length !== rows.length) return undefined;
    let start = 0;
    for (const [nth, [position, chain, before, length]] of (rows as readonly Joined[]).entries()) {
      const end = start + length;
      if (!fits(position === 0 ? CHAIN_START : before, text.subarray(start, end), chain)) return undefined;
      if (!stands(events[nth] as StoredEvent, { name, revision: fromRevision + nth, position })) return undefined;
      start = end + 1;
    }
    return start === text.length + 1 ? (events as readonly StoredEvent[]) : undefined;
  };

  const stream = (name: string, id: number, fromRevision: number, limit: number): Read => {
    const parts: (readonly StoredEvent[])[] = [];
    let has = 0;
    for (let isOver = limit === 0; !isOver; ) {
      const wanted = Math.min(STREAM_PART_EVENTS, limit - has);
      const part = attempt(() => streamPart(name, id, fromRevision + has, wanted));
      if (E.isLeft(part) || part.right === undefined) return streamByRows(name, id, fromRevision, limit);
      parts.push(part.right);
      has += part.right.length;
      isOver = part.right.length < wanted || has === limit;
    }
    const [only = []] = parts;
    return E.right(parts.length < 2 ? only : parts.flat());
  };

  return { page, stream, at };
};
