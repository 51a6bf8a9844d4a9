import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import * as assert from 'uvu/assert';
import type { StoreError } from '@blockledger/domain';
import { openSqliteStore, type SqliteStore } from '@blockledger/app/sqlite';
import { openedStore, temporaryFolder } from '../support/sqlite.ts';
import { sampleEvent } from '../support/events.ts';
import { suite } from '../support/suite.ts';

const test = suite('a damaged SQLite store');

/** A closed store of 1000 events: `volume-a` and `volume-b` in turn, data `{ mark: 'event 0007' }`. */
const made = async (): Promise<{ readonly path: string; readonly remove: () => void }> => {
  const { folder, remove } = temporaryFolder();
  const path = join(folder, 'log.db');
  const store = await openedStore(path);
  for (let n = 0; n < 1000; n += 1) {
    const revision = Math.floor(n / 2);
    const mark = `event ${String(n).padStart(4, '0')}`;
    await store.append(n % 2 === 0 ? 'volume-a' : 'volume-b', revision === 0 ? 'none' : revision - 1, [sampleEvent(n, { mark })])();
  }
  await store.close();
  return { path, remove };
};

const corruption = (answer: { readonly _tag: string; readonly left?: StoreError }, what: string): Extract<StoreError, { _tag: 'Corrupt' }> => {
  assert.ok(answer._tag === 'Left' && answer.left?._tag === 'Corrupt', `${what}: ${JSON.stringify(answer).slice(0, 300)}`);
  return answer.left;
};

/** The damage at 421 is reported by every way to read it; what lies before it can still be read. */
const reportedAt = async (store: SqliteStore, position: number): Promise<void> => {
  assert.is(corruption(await store.readAll(0, 1000)(), 'readAll').position, position);
  assert.is(corruption(await store.readAll(position, 1)(), 'readAll of the event').position, position);
  assert.is(corruption(await store.verify()(), 'verify').position, position);
  const before = await store.readAll(0, position)();
  assert.ok(before._tag === 'Right' && before.right.length === position, 'what lies before the damage');
  const seen: number[] = [];
  const error = await new Promise<StoreError>((resolve) => {
    store.subscribe(0, { onEvents: (events) => void seen.push(events.length), onError: resolve });
  });
  assert.ok(error._tag === 'Corrupt' && error.position === position, 'subscription');
};

test('one flipped letter inside an event is reported with its position, by every way to read it', async () => {
  const { path, remove } = await made();
  const bytes = readFileSync(path);
  const at = bytes.indexOf('event 0421');
  assert.ok(at > 0);
  bytes.write('E', at);
  writeFileSync(path, bytes);
  const store = await openedStore(path);
  await reportedAt(store, 421);
  assert.is(corruption(await store.readStream('volume-b', 0)(), 'readStream').position, 421);
  assert.is((await store.readStream('volume-a', 0)())._tag, 'Right', 'the other stream can be read');
  await store.close();
  remove();
});

const vandalise = (path: string, sql: string): void => {
  const db = new Database(path);
  db.exec(sql);
  db.close();
};

test('broken JSON, a lost event, a swapped event and a foreign event are reported with their position', async () => {
  const { path, remove } = await made();
  const damage: Readonly<Record<string, string>> = {
    json: `UPDATE events SET event = substr(event, 2) WHERE position = 421`,
    binary: `UPDATE events SET event = x'ff00fe' WHERE position = 421`,
    lost: `DELETE FROM events WHERE position = 421`,
    swapped: `UPDATE events SET event = (SELECT event FROM events WHERE position = 423) WHERE position = 421`,
  };
  for (const [what, sql] of Object.entries(damage)) {
    const damaged = `${path}.${what}`;
    copyFileSync(path, damaged);
    vandalise(damaged, sql);
    const store = await openedStore(damaged);
    await reportedAt(store, 421);
    const stream = corruption(await store.readStream('volume-b', 0)(), `readStream ${what}`);
    assert.ok(stream.position >= 421 && stream.position <= 423, `${what}: ${stream.position}`);
    await store.close();
  }
  remove();
});

test('a damaged checksum inside a page does not hide good events, and is found by verify and by reading the stream', async () => {
  const { path, remove } = await made();
  vandalise(path, `UPDATE events SET chain = chain + 1 WHERE position = 421`);
  const store = await openedStore(path);
  const log = await store.readAll(0, 1000)();
  assert.ok(log._tag === 'Right' && log.right.length === 1000);
  assert.is(corruption(await store.readStream('volume-b', 0)(), 'readStream').position, 421);
  assert.is(corruption(await store.verify()(), 'verify').position, 421);
  await store.close();
  remove();
});

test('tables that contradict the events are found by verify', async () => {
  const { path, remove } = await made();
  const damage: Readonly<Record<string, string>> = {
    stream: `UPDATE events SET stream = 77, revision = 0 WHERE position = 421`,
    revision: `UPDATE events SET revision = 9999 WHERE position = 999`,
    name: `UPDATE streams SET name = 'volume-x' WHERE id = 2`,
    state: `INSERT INTO states VALUES ('volume-a', 1, 3, 12345, '{}')`,
  };
  for (const [what, sql] of Object.entries(damage)) {
    const damaged = `${path}.${what}`;
    copyFileSync(path, damaged);
    vandalise(damaged, sql);
    const store = await openedStore(damaged);
    corruption(await store.verify()(), what);
    await store.close();
  }
  remove();
});

test('a damaged state put aside is as good as none', async () => {
  const { path, remove } = await made();
  const store = await openedStore(path);
  await store.saveState({ stream: 'volume-a', foldVersion: 1, revision: 3, state: { size: 5 } })();
  await store.close();
  vandalise(path, `UPDATE states SET state = '{"size":6}'`);
  const again = await openedStore(path);
  const loaded = await again.loadState('volume-a', 1)();
  assert.ok(loaded._tag === 'Right' && loaded.right === undefined);
  await again.close();
  remove();
});

test('whatever page is destroyed, no read gives a wrong or shorter log', async () => {
  const { path, remove } = await made();
  const whole = readFileSync(path);
  const pageBytes = 8192;
  for (let page = 1; page * pageBytes < whole.length; page += 3) {
    const bytes = Buffer.from(whole);
    bytes.fill(0xa5, page * pageBytes, (page + 1) * pageBytes);
    const damaged = `${path}.page`;
    writeFileSync(damaged, bytes);
    const opened = await openSqliteStore({ path: damaged });
    if (opened._tag === 'Left') {
      assert.is(opened.left._tag, 'Corrupt', JSON.stringify(opened.left));
      continue;
    }
    const store = opened.right;
    const read = await store.readAll(0, 1000)();
    if (read._tag === 'Right') {
      assert.is(read.right.length, 1000, `page ${page}`);
      assert.ok(read.right.every(({ position }, at) => position === at));
    } else {
      assert.is(read.left._tag, 'Corrupt', JSON.stringify(read.left));
      assert.ok('position' in read.left && read.left.position >= 0, `page ${page}: ${JSON.stringify(read.left)}`);
    }
    assert.is((await store.verify()())._tag, 'Left', `verify finds page ${page}`);
    await store.close();
  }
  remove();
});

test('a file that is no event store, and one of a later version, are refused and left alone', async () => {
  const { folder, remove } = temporaryFolder();
  const text = join(folder, 'text.db');
  writeFileSync(text, 'this is not a database '.repeat(1000));
  corruption(await openSqliteStore({ path: text }), 'a text');
  assert.match(readFileSync(text, 'utf8'), /^this is not a database/);
  const foreign = join(folder, 'foreign.db');
  vandalise(foreign, 'CREATE TABLE accounts (name TEXT)');
  const before = readFileSync(foreign);
  corruption(await openSqliteStore({ path: foreign }), 'a foreign database');
  assert.ok(before.equals(readFileSync(foreign)));
  const later = join(folder, 'later.db');
  await (await openedStore(later)).close();
  vandalise(later, 'PRAGMA user_version = 99');
  assert.match(corruption(await openSqliteStore({ path: later }), 'a later version').message, '99');
  remove();
});

test.run();
