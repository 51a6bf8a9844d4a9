/** librbd in a worker process, on a real cluster: it says what `rbd` says, and whatever becomes of it, the service goes on. */
import { EXIT, imageName, processRunner, rbdBackend, sharedFault, type Command, type RbdOptions } from '@blockledger/adapters-rbd';
import type { BackendAction, Bytes, CallContext, ProcessResult, ProcessRunner } from '@blockledger/domain';
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import type { Ceph } from '../../packages/adapters-rbd/src/ceph.ts';
import { commandLine } from '../../packages/adapters-rbd/src/commandLine.ts';
import { byLibrary } from '../../packages/adapters-rbd/src/librados/words.ts';
import { carrier } from '../../packages/adapters-rbd/src/carrier.ts';
import { settle } from '../../packages/adapters-rbd/src/options.ts';
import { realCeph, startCeph, type CephCluster } from '../support/ceph.ts';
import { cloneOf, gone, LARGER, make, QOS, resize, SIZE, snap, snapshot, volume } from '../support/rbdScene.ts';
import { requireReal } from '../support/real.ts';
import { holdImage } from '../support/realVolume.ts';
import { suite } from '../support/suite.ts';

requireReal(realCeph);

const test = suite('librbd in a worker process');
const [v, c] = [volume('a'), volume('b')];
const one = snapshot('1');
const spec = `vols/${imageName(v.volumeId)}`;
const context: CallContext = { signal: new AbortController().signal, onProgress: () => undefined, installationId: 'here' };
const started: string[] = [];
const programs = processRunner();
/** Runs the programs, and notes which. */
const noted: ProcessRunner = (call) => {
  started.push(call.argv.slice(0, 2).join(' '));
  return programs(call);
};

let ceph: CephCluster;
let backend: ReturnType<typeof rbdBackend>;
const options = (): RbdOptions => ({ conf: ceph.conf, watchTimeoutMs: 3_000, connectTimeoutMs: 5_000, transport: 'librados', run: noted });
const perform = (action: BackendAction, asked = context) => backend.perform(action, asked)();
const done = async (action: BackendAction) => {
  const answer = await perform(action);
  if (answer._tag === 'Left') throw new Error(`${action.do}: ${JSON.stringify(answer.left)}`);
  return answer.right;
};
const insist = async (action: BackendAction) => {
  for (let tries = 0; tries < 20; tries += 1) {
    const answer = await perform(action);
    if (answer._tag === 'Right') return answer.right;
    assert.is(answer.left._tag, 'Retryable', JSON.stringify(answer.left));
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`${action.do}: not done`);
};
/** The workers of this process. */
const workers = (): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const [parent] = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.slice(1) ?? [];
        return Number(parent) === process.pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('librados/worker');
      } catch {
        return false;
      }
    })
    .map(Number);
const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
};

test.before.each(async () => {
  ceph = await startCeph();
  backend = rbdBackend(options());
  started.length = 0;
});
test.after.each(async () => {
  await backend.close();
  ceph.stop();
  assert.equal(workers(), [], 'no worker outlives its backend');
});

test('a volume lives and dies in one worker, and no program is started for it', async () => {
  await done(make(v, { qos: QOS }));
  const before = workers();
  assert.is(before.length, 1);
  await done(resize(v, SIZE, LARGER));
  await done(snap(v, one));
  await done(cloneOf(c, v, one));
  const seen = await backend.see(v, context)();
  assert.ok(seen._tag === 'Right' && seen.right?.state === 'whole' && seen.right.sizeBytes === LARGER);
  assert.equal(seen.right.qos, QOS);
  await done(gone(c));
  await done(gone(v, one));
  assert.equal(workers(), before, 'the same worker all the time');
  assert.equal(started, [], 'no program');
  assert.is(ceph.rbd('ls', 'vols'), '');
});

test('an image made by librbd is the one that rbd makes: features, order, marks', async () => {
  const by = rbdBackend({ conf: ceph.conf, watchTimeoutMs: 3_000 });
  const infoOf = (name: string): unknown => {
    const { size, order, features, flags, op_features: operations, format } = JSON.parse(ceph.rbd('info', `vols/${name}`, '--format', 'json')) as Record<string, unknown>;
    return { size, order, features, flags, operations, format, metas: JSON.parse(ceph.rbd('image-meta', 'list', `vols/${name}`, '--format', 'json')) as unknown };
  };
  await done(make(v, { qos: QOS }));
  const made = infoOf(imageName(v.volumeId));
  await done(gone(v));
  assert.is((await by.perform(make(v, { qos: QOS }), context)())._tag, 'Right');
  assert.equal(made, infoOf(imageName(v.volumeId)));
});

test('a worker that is killed before a call is not missed', async () => {
  await done(make(v));
  const [old = 0] = workers();
  process.kill(old, 'SIGKILL');
  await until(() => !workers().includes(old));
  assert.is((await insist(resize(v, SIZE, LARGER))).sizeBytes, LARGER);
  assert.is.not(workers()[0], old);
});

test('a worker that is killed while it works: each call under way is retryable with an unknown outcome, and is made well by trying again [I-3, I-6]', async () => {
  const many = ['1', '2', '3', '4', '5', '6', '7', '8'].map(volume);
  await done(make(v));
  let cut = 0;
  for (let afterMs = 0; afterMs < 60; afterMs += 6) {
    const running = Promise.all(many.map((each) => perform(make(each, { qos: QOS }))));
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    for (const pid of workers()) process.kill(pid, 'SIGKILL');
    for (const answer of await running) {
      if (answer._tag === 'Right') continue;
      cut += 1;
      assert.ok(answer.left._tag === 'Retryable' && answer.left.code === 'WorkerDied' && answer.left.outcomeUnknown, JSON.stringify(answer.left));
    }
    for (const each of many) {
      assert.is((await insist(make(each, { qos: QOS }))).sizeBytes, SIZE, `cut after ${afterMs} ms`);
      const seen = await backend.see(each, context)();
      assert.equal(seen._tag === 'Right' && [seen.right?.state, seen.right?.qos], ['whole', QOS], `cut after ${afterMs} ms`);
    }
    await Promise.all(many.map((each) => insist(gone(each))));
  }
  assert.ok(cut > 0, 'some were cut off');
  assert.is(ceph.rbd('ls', 'vols').trim(), imageName(v.volumeId));
});

test('a worker that is killed while it removes: the removal is finished [I-7, V-13]', async () => {
  for (const afterMs of [5, 15, 30, 60]) {
    await insist(make(v));
    const running = perform(gone(v));
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    for (const pid of workers()) process.kill(pid, 'SIGKILL');
    await running;
    await insist(gone(v));
    assert.is(ceph.rbd('ls', 'vols'), '', `cut after ${afterMs} ms`);
  }
});

test('a worker that is killed after its answer has taken nothing with it', async () => {
  await done(make(v, { qos: QOS }));
  for (const pid of workers()) process.kill(pid, 'SIGKILL');
  const seen = await insist({ do: 'observe', volume: v });
  assert.equal([seen.exists, seen.qos], [true, QOS]);
});

test('a long call is cancelled by killing the worker that it has to itself; the others do not notice', async () => {
  await done(make(v, { sizeBytes: (2 ** 30) as Bytes }));
  ceph.rbd('bench', '--io-type', 'write', '--io-size', '4M', '--io-total', '512M', spec);
  await done(snap(v, one));
  await done(cloneOf(c, v, one, { sizeBytes: (2 ** 30) as Bytes }));
  const shared = workers();
  const stop = new AbortController();
  const heard: number[] = [];
  const flattening = perform({ do: 'ensureFlattened', volume: c }, { ...context, signal: stop.signal, onProgress: ({ done: reached }) => void heard.push(reached) });
  await until(() => heard.some((reached) => reached > 0 && reached < 100));
  stop.abort();
  const beside = done(make(volume('e')));
  const answer = await flattening;
  assert.is(answer._tag === 'Left' && answer.left._tag, 'Cancelled');
  await beside;
  assert.equal(workers(), shared, 'its worker is dead when the answer is there, and the shared one lives');
  assert.is((await insist({ do: 'ensureFlattened', volume: c })).hasParent, false);
});

test('a call that is cancelled while it hangs takes its worker along, and the next one has another', async () => {
  await done(make(v));
  const [old] = workers();
  ceph.signal('osd.0', 'SIGSTOP');
  const stop = new AbortController();
  const stuck = perform(resize(v, SIZE, LARGER), { ...context, signal: stop.signal });
  setTimeout(() => stop.abort(), 100);
  const answer = await stuck;
  ceph.signal('osd.0', 'SIGCONT');
  assert.is(answer._tag === 'Left' && answer.left._tag, 'Cancelled');
  assert.is((await insist(resize(v, SIZE, LARGER))).sizeBytes, LARGER);
  assert.is.not(workers()[0], old);
});

test('a stopped OSD and a silent monitor give errors and not a hang, and everything goes on afterwards (110)', async () => {
  await done(make(v));
  const other = rbdBackend({ ...options(), watchTimeoutMs: 1_000, connectTimeoutMs: 2_000 });
  ceph.signal('osd.0', 'SIGSTOP');
  const stuck = await other.perform(resize(v, SIZE, LARGER), context)();
  ceph.signal('osd.0', 'SIGCONT');
  assert.ok(stuck._tag === 'Left' && stuck.left._tag === 'Retryable' && stuck.left.outcomeUnknown, JSON.stringify(stuck));
  await other.close();
  ceph.signal('mon.a', 'SIGSTOP');
  const lost = rbdBackend({ ...options(), connectTimeoutMs: 2_000 });
  const unreached = await lost.perform(make(c), context)();
  ceph.signal('mon.a', 'SIGCONT');
  assert.ok(unreached._tag === 'Left' && unreached.left._tag === 'Retryable', JSON.stringify(unreached));
  await lost.close();
  assert.is((await insist(resize(v, SIZE, LARGER))).sizeBytes, LARGER);
});

test('a client that the cluster has shut out is replaced by another', async () => {
  await done(make(v));
  const [old] = workers();
  // The monitor knows the address by which the worker came: the only client that stays.
  const sessions = await programs({ argv: ['ceph', '--conf', ceph.conf, 'tell', 'mon.a', 'sessions', '--format', 'json'], idleTimeoutMs: 30_000, signal: context.signal })();
  const addresses = sessions._tag === 'Right' ? [...new Set([...sessions.right.stdout.matchAll(/"addr":\s*"(127\.0\.0\.1:0)","nonce":\s*(\d+)/g)].map(([, addr, nonce]) => `${addr ?? ''}/${nonce ?? ''}`))] : [];
  assert.ok(addresses.length > 0, JSON.stringify(sessions).slice(0, 3_000));
  for (const address of addresses) await programs({ argv: ['ceph', '--conf', ceph.conf, 'osd', 'blocklist', 'add', address, '60'], idleTimeoutMs: 30_000, signal: context.signal })();
  assert.is((await insist(resize(v, SIZE, LARGER))).sizeBytes, LARGER);
  assert.is.not(workers()[0], old);
});

test('no conf and no cluster are told, and are never taken for "not there"', async () => {
  for (const [conf, connectTimeoutMs] of [['/nonexistent/ceph.conf', 2_000]] as const) {
    const nowhere = rbdBackend({ ...options(), conf, connectTimeoutMs });
    const answer = await nowhere.perform(gone(v), context)();
    assert.is(answer._tag === 'Left' && answer.left.code, 'CommandRefused', JSON.stringify(answer));
    await nowhere.close();
  }
});

test('a diagnosis says which transport is in use, and the versions of the libraries', async () => {
  const { run: _, ...real } = options();
  const [here, there] = [rbdBackend(real), rbdBackend({ ...real, transport: 'cli' })];
  const find = async (of: typeof here) => (await of.diagnose?.([v.placement], context)())?.find(({ check }) => check === 'transport');
  const [library, cli] = [await find(here), await find(there)];
  assert.is(library?.level, 'ok');
  assert.match(library?.found ?? '', /librbd \d+\.\d+\.\d+ and librados \d+\.\d+\.\d+ .*koffi \d/);
  assert.match(cli?.found ?? '', 'command line');
  await Promise.all([here.close(), there.close()]);
});

test('the worker dies with the service, even when that is killed without a word', async () => {
  const script = `import { rbdBackend } from '@blockledger/adapters-rbd';
    const backend = rbdBackend({ conf: ${JSON.stringify(ceph.conf)}, transport: 'librados' });
    const told = await backend.identify({ backend: 'ceph', pool: 'vols' }, { signal: new AbortController().signal, onProgress: () => undefined, installationId: 'i' })();
    console.log(told._tag);
    setInterval(() => undefined, 1000);`;
  const parent = spawn(process.execPath, ['--conditions=@blockledger/source', '--import', 'tsx', '--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const said = await new Promise<string>((resolve) => parent.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString())));
  assert.is(said, 'Right\n');
  const childrenOf = (pid: number): readonly string[] => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  const worker = childrenOf(parent.pid ?? 0).find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('librados/worker'));
  assert.ok(worker !== undefined);
  parent.kill('SIGKILL');
  await until(() => {
    try {
      return /^State:\s+[ZX]/m.test(readFileSync(`/proc/${worker}/status`, 'utf8'));
    } catch {
      return true;
    }
  });
});

/** What an answer means to the actions: how it ended, what shared fault it is, and its JSON. */
const meaning = (answer: ProcessResult): unknown => ({ exitCode: answer.exitCode, fault: sharedFault(answer), said: answer.exitCode === EXIT.ok ? known(answer.stdout) : undefined });

/** The fields of JSON that are read, in an order of their own. */
const FIELDS = new Set(['name', 'id', 'size', 'snapshot_count', 'data_pool', 'features', 'parent', 'pool', 'image', 'snapshot', 'trash', 'protected', 'namespace', 'type', 'original_name', 'address', 'locker', 'watchers', 'fsid', 'pools', 'pool_name']);
function known(text: string): unknown {
  const json: unknown = text.trim() === '' ? {} : JSON.parse(text);
  const strip = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(strip);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).filter(([key]) => FIELDS.has(key) || key.includes('.') || key.startsWith('conf_')).toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([key, inner]) => [key, strip(inner)]));
  };
  return strip(json);
}

test('librbd ends as rbd ends, fault by fault, and tells the same', async () => {
  const settings = settle({ conf: ceph.conf, watchTimeoutMs: 3_000 });
  const library = carrier(options(), settings);
  const cli: Ceph = commandLine(programs);
  const image = { pool: 'vols', name: 'i' };
  const [missing, none] = [{ pool: 'vols', name: 'missing' }, { pool: 'no-pool', name: 'i' }];
  const s = (snapshotted: string, of = image) => ({ image: of, snapshot: snapshotted });
  ceph.rbd('create', 'vols/i', '--size', '64M');
  ceph.rbd('image-meta', 'set', 'vols/i', 'blockledger.volume', '{"a":"é"}');
  // More than one page of them, and more than one page has room for.
  const keys = Array.from({ length: 70 }, (_, key) => `blockledger.snapshot.${key}`);
  await Promise.all(keys.map((key) => library.ceph({ command: byLibrary.metaSet(image, key, 'x'.repeat(1_500)), settings, signal: context.signal })()));
  for (const name of ['s1', 's2', 's3']) ceph.rbd('snap', 'create', '--no-progress', `vols/i@${name}`);
  for (const name of ['s1', 's3']) ceph.rbd('snap', 'protect', `vols/i@${name}`);
  ceph.rbd('clone', 'vols/i@s1', 'rbd/clone');
  ceph.rbd('create', 'vols/held', '--size', '64M');
  ceph.rbd('create', 'vols/ec', '--size', '64M', '--data-pool', 'ecdata');
  ceph.rbd('create', 'vols/locked', '--size', '64M');
  ceph.rbd('lock', 'add', 'vols/locked', 'by-hand');
  ceph.rbd('create', 'vols/binned', '--size', '64M');
  ceph.rbd('trash', 'mv', 'vols/binned');
  ceph.rbd('create', 'vols/parent2', '--size', '64M');
  ceph.rbd('snap', 'create', '--no-progress', 'vols/parent2@s');
  ceph.rbd('clone', '--rbd-default-clone-format', '2', 'vols/parent2@s', 'rbd/clone2');
  ceph.rbd('snap', 'rm', '--no-progress', 'vols/parent2@s');
  const parent2 = { pool: 'vols', name: 'parent2' };
  const held = { pool: 'vols', name: 'held' };
  const words = byLibrary;
  const questions: readonly Command[] = [
    ...[image, missing, none, held, parent2, { pool: 'rbd', name: 'clone' }, { pool: 'rbd', name: 'clone2' }, { pool: 'vols', name: 'ec' }].flatMap((of) => [words.info(of), words.metaList(of), words.snapshotList(of)]),
    ...[image, missing].map(words.status),
    ...[image, missing, { pool: 'vols', name: 'locked' }].map(words.lockList),
    ...[s('s1'), s('s2'), s('nothing'), s('s1', missing)].map(words.children),
    ...['vols', 'rbd', 'no-pool'].flatMap((pool) => [words.list(pool), words.trashList(pool)]),
    words.cluster(),
    // What fails changes nothing, so it can be said twice.
    words.create({ image, sizeBytes: SIZE, generation: 'v3', dataPool: undefined, metas: {} }),
    words.create({ image: none, sizeBytes: SIZE, generation: 'v3', dataPool: undefined, metas: {} }),
    words.create({ image: { pool: 'vols', name: 'no-data' }, sizeBytes: SIZE, generation: 'v3', dataPool: 'no-pool', metas: {} }),
    words.clone({ from: s('s1'), image: { pool: 'rbd', name: 'clone' }, dataPool: undefined }),
    words.clone({ from: s('s2'), image: { pool: 'rbd', name: 'other' }, dataPool: undefined }),
    words.clone({ from: s('nothing'), image: { pool: 'rbd', name: 'other' }, dataPool: undefined }),
    words.clone({ from: s('s1', missing), image: { pool: 'rbd', name: 'other' }, dataPool: undefined }),
    ...[s('s1'), s('s1', missing)].map(words.snapshotCreate),
    ...[s('s1'), s('nothing'), s('s1', missing)].map(words.snapshotProtect),
    ...[s('s1'), s('s2'), s('nothing'), s('s1', missing)].map(words.snapshotUnprotect),
    ...[s('s3'), s('nothing'), s('s1', missing)].map(words.snapshotRemove),
    ...[s('nothing'), s('s1', missing)].map(words.snapshotRollback),
    ...[image, missing, none, parent2].map(words.remove),
    ...[image, missing].map(words.flatten),
    words.resize({ image: missing, sizeBytes: SIZE, shrink: false }),
    words.metaRemove(image, 'nothing'),
    words.metaRemove(missing, 'nothing'),
    words.metaSet(missing, 'a', 'b'),
    words.option(image, 'rbd_qos_iops_limit', undefined),
    words.option(missing, 'rbd_qos_iops_limit', '5'),
    words.rename(missing, { pool: 'vols', name: 'other' }),
    words.rename(image, held),
    words.trashMove(missing),
    words.trashRestore('vols', 'abc'),
  ];
  const compare = async (command: Command): Promise<void> => {
    assert.ok(command.native !== undefined, command.summary);
    const call = { command, settings, signal: context.signal };
    const [theirs, ours] = [await cli(call)(), await library.ceph(call)()];
    assert.ok(theirs._tag === 'Right' && ours._tag === 'Right', `${command.summary}: ${JSON.stringify([theirs, ours])}`);
    assert.equal(meaning(ours.right), meaning(theirs.right), `${command.summary}: ${JSON.stringify([theirs.right, ours.right]).slice(0, 2_000)}`);
  };
  for (const command of questions) await compare(command);
  // Held only now: a busy machine may lose a watch that has to last for three seconds.
  const holder = await holdImage(ceph, 'vols/held');
  try {
    for (const command of [words.status(held), words.remove(held)]) await compare(command);
  } finally {
    await holder.close();
  }
  await library.close();
  assert.equal(started, [], 'no program');
});

test.run();
