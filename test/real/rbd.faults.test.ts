/** Real children killed at real moments, real dead hosts, a stopped OSD: what the simulated cluster claims, checked. */
import { imageName, processRunner, rbdBackend, snapshotName } from '@blockledger/adapters-rbd';
import type { BackendAction, Bytes, CallContext } from '@blockledger/domain';
import { spawn } from 'node:child_process';
import * as assert from 'uvu/assert';
import { realCeph, startCeph, type CephCluster } from '../support/ceph.ts';
import { LARGER, NO_QOS, QOS, SIZE, back, cloneOf, gone, identity, make, resize, snap, snapshot, unsnap, volume } from '../support/rbdScene.ts';
import { holdImage, readText, writeText } from '../support/realVolume.ts';
import { requireReal } from '../support/real.ts';
import { suite } from '../support/suite.ts';

requireReal(realCeph);

const test = suite('faults of a real rbd');
const [v, c] = [volume('a'), volume('b')];
const [one, two] = [snapshot('1'), snapshot('2')];
const spec = `vols/${imageName(v.volumeId)}`;
const context: CallContext = { signal: new AbortController().signal, onProgress: () => undefined, installationId: 'here' };

let ceph: CephCluster;
const backend = () => rbdBackend({ conf: ceph.conf, watchTimeoutMs: 3_000, connectTimeoutMs: 3_000, proofMs: 0 });
const perform = (action: BackendAction, asked = context) => backend().perform(action, asked)();
const done = async (action: BackendAction) => {
  const answer = await perform(action);
  if (answer._tag === 'Left') throw new Error(`${action.do}: ${JSON.stringify(answer.left)}`);
  return answer.right;
};
const insist = async (action: BackendAction) => {
  for (let tries = 0; tries < 12; tries += 1) {
    const answer = await perform(action);
    if (answer._tag === 'Right') return answer.right;
    assert.is(answer.left._tag, 'Retryable', JSON.stringify(answer.left));
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  throw new Error(`${action.do}: not done after 12 s`);
};
/** Runs `rbd` and kills it after so many ms. */
const killed = (afterMs: number, ...args: readonly string[]) =>
  new Promise<void>((resolve) => {
    const child = spawn('rbd', ['--conf', ceph.conf, ...args], { stdio: 'ignore' });
    const timer = setTimeout(() => child.kill('SIGKILL'), afterMs);
    child.on('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });

test.before.each(async () => {
  ceph = await startCeph();
});
test.after.each(() => ceph.stop());

test('making a volume ends well, whenever its first attempts were cut off [I-3, I-6]', async () => {
  for (let afterMs = 15; afterMs < 75; afterMs += 5) {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), afterMs);
    await perform(make(v, { qos: QOS }), { ...context, signal: stop.signal });
    const result = await insist(make(v, { qos: QOS }));
    const seen = await backend().see(v, context)();
    assert.is(result.sizeBytes, SIZE);
    assert.ok(seen._tag === 'Right' && seen.right?.state === 'whole' && seen.right.sizeBytes === SIZE, `cut after ${afterMs} ms`);
    assert.equal(seen._tag === 'Right' && seen.right?.qos, QOS);
    await insist(gone(v));
  }
});

test('a dead host is in the way until the cluster forgets it; then its lock is nobody\'s [I-30, I-14]', async () => {
  await done(make(v));
  writeText(ceph, spec, 'old');
  await done(snap(v, one));
  const host = await holdImage(ceph, spec);
  await host.die();
  const busy = await perform(back(v, one));
  assert.ok(busy._tag === 'Left' && busy.left._tag === 'Retryable' && busy.left.code === 'Busy' && (busy.left.watchers?.length ?? 0) === 1);
  await insist(back(v, one));
  assert.is(await readText(ceph, spec), 'old');
});

test('a rollback cut off in the middle is done again, and then whole [V-5]', async () => {
  await done(make(v, { sizeBytes: (2 * 2 ** 30) as Bytes }));
  ceph.rbd('bench', '--io-type', 'write', '--io-size', '4M', '--io-total', '256M', spec);
  writeText(ceph, spec, 'old');
  await done(snap(v, one));
  ceph.rbd('bench', '--io-type', 'write', '--io-size', '4M', '--io-total', '256M', spec);
  writeText(ceph, spec, 'new');
  await killed(80, 'snap', 'rollback', '--no-progress', `${spec}@${snapshotName(one)}`);
  await insist(back(v, one));
  assert.is(await readText(ceph, spec), 'old');
});

test('a removal cut off at any moment is finished [I-7, V-13]', async () => {
  for (const afterMs of [40, 80, 160, 320]) {
    await insist(make(v, { sizeBytes: (8 * 2 ** 40) as Bytes }));
    await killed(afterMs, 'rm', spec);
    await insist(gone(v));
    assert.not.match(ceph.rbd('ls', 'vols'), imageName(v.volumeId));
  }
});

test('a snapshot whose removal died half way stands in nobody’s way, and is gone when we say so [S0-56, V-3, V-8]', async () => {
  const ask = (paxosMinWait: string) =>
    processRunner()({ argv: ['ceph', '--conf', ceph.conf, 'tell', 'mon.a', 'config', 'set', 'paxos_min_wait', paxosMinWait], idleTimeoutMs: 30_000, signal: context.signal })();
  const spaces = () => (JSON.parse(ceph.rbd('snap', 'ls', '--all', '--format', 'json', spec)) as readonly { readonly namespace: { readonly type: string } }[]).map(({ namespace }) => namespace.type);
  /** A monitor that takes its time gives the moment between hiding the snapshot and removing it a length of seconds. */
  const leaveHidden = async (name: string, expected: readonly string[]): Promise<void> => {
    await ask('5');
    const child = spawn('rbd', ['--conf', ceph.conf, 'snap', 'rm', '--no-progress', `${spec}@${name}`], { stdio: 'ignore' });
    const ended = new Promise((resolve) => child.on('close', resolve));
    while (child.exitCode === null && !spaces().includes('trash')) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGKILL');
    await ended;
    await ask('0.0005');
    assert.equal(spaces(), expected, 'what the dead removal left');
  };
  await done(make(v));
  for (const id of [one, two]) await done(snap(v, id));
  await leaveHidden(snapshotName(one), ['trash', 'user']);
  await insist(unsnap(v, one));
  assert.equal(spaces(), ['user']);
  await leaveHidden(snapshotName(two), ['trash']);
  await insist(gone(v, two));
  assert.not.match(ceph.rbd('ls', 'vols'), imageName(v.volumeId));
});

test('a hidden snapshot that a clone of format 2 keeps stays, and the clone is named [R-8, R-11, V-3]', async () => {
  await done(make(v));
  await done(snap(v, one));
  ceph.rbd('clone', '--rbd-default-clone-format', '2', `${spec}@${snapshotName(one)}`, 'vols/theirs');
  ceph.rbd('snap', 'rm', '--no-progress', `${spec}@${snapshotName(one)}`);
  for (const action of [unsnap(v, one), gone(v, one), gone(v)]) {
    const refused = await perform(action);
    assert.ok(refused._tag === 'Left' && refused.left._tag === 'Permanent' && refused.left.code === 'HasClones', JSON.stringify(refused));
    assert.match(refused.left.message, 'vols/theirs');
  }
  ceph.rbd('rm', '--no-progress', 'vols/theirs');
  await done(gone(v, one));
});

test('a clone is linked, listed and has its parent’s content, whenever its first attempts were cut off [S0-35, I-3, I-6]', async () => {
  await done(make(v, { qos: QOS }));
  writeText(ceph, spec, 'first');
  await done(snap(v, one));
  const copy = `vols/${imageName(c.volumeId)}`;
  const isClone = async (what: string): Promise<void> => {
    assert.is((await insist(cloneOf(c, v, one))).hasParent, true, what);
    assert.match(ceph.rbd('children', '--all', `${spec}@${snapshotName(one)}`), imageName(c.volumeId), what);
    assert.is(await readText(ceph, copy), 'first', what);
    await insist(gone(c));
  };
  // What `rbd clone` has made when it has not linked it yet, and when it is in nobody's list yet: neither has any metas.
  ceph.rbd('create', copy, '--size', `${SIZE}B`, '--image-feature', 'layering,exclusive-lock,deep-flatten');
  await isClone('without a link');
  for (let afterMs = 20; afterMs < 140; afterMs += 10) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), afterMs);
    await perform(cloneOf(c, v, one), { ...context, signal: stop.signal });
    clearTimeout(timer);
    await isClone(`cut after ${afterMs} ms`);
  }
});

test('a flatten cut off in the middle is finished [I-7]', async () => {
  await done(make(v));
  ceph.rbd('bench', '--io-type', 'write', '--io-size', '4M', '--io-total', '64M', spec);
  writeText(ceph, spec, 'first');
  await done(snap(v, one));
  await done(cloneOf(c, v, one));
  await killed(60, 'flatten', '--no-progress', `vols/${imageName(c.volumeId)}`);
  assert.is((await insist({ do: 'ensureFlattened', volume: c })).hasParent, false);
  assert.is(await readText(ceph, `vols/${imageName(c.volumeId)}`), 'first');
  await done(unsnap(v, one));
});

test('a stopped OSD gives an error and not a hang, and everything goes on when it is back (110)', async () => {
  await done(make(v));
  ceph.signal('osd.0', 'SIGSTOP');
  const stuck = await rbdBackend({ conf: ceph.conf, watchTimeoutMs: 1_000 }).perform(resize(v, SIZE, LARGER), context)();
  ceph.signal('osd.0', 'SIGCONT');
  assert.ok(stuck._tag === 'Left' && stuck.left._tag === 'Retryable' && stuck.left.outcomeUnknown, JSON.stringify(stuck));
  assert.is((await insist(resize(v, SIZE, LARGER))).sizeBytes, LARGER);
});

test('monitors that do not answer give an error and not a hang (110)', async () => {
  ceph.signal('mon.a', 'SIGSTOP');
  const stuck = await perform(make(v));
  ceph.signal('mon.a', 'SIGCONT');
  assert.ok(stuck._tag === 'Left' && stuck.left._tag === 'Retryable', JSON.stringify(stuck));
});

test('pools and images whose names look like options or have blanks work all the way', async () => {
  for (const pool of ['-odd pool', 'a b%é']) {
    await processRunner()({ argv: ['ceph', '--conf', ceph.conf, 'osd', 'pool', 'create', '--', pool, '8'], idleTimeoutMs: 30_000, signal: context.signal })();
    ceph.rbd('pool', 'init', '--pool', pool);
    const [there, copy] = [v, c].map((each) => ({ ...each, placement: { backend: 'ceph', pool } }));
    assert.ok(there !== undefined && copy !== undefined);
    await done(make(there, { qos: QOS }));
    await done({ do: 'ensureSettings', volume: there, qos: { ...NO_QOS, enabled: true, maxIops: 5 }, performancePriority: false, name: 'n' });
    await done(resize(there, SIZE, LARGER));
    await done(snap(there, one));
    await done(snap(there, two));
    await done(cloneOf(copy, there, one, { sizeBytes: LARGER }));
    await done({ do: 'ensureFlattened', volume: copy });
    await done({ ...back(there, one), backupSnapshotId: two });
    await done({ do: 'ensureTrashed', volume: copy });
    await done({ do: 'ensureRestored', volume: copy });
    await done({ do: 'disown', volume: copy, snapshots: [] });
    ceph.rbd('rename', '--pool', pool, '--image', imageName(copy.volumeId), '--dest-pool', pool, '--dest', '-x y%é');
    await done({ do: 'adopt', volume: copy, identity: identity(copy), backendName: '-x y%é' });
    await done(gone(copy));
    await done(gone(there, one, two));
    const mark = await backend().writeMark(there.placement, 7, context)();
    assert.is(mark._tag, 'Right');
    const listed = await backend().list(there.placement, context)();
    assert.equal(listed, { _tag: 'Right', right: [] });
  }
});

test.run();
