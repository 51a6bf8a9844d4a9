import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { openedStore, temporaryFolder } from '../support/sqlite.ts';
import { sampleEvent } from '../support/events.ts';
import { suite } from '../support/suite.ts';

const test = suite('backup of a SQLite store');

test('a backup made while appends go on holds everything acknowledged before it, and opens like any store', async () => {
  const { folder, remove } = temporaryFolder();
  const store = await openedStore(join(folder, 'log.db'));
  for (let n = 0; n < 20_000; n += 1000) {
    const batch = Array.from({ length: 1000 }, (_, at) => sampleEvent(n + at));
    assert.is((await store.append('volume-a', n === 0 ? 'none' : n - 1, batch)())._tag, 'Right');
  }
  await store.saveState({ stream: 'volume-a', foldVersion: 1, revision: 19_999, state: { n: 20_000 } })();

  let appended = 0;
  const writer = { isRunning: true };
  const writing = (async (): Promise<void> => {
    for (; writer.isRunning; appended += 1) {
      const answer = await store.append('volume-b', appended === 0 ? 'none' : appended - 1, [sampleEvent(100_000 + appended)])();
      assert.is(answer._tag, 'Right', JSON.stringify(answer));
    }
  })();
  const target = join(folder, "a 'quoted' name.db");
  const answer = await store.backup(target)();
  const appendedMeanwhile = appended;
  writer.isRunning = false;
  await writing;
  assert.is(answer._tag, 'Right', JSON.stringify(answer));
  assert.ok(appendedMeanwhile > 5, `${appendedMeanwhile} appends were acknowledged during the backup`);
  assert.ok(statSync(target).size > 1_000_000);
  assert.not(existsSync(`${target}.partial`));
  await store.close();

  const copy = await openedStore(target);
  const verified = await copy.verify()();
  assert.ok(verified._tag === 'Right', JSON.stringify(verified));
  assert.ok(verified.right.events >= 20_000 && verified.right.events <= 20_000 + appended);
  const state = await copy.loadState('volume-a', 1)();
  assert.ok(state._tag === 'Right' && state.right?.revision === 19_999);
  assert.is((await copy.append('volume-a', 19_999, [sampleEvent(900_000)])())._tag, 'Right');
  await copy.close();
  remove();
});

test('a backup never overwrites a file, and a folder that is absent is reported', async () => {
  const { folder, remove } = temporaryFolder();
  const path = join(folder, 'log.db');
  const store = await openedStore(path);
  const onto = await store.backup(path)();
  assert.ok(onto._tag === 'Left' && onto.left._tag === 'Invalid', JSON.stringify(onto));
  const nowhere = await store.backup(join(folder, 'absent', 'copy.db'))();
  assert.ok(nowhere._tag === 'Left' && nowhere.left._tag === 'Unavailable', JSON.stringify(nowhere));
  await store.close();
  remove();
});

test.run();
