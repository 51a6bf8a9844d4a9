/** Asking for what is not there: a command, a service, a token, a moment. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { looksAsGolden } from '../support/cliGolden.ts';
import { cliWorld, type CliWorld } from '../support/cliWorld.ts';
import { repositoryRoot } from '../support/files.ts';
import { suite } from '../support/suite.ts';
import { shell, type Ran } from '../support/terminal.ts';

const test = suite('asking blockledger for what is not there');
let world: CliWorld;

const run = (line: string, env: Readonly<Record<string, string>> = world.env): Promise<Ran> => shell(`blockledger ${line}`, { env });

test('the help of an unknown command is a wrong command line, and the nearest known one is named', async () => {
  for (const line of ['volum --help', '-h volum', 'help volum', 'volum']) {
    const { code, stdout, stderr } = await run(line);
    assert.is(code, 64, line);
    assert.match(stderr, /unknown command 'volum'\n\(Did you mean volume\?\)/, line);
    assert.is(stdout, '', line);
  }
  for (const line of ['volume crate --help', 'help volume crate', 'volume crate --size 1GiB -h']) {
    const { code, stderr } = await run(line);
    assert.is(code, 64, line);
    assert.match(stderr, /unknown command 'crate'\n\(Did you mean create\?\)/, line);
  }
});

test('the help of a known command is shown wherever it is asked for', async () => {
  for (const line of ['volume create --help', 'volume create db-1 -h', 'help volume create', '--help volume create']) {
    const { code, stdout } = await run(line);
    assert.is(code, 0, line);
    assert.match(stdout, /^Usage: blockledger volume create/, line);
  }
  assert.match((await run('help')).stdout, /Exit codes:/);
  assert.match((await run('help volume')).stdout, /^Usage: blockledger volume/);
});

test('which version this is can be asked without a service', async () => {
  const { version } = JSON.parse(readFileSync(join(repositoryRoot, 'packages/app/package.json'), 'utf8')) as { readonly version: string };
  for (const line of ['--version', '-V']) assert.equal(await run(line, {}), { code: 0, stdout: `${version}\n`, stderr: '' }, line);
  await looksAsGolden({ name: 'version', line: 'blockledger --version', json: false, atOnce: true, rules: [[/^\d+\.\d+\.\d+$/gm, '<version>']] });
});

test('a wrong address is told as such also where there is no token', async () => {
  const gone = await run('volume list', { BLOCKLEDGER_URL: 'http://127.0.0.1:1' });
  assert.is(gone.code, 69, gone.stderr);
  assert.match(gone.stderr, /http:\/\/127\.0\.0\.1:1 does not answer/);
  assert.not.match(gone.stderr, /token/);
  const closed = await run('volume list', { BLOCKLEDGER_URL: world.url });
  assert.is(closed.code, 77, closed.stderr);
  assert.match(closed.stderr, /no token/);
});

test('before a volume was there, `at` tells when it began to exist [S0-136]', async () => {
  const early = await run('at 2001-01-01T00:00:00Z volume db-1');
  assert.is(early.code, 2, early.stderr);
  const [, began = ''] = /was not there at 2001-01-01T00:00:00\.000Z; it began to exist at (\S+Z)/.exec(early.stderr) ?? [];
  assert.is((await run(`at ${began} volume db-1`)).code, 0, early.stderr);
  const justBefore = new Date(Date.parse(began) - 1).toISOString();
  assert.is((await run(`at ${justBefore} volume db-1`)).code, 2);
});

test('history names what it speaks of: the pool, the snapshot of a clone, the backup of a rollback [S0-136]', async () => {
  const clone = (await run('history volume db-1-clone')).stdout;
  assert.match(clone, /A linked clone of the snapshot before-upgrade \([0-9a-f-]{36}\) was asked for: db-1-clone, 100 GiB, in the pool vols \([0-9a-f-]{36}\)/);
  assert.match((await run('history snapshot db-1@before-upgrade')).stdout, /The clone db-1-clone \([0-9a-f-]{36}\) depends on it/);
  assert.is((await run('volume rollback db-1 db-1@spare --yes --wait')).code, 0);
  assert.match((await run('history volume db-1')).stdout, /A rollback to the snapshot spare \([0-9a-f-]{36}\) was asked for; the backup snapshot backup-[0-9a-f-]{36} is taken first/);
});

test.before(async () => {
  world = await cliWorld();
});
test.after(() => world.close());
test.run();
