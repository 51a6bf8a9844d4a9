/** `blockledger events` and `webhook`, as a person and as a script use them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as E from 'fp-ts/lib/Either.js';
import * as assert from 'uvu/assert';
import { rbdBackend } from '@blockledger/adapters-rbd';
import { simulateRbd } from '@blockledger/adapters-rbd/simulator';
import { controlPlane, type ControlPlane } from '@blockledger/app';
import { httpService, type HttpService } from '@blockledger/app/http';
import { memoryStore } from '@blockledger/app/memory';
import { looksAsGolden } from '../support/cliGolden.ts';
import { startCutter, type Cutter } from '../support/cutter.ts';
import { right } from '../support/plane.ts';
import { requireReal } from '../support/real.ts';
import { isSignedWith, startReceiver, type Receiver } from '../support/receiver.ts';
import { STEADY_INSTALLATION, steadyIds } from '../support/steadyIds.ts';
import { suite } from '../support/suite.ts';
import { blockledgerBin, realTerminal, shell, type Ran } from '../support/terminal.ts';

requireReal(realTerminal);
const test = suite('blockledger events and webhook');
const TOKEN = 'a-token-for-the-command-line';
const operator = { issuedBy: 'token:operator', wait: 'done' } as const;

let plane: ControlPlane;
let service: HttpService;
let receiver: Receiver;
let env: Readonly<Record<string, string>>;
let cutter: Cutter;

const run = (line: string): Promise<Ran> => shell(`blockledger ${line}`, { env });
const linesOf = ({ stdout }: Ran): readonly string[] => stdout.split('\n').filter((line) => line !== '');

/** Fast enough for any machine, and never the reason why a test passes. */
const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
};

interface Watched {
  readonly text: () => string;
  readonly notes: () => string;
  readonly interrupt: () => void;
  readonly ended: Promise<number | null>;
}

/** A command that goes on; its standard output is a pipe. */
const begin = (args: readonly string[], url = env['BLOCKLEDGER_URL'] ?? ''): Watched => {
  const child = spawn(`${blockledgerBin}/blockledger`, args, { env: { ...process.env, ...env, BLOCKLEDGER_URL: url, TZ: 'UTC' }, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  let notes = '';
  child.stdout.setEncoding('utf8').on('data', (more: string) => (text += more));
  child.stderr.setEncoding('utf8').on('data', (more: string) => (notes += more));
  return { text: () => text, notes: () => notes, interrupt: () => void child.kill('SIGINT'), ended: once(child, 'close').then(([code]) => code as number | null) };
};

test('events tells the whole log in sentences, one line each, with names instead of bare UUIDs [S0-136]', async () => {
  const seen = linesOf(await run('events'));
  assert.match(seen[0] ?? '', /^\d{4}-\S+Z {2}\d+ {2}pool 1 vols: The pool vols was to be registered \(token:operator\)$/);
  assert.ok(seen.some((line) => / {2}volume 1 db-1: A volume was asked for: db-1, 1 GiB, in the pool vols \([0-9a-f-]{36}\) \(token:operator\)$/.test(line)), seen.join('\n'));
  assert.ok(seen.some((line) => /: A rollback to the snapshot one \([0-9a-f-]{36}\) was asked for; the backup snapshot backup-[0-9a-f-]{36} is taken first \(token:operator\)$/.test(line)), seen.join('\n'));
});

test('events looks the same on every screen [S0-136]', () => looksAsGolden({ name: 'events', line: 'blockledger events --volume db-1 --type VolumeCreated --type VolumeRollbackRequested', place: { env }, json: false }));

test('events --json is one object a line, the same that the service sends, and begins behind any position [S0-136]', async () => {
  const all = linesOf(await run('events --json')).map((line) => JSON.parse(line) as { readonly position: number; readonly type: string; readonly resource_type: string });
  assert.ok(all.length > 10);
  const middle = all[5]?.position ?? 0;
  assert.equal(linesOf(await run(`events --json --from ${middle}`)).map((line) => JSON.parse(line) as unknown), all.slice(6));
  const pools = linesOf(await run('events --json --kind pool')).map((line) => JSON.parse(line) as { readonly resource_type: string });
  assert.equal(pools, all.filter(({ resource_type: kind }) => kind === 'pool'));
  assert.equal(linesOf(await run('events --from now')), []);
  const outside = await run('events --json --from 999999');
  assert.is(outside.code, 1, outside.stderr);
  assert.is(linesOf(outside).length, 1, 'a refusal is one line, too');
  assert.match(outside.stderr, /rule positionInLog/);
});

test('events --follow shows what comes, goes on after a cut, and ends at Ctrl-C with 130 and the position [S0-136, I-16]', async () => {
  cutter.cutAfter = () => (cutter.connections() < 3 ? 4_000 : undefined);
  const watched = begin(['events', '--follow', '--from', 'start', '--json'], cutter.url);
  await until(() => watched.notes().includes('goes on when'));
  assert.not.ok(watched.text().includes('VolumeRolledBack'), 'it was cut before the end');
  await until(() => watched.text().includes('VolumeRolledBack'));
  right(await plane.pausePool('vols', { reason: 'disks' }, { issuedBy: 'token:operator' }));
  await until(() => watched.text().includes('PoolPaused'));
  watched.interrupt();
  assert.is(await watched.ended, 130, watched.notes());
  const positions = watched.text().trim().split('\n').map((line) => (JSON.parse(line) as { readonly position: number }).position);
  const whole = linesOf(await run('events --json')).map((line) => (JSON.parse(line) as { readonly position: number }).position);
  assert.equal(positions, whole);
  assert.match(watched.notes(), new RegExp(`--from ${whole.at(-1)}`));
});

/** Something happens again and again, until the work is done. */
const whileEventsCome = async <A>(work: Promise<A>): Promise<A> => {
  const done = new AbortController();
  const ended = work.finally(() => done.abort());
  for (let times = 1; !done.signal.aborted; times += 1) {
    right(await plane.updateVolume(1, { description: `written ${times} times` }, operator));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return ended;
};

// Who writes into a closed pipe learns of it with the next event, as with every program that follows: a slow reader may be gone only after the whole log has been written.
test('a closed pipe ends events quietly, with the next event where all that there was had been written before', async () => {
  for (const reader of ['head -1', '(sleep 1; head -1)']) {
    const ran = await whileEventsCome(shell(`blockledger events --follow --from start | ${reader}; echo "\${PIPESTATUS[0]}"`, { env }));
    assert.match(ran.stdout, /was to be registered \(token:operator\)\n0\n$/, ran.stdout);
    assert.is(ran.stderr, '');
  }
});

test('events of a service that is not there, or that does not know the token, end at once', async () => {
  const gone = await shell('blockledger events --follow', { env: { ...env, BLOCKLEDGER_URL: 'http://127.0.0.1:1' } });
  assert.is(gone.code, 69, gone.stderr);
  const stranger = await shell('blockledger events --follow', { env: { ...env, BLOCKLEDGER_TOKEN: 'wrong' } });
  assert.is(stranger.code, 77, stranger.stderr);
  assert.is((await run('events --kind nothing')).code, 64);
  assert.is((await run('events --type NoSuchEvent')).code, 64);
  assert.is((await run('events --volume nothing')).code, 2);
});

test('a webhook is made with a secret that is printed once, alone, and signs what is sent [S0-136, I-24]', async () => {
  const made = await run(`webhook create ops --to ${receiver.url} --kind pool --from start`);
  assert.match(made.stdout, /^whsec_[A-Za-z0-9+/]{32}\n$/, made.stderr);
  await receiver.has(2);
  assert.ok(isSignedWith(made.stdout.trim(), receiver.arrived[0] ?? { text: '', headers: {} }));
  for (const line of ['webhook list --json', 'webhook show ops --json', 'events --kind webhook --json']) assert.not.ok((await run(line)).stdout.includes('whsec_'), line);
});

const rules = [[/127\.0\.0\.1:\d+\/hooks/g, '<receiver>'], [/ +\d{1,4} ms\b/g, ' <time>'], [/ +TOOK/g, ' TOOK'], [/"duration_ms": \d+/g, '"duration_ms": 0']] as const;

test('webhooks and their deliveries look the same on every screen [S0-136]', async () => {
  await until(() => plane.webhooks.list().items[0]?.delivered === 3);
  await looksAsGolden({ name: 'webhook-list', line: 'blockledger webhook list', place: { env }, rules });
  await looksAsGolden({ name: 'webhook-show', line: 'blockledger webhook show ops', place: { env }, rules });
  await looksAsGolden({ name: 'webhook-deliveries', line: 'blockledger webhook deliveries ops', place: { env }, rules });
});

test('webhook test says whether the receiver took it, and ends with 3 where it did not [S0-136]', async () => {
  await looksAsGolden({ name: 'webhook-test', line: 'blockledger webhook test ops', place: { env }, rules });
  receiver.answer = () => 500;
  await looksAsGolden({ name: 'webhook-test-failed', line: 'blockledger webhook test ops', place: { env }, rules });
  receiver.answer = () => 204;
});

test('a webhook is changed, disabled, moved and given another secret; what contradicts itself is refused before it is asked [S0-136]', async () => {
  const shown = async (): Promise<{ readonly status: string; readonly filter: Readonly<Record<string, unknown>> }> =>
    (JSON.parse((await run('webhook show ops --json')).stdout) as { readonly webhook: { readonly status: string; readonly filter: Readonly<Record<string, unknown>> } }).webhook;
  assert.match((await run('webhook update ops --disable')).stdout, /webhook ops: disabled/);
  assert.match((await run('webhook update ops --enable --from now --volume 1 --type VolumeResized')).stdout, /webhook ops: active/);
  const [volume] = plane.volumes.list().items;
  assert.equal((await shown()).filter, { kinds: null, ids: [volume?.id], types: ['VolumeResized'], tenant: null });
  assert.match((await run('webhook update ops --all-events')).stdout, /active/);
  assert.equal((await shown()).filter, { kinds: null, ids: null, types: null, tenant: null });
  for (const line of ['--enable --disable', '--all-events --kind pool', '', '--from later']) assert.is((await run(`webhook update ops ${line}`)).code, 64, line);
  const secretFile = `${blockledgerBin}/secret`;
  const other = await shell(`umask 077; echo whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw > ${secretFile}; blockledger webhook rotate-secret ops --secret-file ${secretFile}`, { env });
  assert.match(other.stdout, /webhook ops: active/, other.stderr);
  assert.is((await run('webhook rotate-secret ops --secret-file no/such/file')).code, 64);
  assert.match((await run('webhook rotate-secret ops')).stdout, /^whsec_/);
});

test('a webhook is not removed unless that is meant, and a name that none or two have is told [S0-136]', async () => {
  assert.is((await run('webhook delete ops')).code, 64);
  assert.is((await run('webhook delete nobody --yes')).code, 2);
  await run(`webhook create twin --to ${receiver.url}`);
  await run(`webhook create twin --to ${receiver.url}`);
  const twin = await run('webhook delete twin --yes');
  assert.is(twin.code, 64, twin.stderr);
  assert.match(twin.stderr, /several webhooks are named twin/);
  assert.match((await run('webhook delete ops --yes')).stdout, /webhook ops: removed/);
  assert.is((await run('webhook show ops')).code, 2);
});

test.before(async () => {
  receiver = await startReceiver();
  plane = await controlPlane({ store: memoryStore(), backends: { ceph: rbdBackend({ run: simulateRbd().run }) }, exclusive: true, ids: steadyIds(), installationId: STEADY_INSTALLATION });
  right(await plane.registerPool({ name: 'vols', placement: { backend: 'ceph', pool: 'vols' } }, operator));
  const { resource: volume } = right(await plane.createVolume({ pool: 'vols', name: 'db-1', sizeBytes: 2 ** 30 }, operator));
  right(await plane.createSnapshot({ volume: volume.id, name: 'one' }, operator));
  right(await plane.rollBackVolume(volume.id, { snapshot: 1 }, operator));
  await plane.idle();
  service = httpService(plane, { tokens: { tester: TOKEN }, rateLimits: { perAddress: null, perPrincipal: null } });
  const url = E.getOrElse<unknown, string>(() => '')(await service.listen({ port: 0 }));
  cutter = await startCutter(url);
  env = { BLOCKLEDGER_URL: url, BLOCKLEDGER_TOKEN: TOKEN };
});
test.after(async () => {
  await cutter.close();
  await service.close();
  await plane.close();
  await receiver.close();
});
test.run();
