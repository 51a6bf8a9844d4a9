/** The shape of the file. Why it is so, with figures: docs/decisions/0001-one-row-per-event.md. */
import * as E from 'fp-ts/lib/Either.js';
import type { StoreError } from '@blockledger/domain';
import { corrupt } from '../errors.ts';
import { attempt, type Connection } from './connection.ts';

/** Marks the file as ours (`PRAGMA application_id`): "BLKL". */
export const APPLICATION_ID = 0x42_4c_4b_4c;
/** The version of the shape (`PRAGMA user_version`). Version 1 had a table of event ids besides, which halved the rate of appends (docs/decisions/0001). */
export const SCHEMA_VERSION = 2;

/** Why a file of this version is not read, or undefined. */
export const flawOfVersion = (version: number): string | undefined =>
  version === 1 || version === SCHEMA_VERSION ? undefined : `the file has schema version ${version}, this program knows 1 to ${SCHEMA_VERSION}`;

/** Begun again where it was cut: one transaction. */
const FROM_VERSION_1 = `BEGIN IMMEDIATE; DROP TABLE event_ids; PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`;

const SCHEMA = `
CREATE TABLE streams (
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
);
CREATE TABLE events (
  position INTEGER PRIMARY KEY,             -- from 0, without gaps
  stream   INTEGER NOT NULL,                -- streams.id
  revision INTEGER NOT NULL,                -- from 0 within the stream, without gaps
  chain    INTEGER NOT NULL,                -- CRC-32 of ',' || event, continued from the event before
  event    TEXT NOT NULL                    -- the whole event as JSON
);
CREATE UNIQUE INDEX events_by_stream ON events (stream, revision);
CREATE TABLE states (                       -- folded states, a cache that may be deleted
  stream       TEXT NOT NULL,
  fold_version INTEGER NOT NULL,
  revision     INTEGER NOT NULL,
  checksum     INTEGER NOT NULL,            -- CRC-32 of state, continued from that of 'stream fold_version revision'
  state        TEXT NOT NULL,
  UNIQUE (stream, fold_version)
);
CREATE VIEW log AS                          -- for people
  SELECT e.position, s.name AS stream, e.revision, e.event ->> '$.type' AS type,
         datetime((e.event ->> '$.meta.at') / 1000.0, 'unixepoch') AS at,
         e.event ->> '$.meta.issuedBy' AS issuedBy, e.event -> '$.data' AS data
  FROM events e LEFT JOIN streams s ON s.id = e.stream;
`;

/** The value of a pragma that is a number. */
export const pragma = (db: Connection, name: string): number => Number(db.prepare(`PRAGMA ${name}`).first()?.[0] ?? 0);

/** Says how the connection is to behave. WAL and FULL: a commit is one append to the log file and one flush of it. */
const configure = (db: Connection): void => {
  db.execute('PRAGMA busy_timeout = 250');
  // Takes effect in a new file only.
  db.execute('PRAGMA page_size = 4096');
  db.execute('PRAGMA journal_mode = WAL');
  db.execute('PRAGMA synchronous = FULL');
  db.execute('PRAGMA journal_size_limit = 67108864');
  db.execute('PRAGMA wal_autocheckpoint = 8000');
  db.execute('PRAGMA cache_size = -16384');
};

/** Prepares a connection for the store: creates the tables of a new file, brings an earlier version's up to date, refuses a file that is not ours or of a later version. */
export const prepareFile = (db: Connection): E.Either<StoreError, void> =>
  E.flatten(
    attempt(() => {
      // Only a look: a file that belongs to somebody else must not be changed.
      const isNew = pragma(db, 'schema_version') === 0;
      const owner = pragma(db, 'application_id');
      const version = pragma(db, 'user_version');
      if (!isNew && owner !== APPLICATION_ID) return E.left(corrupt(-1, 'this database is not an event store of Blockledger'));
      const flaw = isNew ? undefined : flawOfVersion(version);
      if (flaw !== undefined) return E.left(corrupt(-1, flaw));
      configure(db);
      if (!isNew && version === 1) db.execute(FROM_VERSION_1);
      if (isNew) {
        db.execute(
          `BEGIN IMMEDIATE; ${SCHEMA} PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`,
        );
      }
      return E.right(undefined);
    }),
  );
