/** The simulated array as a program, started as a person would. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { tmpdir } from 'node:os';
import * as E from 'fp-ts/lib/Either.js';
import { qsanArray } from '@blockledger/adapters-qsan';
import { secret } from '@blockledger/domain';
import * as assert from 'uvu/assert';
import { context } from '../support/xdc.ts';
import { startExecutable, type Program } from '../support/program.ts';
import { repositoryRoot } from '../support/files.ts';
import { ask, type Fields } from '../support/qsan.ts';
import { suite } from '../support/suite.ts';

const test = suite('QSAN simulator as a program');

const executable = join(repositoryRoot, 'packages/adapters-qsan/bin/blockledger-qsan-simulator.js');
const folder = mkdtempSync(join(tmpdir(), 'blockledger-qsan-test-'));
test.after(() => rmSync(folder, { recursive: true, force: true }));

interface Told {
  readonly program: Program;
  readonly host: string;
  readonly port: number;
  readonly ca: string;
  readonly caFile: string;
  readonly user: string;
  readonly password: string;
}

/** What the program tells whoever started it. */
const start = async (...args: readonly string[]): Promise<Told> => {
  const program = startExecutable([executable, ...args], { env: { QSAN_SIMULATOR_PASSWORD: '' } });
  await program.says(/Ctrl-C ends it/);
  const said = program.output();
  const after = (word: string): string => new RegExp(`^  ${word} +(\\S+)`, 'm').exec(said)?.[1] ?? '';
  const url = new URL(after('API'));
  assert.is(url.pathname, '/api');
  return { program, host: url.hostname, port: Number(url.port), ca: readFileSync(after('CA file'), 'utf8'), caFile: after('CA file'), user: after('user'), password: after('password') };
};

test('it tells where it is, whom to trust and how to log in, and whoever follows that is let in [S1-1, S1-2]', async () => {
  const told = await start('--pool', 'Pool-1:2TiB', '--pool', 'Fast:500GiB', '--user', 'tester', '--token-seconds', '60');
  assert.is(told.user, 'tester');
  assert.ok(told.password.length > 12, 'an empty one is none');
  const login = await ask(told, 'POST', '/api/login', { body: { username: told.user, password: told.password } });
  assert.equal([login.status, (login.body as Fields)['expires_in']], [200, 60]);
  const token = String((login.body as Fields)['token']);
  const pool = await ask(told, 'GET', '/api/pools/Fast', { token });
  assert.is((pool.body as Fields)['total_capacity'], 500 * 2 ** 30);
  assert.is(((await ask(told, 'GET', '/api/pools/Pool-1', { token })).body as Fields)['total_capacity'], 2 * 2 ** 40);
  const said = told.program.output();
  const [, line = ''] = /^ {2}(curl .*)$/m.exec(said) ?? [];
  assert.ok(line.includes(`--cacert '${told.caFile}' `) && line.includes(told.password));
  assert.match(said, new RegExp(`url: 'https://127\\.0\\.0\\.1:${told.port}'`));
  await told.program.stop('SIGINT');
  assert.not.ok(existsSync(dirname(told.caFile)), 'what it wrote for itself is gone');
});

test('the certificate goes where it is told, and the password is the one of the environment [S1-1, S1-2]', async () => {
  const caFile = join(folder, 'ca.pem');
  const program = startExecutable([executable, '--ca', caFile], { env: { QSAN_SIMULATOR_PASSWORD: 'chosen-by-me' } });
  await program.says(/password +chosen-by-me\n/);
  await program.says(/Ctrl-C ends it/);
  assert.match(readFileSync(caFile, 'utf8'), /^-----BEGIN CERTIFICATE-----/);
  await program.stop('SIGTERM');
  assert.ok(existsSync(caFile), 'what it was told to write stays');
});

test('with a file it is the same array when it is started again: what it holds, whom to trust, and the password [S1-1, S1-2, S1-6]', async () => {
  const file = join(folder, 'array.json');
  const first = await start('--file', file, '--pool', 'Kept:1TiB');
  const entered = async ({ password, user, ...told }: Told, ca: string): Promise<(path: string, body?: object) => Promise<number>> => {
    const { body } = await ask({ ...told, ca }, 'POST', '/api/login', { body: { username: user, password } });
    const token = String((body as Fields)['token']);
    return async (path, made) => (await ask({ ...told, ca }, made === undefined ? 'GET' : 'POST', path, { token, ...(made === undefined ? {} : { body: made }) })).status;
  };
  const make = await entered(first, first.ca);
  assert.is(await make('/api/volumes', { pool: 'Kept', name: 'volume-1', size: 2 ** 30, thin_provision: true }), 200);
  assert.match(first.program.output(), `It keeps what it holds in ${file}.`);
  await first.program.stop();
  const second = await start('--file', file);
  assert.equal([second.caFile, second.ca, second.password], [`${file}.ca.pem`, first.ca, first.password]);
  const look = await entered({ ...second, password: first.password }, first.ca);
  assert.equal([await look('/api/volumes/volume-1'), await look('/api/pools/Kept')], [200, 200]);
  await second.program.stop();
  assert.ok(existsSync(second.caFile), 'whoever was told to read it there can do so');
});

test('the adapter that is set up as the program tells reaches its pool [S1-2, S1-15]', async () => {
  const told = await start('--pool', 'Pool-1:3TiB', '--password', "it's a \\ secret");
  const said = told.program.output();
  const quoted = (field: string): string => new RegExp(`^    ${field}: .*?'([^']+)'`, 'm').exec(said)?.[1] ?? '';
  const [, password = ''] = /^ {2}QSAN_PASSWORD=(.*)$/m.exec(said) ?? [];
  const read = execFileSync('sh', ['-c', `QSAN_PASSWORD=${password}; printf %s "$QSAN_PASSWORD"`], { encoding: 'utf8' });
  assert.is(read, "it's a \\ secret");
  const { volumes, targets } = qsanArray({ url: quoted('url'), ca: readFileSync(quoted('ca'), 'utf8'), username: quoted('username'), password: secret(read) });
  const stats = await volumes.stats({ backend: 'array', pool: 'Pool-1' }, context)();
  assert.ok(E.isRight(stats) && stats.right.totalBytes === 3 * 2 ** 40, JSON.stringify(stats));
  await Promise.all([volumes.close(), targets.close()]);
  await told.program.stop();
});

test('a command line that cannot be read ends with the code for wrong usage and says how it is written [S1-1]', async () => {
  for (const [args, why] of [[['--pool', 'Pool-1:10TB'], /Pool-1:10TiB/], [['--pool', ':10TiB'], /Pool-1:10TiB/], [['--pool', 'Pool-1:0'], /Pool-1:10TiB/], [['--port', '70000'], /65535/], [['--fault-rate', '2'], /from 0 to 1/], [['--nothing'], /unknown option/]] as const) {
    const program = startExecutable([executable, ...args]);
    assert.is(await program.ended, 64, args.join(' '));
    assert.match(program.errors(), why);
  }
  const help = execFileSync(process.execPath, [executable, '--help'], { encoding: 'utf8' });
  assert.match(help, /--fault-rate/);
});

test('a port that is taken, and a certificate that cannot be written, are told in one line [S1-1]', async () => {
  const told = await start('--fault-rate', '1', '--seed', '3');
  const taken = startExecutable([executable, '--port', String(told.port)]);
  assert.is(await taken.ended, 1);
  assert.match(taken.errors(), /^blockledger-qsan-simulator: .*EADDRINUSE.*\n$/);
  const unwritable = startExecutable([executable, '--ca', join(folder, 'nowhere/ca.pem')]);
  assert.is(await unwritable.ended, 1);
  assert.match(unwritable.errors(), /^blockledger-qsan-simulator: .*ENOENT.*\n$/);
  await told.program.stop();
});

test.run();
