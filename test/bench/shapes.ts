/**
 * The measurement behind docs/decisions/0001: how events lie in a table, and what appending, replaying and reading a stream then cost.
 *
 * node --conditions=@blockledger/source --import tsx test/bench/shapes.ts [events]
 */
import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import Database from 'libsql';
import { temporaryFolder } from '../support/sqlite.ts';

const EVENTS = Number(process.argv[2] ?? 100_000);
const STREAMS = 2000;
const ROUNDS = 5;
const ids = '0b9d7a3e-0000-4000-8000-000000000001';

interface Event {
  readonly position: number;
  readonly revision: number;
  readonly schemaVersion: number;
}

/** A way to keep events: how to write a commit of them, read them all, and read 20 events of one stream. */
interface Shape {
  readonly ddl: string;
  /** Events in one commit. */
  readonly commit: number;
  readonly write: (db: Database.Database) => (events: readonly Event[]) => void;
  readonly replay: (db: Database.Database) => number;
  readonly stream: (db: Database.Database) => (stream: number) => number;
}

const event = (position: number): Event & Readonly<Record<string, unknown>> => ({
  position,
  stream: `volume-${String(position % STREAMS).padStart(8, '0')}-0000-4000-8000-000000000001`,
  revision: Math.floor(position / STREAMS),
  eventId: randomUUID(),
  type: 'VolumeResized',
  schemaVersion: 1,
  data: { operationId: ids, sizeBytes: 1_073_741_824 + position, previousBytes: 1_073_741_824, pool: 'ssd-01' },
  meta: { commandId: ids, issuedBy: 'token:ci', tenant: 'default', correlationId: ids, at: 1_700_000_000_000 + position },
});

const parse = (text: string): readonly Event[] => JSON.parse(text) as readonly Event[];
const check = (isGood: boolean): void => {
  if (!isGood) throw new Error('the checksum does not fit');
};

const ROWS = `CREATE TABLE e (position INTEGER PRIMARY KEY, stream INTEGER, revision INTEGER, sum INTEGER, event TEXT);
  CREATE UNIQUE INDEX i ON e (stream, revision)`;
const writeRows: Shape['write'] = (db) => {
  const insert = db.prepare('INSERT INTO e VALUES (?, ?, ?, ?, ?)');
  let chain = 0;
  return (events) => {
    for (const one of events) {
      const text = JSON.stringify(one);
      chain = crc32(text, crc32(',', chain));
      insert.run(one.position, one.position % STREAMS, one.revision, chain, text);
    }
  };
};
const streamOfRows: Shape['stream'] = (db) => {
  const rows = db.prepare('SELECT CAST(event AS BLOB), sum FROM e WHERE stream = ? AND revision >= 0 ORDER BY revision LIMIT 20').raw();
  return (stream) => (rows.all(stream) as (readonly [Buffer, number])[]).map(([text]) => parse(`[${text.toString()}]`)).length;
};

/** Rows read one by one. */
const rowByRow: Shape = {
  ddl: ROWS,
  commit: 64,
  write: writeRows,
  stream: streamOfRows,
  replay: (db) => {
    const rows = db.prepare('SELECT event, sum FROM e WHERE position >= ? AND position < ? ORDER BY position').raw();
    let [count, chain] = [0, 0];
    for (let from = 0; from < EVENTS; from += 256) {
      for (const [text, sum] of rows.all(from, from + 256) as (readonly [string, number])[]) {
        chain = crc32(text, crc32(',', chain));
        check(chain === sum);
        count += (JSON.parse(text) as Event).schemaVersion;
      }
    }
    return count;
  },
};

/** The same rows, joined by SQLite and parsed together. */
const joined = (page: number): Shape => ({
  ...rowByRow,
  replay: (db) => {
    const texts = db.prepare("SELECT CAST(group_concat(event, ',') AS BLOB) FROM e WHERE position >= ? AND position < ?").raw();
    const sums = db.prepare('SELECT sum FROM e WHERE position = ?').raw();
    let [count, chain] = [0, 0];
    for (let from = 0; from < EVENTS; from += page) {
      const to = Math.min(EVENTS, from + page);
      const [text] = texts.get(from, to) as readonly [Buffer];
      chain = crc32(text, crc32(',', chain));
      check(chain === (sums.get(to - 1) as readonly [number])[0]);
      for (const { schemaVersion } of parse(`[${text.toString()}]`)) count += schemaVersion;
    }
    return count;
  },
});

/** One row per commit of so many events, and an index from streams to positions. */
const frames = (commit: number): Shape => ({
  ddl: `CREATE TABLE f (position INTEGER PRIMARY KEY, sum INTEGER, body TEXT);
    CREATE TABLE i (stream INTEGER, revision INTEGER, position INTEGER, PRIMARY KEY (stream, revision)) WITHOUT ROWID`,
  commit,
  write: (db) => {
    const frame = db.prepare('INSERT INTO f VALUES (?, ?, ?)');
    const index = db.prepare('INSERT INTO i VALUES (?, ?, ?)');
    return (events) => {
      const body = JSON.stringify(events);
      frame.run(events[0]?.position ?? 0, crc32(body), body);
      for (const { position, revision } of events) index.run(position % STREAMS, revision, position);
    };
  },
  replay: (db) => {
    const rows = db.prepare('SELECT sum, body FROM f WHERE position >= ? ORDER BY position LIMIT 4').raw();
    let count = 0;
    for (;;) {
      const found = rows.all(count) as (readonly [number, string])[];
      if (found.length === 0) return count;
      for (const [sum, body] of found) {
        check(crc32(body) === sum);
        for (const { schemaVersion } of parse(body)) count += schemaVersion;
      }
    }
  },
  stream: (db) => {
    const index = db.prepare('SELECT position FROM i WHERE stream = ? AND revision >= 0 ORDER BY revision LIMIT 20').raw();
    const frame = db.prepare('SELECT position, body FROM f WHERE position <= ? ORDER BY position DESC LIMIT 1').raw();
    return (stream) =>
      (index.all(stream) as (readonly [number])[]).map(([position]) => {
        const [first, body] = frame.get(position) as readonly [number, string];
        return parse(body)[position - first];
      }).length;
  },
});

const shapes: Readonly<Record<string, Shape>> = {
  'row per event, read row by row': rowByRow,
  'row per event, joined by 256': joined(256),
  'row per event, joined by 1024': joined(1024),
  'frame per 64 events': frames(64),
  'frame per 256 events': frames(256),
};

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const cpuSeconds = (run: () => void): number => {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
};

const { folder, remove } = temporaryFolder();
const built = Object.entries(shapes).map(([name, shape], n) => {
  const path = join(folder, `${n}.db`);
  const db = new Database(path);
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  db.exec(shape.ddl);
  const write = shape.write(db);
  const startedAt = performance.now();
  for (let from = 0; from < EVENTS; from += shape.commit) {
    db.exec('BEGIN IMMEDIATE');
    write(Array.from({ length: Math.min(shape.commit, EVENTS - from) }, (_, at) => event(from + at)));
    db.exec('COMMIT');
  }
  const appended = (EVENTS / (performance.now() - startedAt)) * 1000;
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  return { name, shape, db, appended, bytes: statSync(path).size, replays: [] as number[], streams: [] as number[] };
});
for (let round = 0; round < ROUNDS; round += 1) {
  for (const { shape, db, replays, streams } of built) {
    replays.push(EVENTS / cpuSeconds(() => check(shape.replay(db) === EVENTS)));
    const stream = shape.stream(db);
    streams.push((cpuSeconds(() => Array.from({ length: 200 }, (_, n) => stream((n * 37) % STREAMS))) / 200) * 1e6);
  }
}
for (const { name, appended, bytes, replays, streams } of built) {
  const figures = [`append ${Math.round(appended)}/s`, `replay ${Math.round(median(replays))} per CPU second`];
  console.log(`${name.padEnd(32)} ${figures.join(', ')}, 20 events of a stream ${Math.round(median(streams))} us, ${(bytes / 1e6).toFixed(0)} MB`);
}
remove();
