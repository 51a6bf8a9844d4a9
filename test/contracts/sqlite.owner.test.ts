import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { openSqliteStore } from '@blockledger/app/sqlite';
import { openedStore, sqliteChild, temporaryFolder } from '../support/sqlite.ts';
import { sampleEvent } from '../support/events.ts';
import { suite } from '../support/suite.ts';

const test = suite('the owner of a SQLite store');

test('a store that another process owns is refused, and the refusal names that process', async () => {
  const { folder, remove } = temporaryFolder();
  const path = join(folder, 'log.db');
  const owner = sqliteChild('hold', path);
  await owner.printed(1);
  assert.equal(owner.lines, ['open']);
  const refused = await openSqliteStore({ path });
  assert.ok(refused._tag === 'Left' && refused.left._tag === 'Locked', JSON.stringify(refused));
  for (const part of [String(owner.pid), hostname(), 'started 2']) assert.ok(refused.left.owner.includes(part), refused.left.owner);
  assert.ok(refused.left.message.includes(path));
  await owner.kill();
  remove();
});

test('a store whose owner was killed opens at once, with everything in it', async () => {
  const { folder, remove } = temporaryFolder();
  const path = join(folder, 'log.db');
  const owner = sqliteChild('append', path);
  await owner.printed(20);
  await owner.kill();
  assert.ok(existsSync(`${path}-owner`), 'the dead owner has left its name behind');
  const startedAt = performance.now();
  const store = await openedStore(path);
  assert.ok(performance.now() - startedAt < 2000, 'opening waits for nobody');
  const verified = await store.verify()();
  assert.is(verified._tag, 'Right', JSON.stringify(verified));
  await store.close();
  remove();
});

test('a process that owns a store cannot open it a second time, not even by a link', async () => {
  const { folder, remove } = temporaryFolder();
  const path = join(folder, 'log.db');
  const store = await openedStore(path);
  const { symlinkSync } = await import('node:fs');
  symlinkSync(path, join(folder, 'link.db'));
  for (const name of ['log.db', 'link.db', './log.db']) {
    const refused = await openSqliteStore({ path: join(folder, name) });
    assert.ok(refused._tag === 'Left' && refused.left._tag === 'Locked', JSON.stringify(refused));
    assert.ok(refused.left.owner.includes(String(process.pid)));
  }
  const other = sqliteChild('hold', path);
  await other.printed(1);
  assert.match(other.lines[0] ?? '', 'Locked');
  await store.close();
  const again = await openedStore(path);
  await again.close();
  await other.kill();
  remove();
});

test('a store stays owned while its file is read by others', async () => {
  const { folder, remove } = temporaryFolder();
  const path = join(folder, 'log.db');
  const store = await openedStore(path);
  await store.append('volume-a', 'none', [sampleEvent(0)])();
  const backup = join(folder, 'copy.db');
  assert.is((await store.backup(backup)())._tag, 'Right');
  const refused = await openSqliteStore({ path });
  assert.ok(refused._tag === 'Left' && refused.left._tag === 'Locked');
  const copy = await openedStore(backup);
  await copy.close();
  await store.close();
  remove();
});

test.run();
