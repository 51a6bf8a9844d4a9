import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import * as assert from 'uvu/assert';
import { openStoreFile } from '@blockledger/app/sqlite';
import { crc32 } from 'node:zlib';
import { repositoryRoot } from '../support/files.ts';
import { openedStore, temporaryFolder } from '../support/sqlite.ts';
import { sampleEvent } from '../support/events.ts';
import { suite } from '../support/suite.ts';

const test = suite('files that were written by earlier versions');
const frozen = join(repositoryRoot, 'test/compat/events-v1.db');

const shapeOf = (path: string): { readonly version: unknown; readonly ids: unknown } => {
  const db = new Database(path, { readonly: true });
  const first = (sql: string): unknown => (db.prepare(sql).raw(true).get() as readonly unknown[])[0];
  const shape = { version: first('PRAGMA user_version'), ids: first("SELECT count(*) FROM sqlite_schema WHERE name = 'event_ids'") };
  db.close();
  return shape;
};

const texts = ['plain', 'Том №1 卷 📀', 'e\u0301', '"\\/\n\u0000\u2028', '\ud800 alone'];
const wanted = [
  ...texts.map((text, n) => ({
    position: n,
    stream: 'volume-a',
    revision: n,
    ...sampleEvent(n, { text, [text]: n, sizeBytes: 562_949_953_421_312, ratio: 0.1, none: null, list: [true, false, {}, []] }),
  })),
  { position: 5, stream: 'snapshot-том', revision: 0, ...sampleEvent(100, {}), type: 'SnapshotTaken' },
  {
    position: 6,
    stream: 'snapshot-том',
    revision: 1,
    ...sampleEvent(101, { inner: { deep: [[1], [2, [3]]] } }),
    type: 'SnapshotProtected',
    schemaVersion: 3,
  },
];

test('the file of version 1 is the one that was written then', () => {
  assert.is(crc32(readFileSync(frozen)), 0x1b4d_c526);
});

test('events stored by version 1 are read for ever, and the log goes on', async () => {
  const { folder, remove } = temporaryFolder();
  const path = join(folder, 'log.db');
  copyFileSync(frozen, path);
  const store = await openedStore(path);
  const read = await store.readAll(0, 100)();
  assert.ok(read._tag === 'Right', JSON.stringify(read));
  assert.equal(read.right, wanted);
  const verified = await store.verify()();
  assert.equal(verified, { _tag: 'Right', right: { events: 7, streams: 2, states: 1 } });
  const state = await store.loadState('volume-a', 4)();
  assert.equal(state, { _tag: 'Right', right: { stream: 'volume-a', foldVersion: 4, revision: 4, state: { texts } } });
  const repeat = await store.append('volume-a', 3, [sampleEvent(4, wanted[4]?.data)])();
  assert.equal(repeat, { _tag: 'Right', right: { revision: 4, position: 4 } });
  const next = await store.append('volume-a', 4, [sampleEvent(200)])();
  assert.equal(next, { _tag: 'Right', right: { revision: 5, position: 7 } });
  await store.close();
  remove();
});

test('a file of version 1 is read by a look from outside as it is, and loses its table of event ids once it is opened', async () => {
  const { folder, remove } = temporaryFolder();
  const path = join(folder, 'log.db');
  copyFileSync(frozen, path);
  const file = openStoreFile(path);
  assert.is(file._tag, 'Right', JSON.stringify(file));
  if (file._tag === 'Right') {
    assert.equal(await file.right.verify(), { _tag: 'Right', right: { events: 7, streams: 2, states: 1 } });
    file.right.close();
  }
  assert.equal(shapeOf(path), { version: 1, ids: 1 });
  await (await openedStore(path)).close();
  assert.equal(shapeOf(path), { version: 2, ids: 0 });
  remove();
});

test.run();
