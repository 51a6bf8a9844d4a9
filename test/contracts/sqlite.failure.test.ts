import { join } from 'node:path';
import Database from 'libsql';
import * as assert from 'uvu/assert';
import { openedStore, temporaryFolder } from '../support/sqlite.ts';
import { sampleEvent } from '../support/events.ts';
import { suite } from '../support/suite.ts';

const test = suite('a SQLite store whose transaction fails');

test('an append while a stranger holds the file for writing is unavailable, not stored, and may be repeated', async () => {
  const { folder, remove } = temporaryFolder();
  const path = join(folder, 'log.db');
  const store = await openedStore(path);
  await store.append('volume-a', 'none', [sampleEvent(0)])();
  const stranger = new Database(path);
  stranger.exec('BEGIN IMMEDIATE');
  const busy = await store.append('volume-a', 0, [sampleEvent(1)])();
  assert.ok(busy._tag === 'Left' && busy.left._tag === 'Unavailable', JSON.stringify(busy));
  assert.is(busy.left.outcomeUnknown, false);
  stranger.exec('ROLLBACK');
  stranger.close();
  assert.equal(await store.head()(), { _tag: 'Right', right: 0 });
  assert.equal(await store.append('volume-a', 0, [sampleEvent(1)])(), { _tag: 'Right', right: { revision: 1, position: 1 } });
  await store.close();
  remove();
});

test('a transaction that fails in the middle stores nothing of anybody, and the store goes on from what is there', async () => {
  const { folder, remove } = temporaryFolder();
  const path = join(folder, 'log.db');
  const first = await openedStore(path);
  await first.append('volume-a', 'none', [sampleEvent(0)])();
  await first.close();
  const vandal = new Database(path);
  vandal.exec(`CREATE TRIGGER full BEFORE INSERT ON events WHEN new.event LIKE '%"bomb"%' BEGIN SELECT RAISE(ROLLBACK, 'disk full'); END`);
  vandal.close();

  const store = await openedStore(path);
  const failed = await Promise.all([
    store.append('volume-a', 0, [sampleEvent(1)])(),
    store.append('volume-b', 'none', [sampleEvent(2), sampleEvent(3, { is: 'bomb' })])(),
    store.append('volume-c', 'none', [sampleEvent(4)])(),
    store.saveState({ stream: 'volume-a', foldVersion: 1, revision: 1, state: {} })(),
  ]);
  for (const answer of failed) {
    assert.ok(answer._tag === 'Left' && answer.left._tag === 'Unavailable', JSON.stringify(answer));
    assert.match(answer.left.message, 'disk full');
  }
  assert.equal(await store.head()(), { _tag: 'Right', right: 0 });
  assert.equal(await store.append('volume-b', 'none', [sampleEvent(2)])(), { _tag: 'Right', right: { revision: 0, position: 1 } });
  assert.equal(await store.append('volume-a', 0, [sampleEvent(1)])(), { _tag: 'Right', right: { revision: 1, position: 2 } });
  assert.equal(await store.verify()(), { _tag: 'Right', right: { events: 3, streams: 2, states: 0 } });
  await store.close();
  remove();
});

test.run();
