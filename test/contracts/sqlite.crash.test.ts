import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { openedStore, sqliteChild, temporaryFolder } from '../support/sqlite.ts';
import { suite } from '../support/suite.ts';

const test = suite('a SQLite store whose process is killed');
const rounds = 8;

test(`what was acknowledged before a kill is there, whole, over ${rounds} kills [I-17]`, async () => {
  const { folder, remove } = temporaryFolder();
  const path = join(folder, 'log.db');
  let acknowledged = 0;
  for (let round = 0; round < rounds; round += 1) {
    const child = sqliteChild('append', path);
    await child.printed(2);
    await sleep(Math.random() * 150);
    await child.kill();

    const store = await openedStore(path);
    const read = await store.readAll(0, 10_000_000)();
    assert.ok(read._tag === 'Right', JSON.stringify(read));
    const log = read.right;
    for (const line of child.lines.slice(1)) {
      const [stream, revision, position] = line.split(' ');
      const stored = log[Number(position)];
      assert.is(stored?.stream, stream, line);
      assert.is(stored?.revision, Number(revision), line);
      acknowledged += 1;
    }
    for (const [at, { position, data }] of log.entries()) {
      assert.is(position, at);
      const part = data as { readonly append: string; readonly at: number; readonly of: number };
      const siblings = log.slice(at - part.at, at - part.at + part.of).map((event) => (event.data as typeof part).append);
      assert.equal(siblings, Array.from({ length: part.of }, () => part.append), 'an append is there as a whole');
    }
    assert.is((await store.verify()())._tag, 'Right');
    await store.close();
  }
  assert.ok(acknowledged > rounds * 10, `${acknowledged} appends were acknowledged`);
  remove();
});

test.run();
