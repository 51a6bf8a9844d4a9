import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { looksAsGolden } from '../support/cliGolden.ts';
import { sampleEvent } from '../support/events.ts';
import { requireReal } from '../support/real.ts';
import { call, startService, taskEnd } from '../support/serviceProcess.ts';
import { openedStore, temporaryFolder } from '../support/sqlite.ts';
import { suite } from '../support/suite.ts';
import { realTerminal, shell } from '../support/terminal.ts';

requireReal(realTerminal);
const test = suite('blockledger store');
const { folder, remove } = temporaryFolder();
const at = (name: string): string => join(folder, name);
const place = { cwd: folder };

/** A closed store of 1000 events; with `damaged`, one letter of event 421 is another. */
const makeStore = async (name: string, damaged = false): Promise<void> => {
  const store = await openedStore(at(name));
  const events = Array.from({ length: 1000 }, (_, n) => sampleEvent(n, { mark: `event ${String(n).padStart(4, '0')}` }));
  assert.is((await store.append('volume-a', 'none', events)())._tag, 'Right');
  await store.close();
  if (!damaged) return;
  const bytes = readFileSync(at(name));
  bytes.write('E', bytes.indexOf('event 0421'));
  writeFileSync(at(name), bytes);
};

test('store verify tells a sound store from a damaged one, and where it is damaged', async () => {
  await makeStore('sound.db');
  await makeStore('damaged.db', true);
  await looksAsGolden({ name: 'store-verify', line: 'blockledger store verify --store sound.db', place });
  await looksAsGolden({ name: 'store-verify-damaged', line: 'blockledger store verify --store damaged.db', place });
});

test('store backup makes a file that is checked, and refuses to overwrite one', async () => {
  const before = (): void => rmSync(at('copy.db'), { force: true });
  await looksAsGolden({ name: 'store-backup', line: 'blockledger store backup copy.db --store sound.db', place, before });
  await looksAsGolden({ name: 'store-backup-exists', line: 'blockledger store backup copy.db --store sound.db', place, json: false });
});

test('a damaged store is not backed up without a word', async () => {
  const ran = await shell('blockledger store backup bad-copy.db --store damaged.db', place);
  assert.is(ran.code, 3);
  assert.match(ran.stderr, /bad-copy\.db is not sound: position 421/);
});

test('what is no store is not taken for one, and nothing is made of it', async () => {
  writeFileSync(at('letter.txt'), 'Dear operator, this is no database at all.\n'.repeat(100));
  const cases = [
    ['store verify --store letter.txt', 3, /the store letter\.txt is damaged: /],
    ['store verify --store absent.db', 69, /absent\.db is not there/],
    ['store verify', 64, /which store\?/],
    ['store verify --store :memory:', 64, /a store in memory has no file/],
    ['store backup x.db --store absent.db', 69, /absent\.db is not there/],
    ['store backup nowhere/x.db --store sound.db', 73, /nowhere\/x\.db was not made/],
  ] as const;
  for (const [line, code, says] of cases) {
    const ran = await shell(`blockledger ${line}`, place);
    assert.is(ran.code, code, `${line}: ${ran.stderr}`);
    assert.match(ran.stderr, says);
  }
  assert.equal([existsSync(at('absent.db')), existsSync(at('x.db'))], [false, false]);
});

test('a store is backed up while its service runs, and the copy holds what was acknowledged [S0-6]', async () => {
  const config = 'examples/quickstart/blockledger.config.js';
  const service = await startService({ config, store: at('live.db') });
  const made = await call(service.url, 'POST', '/block-volumes', { body: { block_volume: { name: 'kept', pool_id: 1, size: 2 ** 30 } } });
  assert.is((await taskEnd(service.url, made.location ?? '')).status, 'succeeded');
  assert.is((await shell(`blockledger store verify --store ${at('live.db')}`)).code, 0);
  const ran = await shell(`blockledger store backup ${at('live-copy.db')}`, { env: { BLOCKLEDGER_STORE: at('live.db') } });
  assert.is(ran.code, 0, ran.stderr);
  assert.is((await call(service.url, 'GET', '/block-volumes/1')).status, 200, 'the service goes on');
  assert.is(await service.stop(), 0);

  const restored = await startService({ config, store: at('live-copy.db') });
  assert.is(((await call(restored.url, 'GET', '/block-volumes/1')).json['block_volume'] as { readonly name: string }).name, 'kept');
  await restored.stop();
});

test('bars are drawn on the terminal while a store is read, and are gone at the end', async () => {
  const ran = await shell('blockledger store verify --store sound.db', { ...place, columns: 60 });
  assert.match(ran.stdout, /Reading events .*\d+ %/);
  assert.match(ran.stdout.split('\n').findLast((line) => line.includes('is sound')) ?? '', /sound\.db is sound/);
});

test.after(remove);
test.run();
