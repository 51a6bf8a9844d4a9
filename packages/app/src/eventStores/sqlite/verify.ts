/** Reading everything to be sure of it: for a backup that was just made, or a disk that is under suspicion. */
import * as E from 'fp-ts/lib/Either.js';
import type { StoreError } from '@blockledger/domain';
import { corrupt } from '../errors.ts';
import { PAGE_EVENTS } from '../limits.ts';
import { attempt, type Connection } from './connection.ts';
import type { Reader } from './reader.ts';
import { stateChecksum } from './writer.ts';

/** What was read and found good. */
export interface Verified {
  readonly events: number;
  readonly streams: number;
  readonly states: number;
}

const COUNTS = 'SELECT (SELECT count(*) FROM events), (SELECT count(DISTINCT stream) FROM events), (SELECT count(*) FROM states)';
/** Columns that do not say what the event itself says. */
const CONTRADICTIONS = `
  SELECT e.position FROM events e LEFT JOIN streams s ON s.id = e.stream
  WHERE e.position >= ? AND e.position < ? AND (e.event ->> '$.stream' IS NOT s.name OR e.event ->> '$.revision' IS NOT e.revision)
  LIMIT 1`;
const GAPS = 'SELECT stream, max(revision) FROM events GROUP BY stream HAVING count(*) <> max(revision) + 1 OR min(revision) <> 0 LIMIT 1';
const STATES = 'SELECT rowid, CAST(stream AS BLOB), fold_version, revision, checksum, CAST(state AS BLOB) FROM states WHERE rowid > ? ORDER BY rowid LIMIT 1';

const nextTurn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

/** Checks SQLite's own structures, then what only we know: gaps of revisions, and each state's checksum. */
const checkFile = (db: Connection): StoreError | undefined => {
  const found = attempt(() => {
    const integrity = String(db.prepare('PRAGMA integrity_check(1)').first()?.[0]);
    if (integrity !== 'ok') return corrupt(-1, integrity);
    const gap = db.prepare(GAPS).first();
    if (gap !== undefined) return corrupt(-1, `stream number ${String(gap[0])} has a gap in its revisions up to ${String(gap[1])}`);
    const states = db.prepare(STATES);
    for (let row = states.first(0); row !== undefined; row = states.first(row[0] ?? 0)) {
      const [, stream, foldVersion, revision, checksum, state] = row;
      if (stateChecksum(String(stream), Number(foldVersion), Number(revision), String(state)) !== checksum) {
        return corrupt(-1, 'the checksum does not fit the state put aside', String(stream));
      }
    }
    return undefined;
  });
  return E.isLeft(found) ? found.left : found.right;
};

/** Reads every event up to `end`, then checks the file. Others get their turn between pages; the final check of the file is one piece. */
export const verifyStore = async (
  db: Connection,
  reader: Reader,
  end: number,
  onProgress?: (done: number, total: number) => void,
): Promise<E.Either<StoreError, Verified>> => {
  const contradictions = db.prepare(CONTRADICTIONS);
  /** Event by event: a page is checked as a whole, and does not show that a checksum inside it is damaged. */
  const check = (from: number, to: number): StoreError | undefined => {
    for (let position = from; position < to; position += 1) {
      const event = reader.at(position);
      if (E.isLeft(event)) return event.left;
    }
    const wrong = attempt(() => contradictions.first(from, to), from);
    if (E.isLeft(wrong)) return wrong.left;
    return wrong.right === undefined ? undefined : corrupt(Number(wrong.right[0]), 'the tables contradict the event');
  };
  for (let position = 0; position < end; position += PAGE_EVENTS) {
    const error = check(position, Math.min(end, position + PAGE_EVENTS));
    if (error !== undefined) return E.left(error);
    onProgress?.(Math.min(end, position + PAGE_EVENTS), end);
    await nextTurn();
  }
  const error = checkFile(db);
  if (error !== undefined) return E.left(error);
  return attempt(() => {
    const [events = 0, streams = 0, states = 0] = (db.prepare(COUNTS).first() ?? []).map(Number);
    return { events, streams, states };
  });
};
