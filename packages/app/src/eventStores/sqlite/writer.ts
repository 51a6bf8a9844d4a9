/** Writing inside one transaction. Keeps in memory what the next append needs: the end of the log and the ends of recent streams. */
import { crc32 } from 'node:zlib';
import * as E from 'fp-ts/lib/Either.js';
import { LRUCache } from 'lru-cache';
import type { Appended, StateSnapshot, StoredEvent, StoreError } from '@blockledger/domain';
import { storedJson, type PreparedAppend } from '../prepare.ts';
import { answerRepeat } from '../repeat.ts';
import { CHAIN_START, extend } from './chain.ts';
import type { Connection } from './connection.ts';
import type { Reader } from './reader.ts';

/** A stream in the file: its number, and its last revision (-1: it has no events). */
interface StreamEnd {
  readonly id: number;
  readonly revision: number;
}

/** Writes; its methods throw what the library throws, and are called inside a transaction. */
export interface Writer {
  readonly append: (append: PreparedAppend) => E.Either<StoreError, Appended>;
  readonly saveState: (snapshot: StateSnapshot, json: string) => void;
  /** Reads the end of the log from the file: at the start, and after a transaction was rolled back. */
  readonly refresh: () => void;
  /** The position after the last event written. */
  readonly end: () => number;
  readonly streamId: (name: string) => number | undefined;
}

const RECENT_STREAMS = 100_000;

/** The checksum of a state snapshot. */
export const stateChecksum = (stream: string, foldVersion: number, revision: number, json: string): number =>
  crc32(json, crc32(`${stream} ${foldVersion} ${revision}`));

/** Makes the writer of a connection. `reader` finds what an append that is repeated has stored. */
export const writerOf = (db: Connection, reader: Reader): Writer => {
  const lastEvent = db.prepare('SELECT position, chain FROM events ORDER BY position DESC LIMIT 1');
  const lastStream = db.prepare('SELECT max(id) FROM streams');
  const findStream = db.prepare(`
    SELECT s.id, coalesce((SELECT max(e.revision) FROM events e WHERE e.stream = s.id), -1) FROM streams s WHERE s.name = ?`);
  const addStream = db.prepare('INSERT INTO streams (id, name) VALUES (?, ?)');
  const addEvent = db.prepare('INSERT INTO events (position, stream, revision, chain, event) VALUES (?, ?, ?, ?, ?)');
  const putState = db.prepare('INSERT OR REPLACE INTO states (stream, fold_version, revision, checksum, state) VALUES (?, ?, ?, ?, ?)');
  const dropStates = db.prepare('DELETE FROM states WHERE stream = ? AND fold_version < ?');

  const recent = new LRUCache<string, StreamEnd>({ max: RECENT_STREAMS });
  let end = 0;
  let chain = CHAIN_START;
  let nextStreamId = 1;

  const endOf = (name: string): StreamEnd | undefined => {
    const known = recent.get(name);
    if (known !== undefined) return known;
    const row = findStream.first(name);
    if (row === undefined) return undefined;
    const found = { id: Number(row[0]), revision: Number(row[1]) };
    recent.set(name, found);
    return found;
  };

  /** What stands where a repeat of this would have put its events. */
  const inPlaceOf = ({ stream, previous, events }: PreparedAppend, end: StreamEnd | undefined): E.Either<StoreError, readonly StoredEvent[]> =>
    end === undefined ? E.right([]) : reader.stream(stream, end.id, previous + 1, events.length);

  const append = (wanted: PreparedAppend): E.Either<StoreError, Appended> => {
    const stream = endOf(wanted.stream);
    const actual = stream?.revision ?? -1;
    if (actual !== wanted.previous) return E.chain((there: readonly StoredEvent[]) => answerRepeat(wanted, actual, there))(inPlaceOf(wanted, stream));
    const id = stream?.id ?? nextStreamId;
    if (stream === undefined) {
      addStream.run(id, wanted.stream);
      nextStreamId += 1;
    }
    let revision = actual;
    for (const event of wanted.events) {
      revision += 1;
      const json = storedJson(wanted, event, revision, end);
      chain = extend(chain, json);
      addEvent.run(end, id, revision, chain, json);
      end += 1;
    }
    recent.set(wanted.stream, { id, revision });
    return E.right({ revision, position: end - 1 });
  };

  return {
    append,
    saveState: ({ stream, foldVersion, revision }, json) => {
      dropStates.run(stream, foldVersion);
      putState.run(stream, foldVersion, revision, stateChecksum(stream, foldVersion, revision, json), json);
    },
    refresh: () => {
      recent.clear();
      const row = lastEvent.first();
      end = row === undefined ? 0 : Number(row[0]) + 1;
      chain = row === undefined ? CHAIN_START : Number(row[1]);
      nextStreamId = Number(lastStream.first()?.[0] ?? 0) + 1;
    },
    end: () => end,
    streamId: (name) => endOf(name)?.id,
  };
};
