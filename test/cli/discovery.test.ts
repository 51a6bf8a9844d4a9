/** A service is found by its own user and nobody else, and what was said on the command line goes before what is found. */
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import * as E from 'fp-ts/lib/Either.js';
import { announce, discover, discoveryFolder, nearest, type Announced } from '../../packages/app/src/cli/service/discovery.ts';
import { cliWorld, type CliWorld } from '../support/cliWorld.ts';
import { suite } from '../support/suite.ts';
import { shell, type Ran } from '../support/terminal.ts';

const test = suite('finding a service that runs here');
let home: string;
let environment: Readonly<Record<string, string>>;
const NEWS = { url: 'http://127.0.0.1:8056', token: 'local-token', store: '/srv/a/store.db' } as const;

const write = (name: string, content: unknown): string => {
  const folder = discoveryFolder(environment);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content), { mode: 0o600 });
  return path;
};
const modeOf = (path: string): number => statSync(path).mode & 0o777;

test.before.each(() => {
  home = mkdtempSync(join(tmpdir(), 'blockledger-discovery-'));
  environment = { XDG_RUNTIME_DIR: home };
});
test.after.each(() => rmSync(home, { recursive: true, force: true }));

test('what a service tells is read by its own user alone, and is gone when it stops [I-24]', () => {
  const announced = announce(NEWS, environment);
  assert.ok(E.isRight(announced));
  const folder = discoveryFolder(environment);
  assert.equal([modeOf(folder), modeOf(join(folder, `${process.pid}.json`))], [0o700, 0o600]);
  const [found, ...others] = discover(environment);
  assert.equal([found?.url, found?.token, found?.store, found?.pid, others], [NEWS.url, NEWS.token, NEWS.store, process.pid, []]);
  if (E.isRight(announced)) announced.right();
  assert.equal([discover(environment), readdirSync(folder)], [[], []]);
});

test('a service that listens everywhere is reached on loopback', () => {
  for (const [url, here] of [['http://0.0.0.0:1', 'http://127.0.0.1:1'], ['https://[::]:2', 'https://[::1]:2']] as const) {
    assert.ok(E.isRight(announce({ ...NEWS, url }, environment)));
    assert.is(discover(environment)[0]?.url, here);
  }
});

test('what a process left that is gone, or whose number another has now, is not believed and taken away', () => {
  assert.ok(E.isRight(announce(NEWS, environment)));
  const [mine] = discover(environment);
  assert.ok(mine?.birth);
  const stale = [write('4194305.json', { ...mine, pid: 4_194_305 }), write(`${process.pid}.json`, { ...mine, birth: '1' })];
  assert.equal(discover(environment), []);
  assert.equal(stale.map(existsSync), [false, false]);
});

test('where no kernel tells when a process began, that it runs is enough', () => {
  write(`${process.pid}.json`, { ...NEWS, pid: process.pid, birth: null });
  assert.is(discover(environment).length, 1);
});

test('what is no announcement is not believed, and what has another name stays', () => {
  const note = write('notes.txt', 'mine');
  for (const content of ['', '{', '[]', { ...NEWS, pid: 'one', birth: null }, { url: NEWS.url }]) {
    write('7.json', content);
    assert.equal(discover(environment), []);
  }
  assert.equal(readdirSync(discoveryFolder(environment)), ['notes.txt']);
  assert.ok(existsSync(note));
});

test('a folder that others can look into or write to is believed in neither direction [I-24]', () => {
  const planted = write(`${process.pid}.json`, { ...NEWS, pid: process.pid, birth: null });
  for (const mode of [0o777, 0o755, 0o710, 0o702]) {
    chmodSync(discoveryFolder(environment), mode);
    assert.equal(discover(environment), [], mode.toString(8));
    const announced = announce(NEWS, environment);
    assert.match(E.isLeft(announced) ? announced.left : '', /belongs to somebody else, or others can look into it/);
  }
  assert.ok(existsSync(planted), 'what is not ours is left alone');
});

test('a link in the place of the folder is not followed [I-24]', () => {
  const elsewhere = mkdtempSync(join(home, 'elsewhere-'));
  writeFileSync(join(elsewhere, `${process.pid}.json`), JSON.stringify({ ...NEWS, pid: process.pid, birth: null }));
  symlinkSync(elsewhere, discoveryFolder(environment));
  assert.equal(discover(environment), []);
  assert.ok(E.isLeft(announce(NEWS, environment)));
});

const asRoot = process.getuid?.() === 0 ? test : test.skip;
asRoot('a folder that somebody else made in our name is not believed [I-24]', () => {
  write(`${process.pid}.json`, { ...NEWS, pid: process.pid, birth: null });
  chownSync(discoveryFolder(environment), 65_534, 65_534);
  assert.equal(discover(environment), []);
  assert.ok(E.isLeft(announce(NEWS, environment)));
});

test('the only service is meant, or the only one whose store is in this folder or below', () => {
  const one = (store: string): Announced => ({ ...NEWS, store, pid: 1, birth: null });
  const [a, b, memory] = [one('/srv/a/store.db'), one('/srv/b/var/store.db'), one(':memory:')];
  assert.is(nearest([a], '/elsewhere'), a);
  assert.is(nearest([a, b, memory], '/srv/b'), b);
  assert.is(nearest([a, b], '/srv'), undefined);
  assert.is(nearest([a, b], '/srv/b/v'), undefined, 'a folder is not the beginning of a name');
  assert.is(nearest([], '/srv'), undefined);
});

let world: CliWorld;
let other: ChildProcess;
const TOKEN = 'a-token-for-the-command-line';

/** Asks with nothing but what is given here. */
const whoAmI = (flags = '', env: Readonly<Record<string, string>> = {}, cwd = home): Promise<Ran> => shell(`blockledger token whoami ${flags}`, { cwd, env: { ...environment, ...env } });
const NOWHERE = 'http://127.0.0.1:1';

test('without a word the service that runs here answers its own user', async () => {
  write(`${process.pid}.json`, { ...NEWS, url: world.url, token: TOKEN, pid: process.pid, birth: null });
  const { code, stdout, stderr } = await whoAmI();
  assert.is(code, 0, stderr);
  assert.match(stdout, new RegExp(`^token:tester, admin.*${world.url}`));
});

test('where none runs, or only what is left of one, that is said with the way out', async () => {
  write('4194305.json', { ...NEWS, pid: 4_194_305, birth: null });
  const { code, stderr } = await whoAmI();
  assert.is(code, 69);
  assert.match(stderr, /no service was found\n {2}start one with `blockledger serve`, or name one with --url or BLOCKLEDGER_URL/);
});

test('of several the one of this folder is meant; where none is, all are named and nothing is asked', async () => {
  write(`${process.pid}.json`, { ...NEWS, url: world.url, token: TOKEN, store: join(home, 'a', 'store.db'), pid: process.pid, birth: null });
  write(`${other.pid}.json`, { ...NEWS, url: NOWHERE, store: '/srv/b/store.db', pid: other.pid, birth: null });
  mkdirSync(join(home, 'a'));
  assert.is((await whoAmI('', {}, join(home, 'a'))).code, 0);
  mkdirSync(join(home, 'b'));
  const { code, stderr } = await whoAmI('', {}, join(home, 'b'));
  assert.is(code, 69);
  assert.ok(stderr.includes(world.url) && stderr.includes(`(process ${other.pid}, store /srv/b/store.db)`), stderr);
  assert.not.ok(stderr.includes(TOKEN));
});

test('the command line goes before the environment, and that before what is found; a token follows its address', async () => {
  write(`${process.pid}.json`, { ...NEWS, url: world.url, token: TOKEN, pid: process.pid, birth: null });
  const code = async (...given: Parameters<typeof whoAmI>): Promise<number> => (await whoAmI(...given)).code;
  assert.is(await code('', { BLOCKLEDGER_URL: NOWHERE, BLOCKLEDGER_TOKEN: TOKEN }), 69, 'the environment names another');
  assert.is(await code(`--url ${world.url}`, { BLOCKLEDGER_URL: NOWHERE }), 0, 'the command line names this one, whose own token is used');
  assert.is(await code('', { BLOCKLEDGER_URL: '' }), 0, 'an empty variable says nothing');
  assert.is(await code('', { BLOCKLEDGER_TOKEN: 'wrong' }), 77, 'a token of the environment goes before the service’s own');
  const file = join(home, 'token');
  writeFileSync(file, `${TOKEN}\n`);
  assert.is(await code(`--token-file ${file}`, { BLOCKLEDGER_TOKEN: 'wrong' }), 0, 'a file goes before the environment');
  writeFileSync(file, '');
  assert.is(await code(`--token-file ${file}`), 77, 'an empty file is no token');
  assert.is(await code('--url nowhere'), 64);
});

test('the token of a service that runs here is never sent to another address [I-24]', async () => {
  write(`${process.pid}.json`, { ...NEWS, token: TOKEN, pid: process.pid, birth: null });
  const { code, stderr } = await whoAmI(`--url ${world.url}`);
  assert.is(code, 77, stderr);
  assert.match(stderr, /there is no token for this service/);
});

test.before(async () => {
  world = await cliWorld();
  other = spawn('sleep', ['300'], { stdio: 'ignore' });
});
test.after(async () => {
  other.kill();
  await world.close();
});
test.run();
