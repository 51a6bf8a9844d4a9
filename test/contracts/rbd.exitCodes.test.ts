/** What an exit code of `rbd` means: try again, look first, or never. What the real one does is in test/real. */
import { rbdBackend } from '@blockledger/adapters-rbd';
import * as assert from 'uvu/assert';
import { answering, back, make, POOL, rbdScene, SIZE, snap, snapshot, volume } from '../support/rbdScene.ts';
import { suite } from '../support/suite.ts';

const test = suite('exit codes of rbd');
const v = volume('a');
const one = snapshot('1');

test('exit code 30 is tried again after the watch timeout [I-30]', async () => {
  const scene = rbdScene({ faults: answering('snap rollback', 30, 'rbd: rollback failed: (30) Read-only file system\n') });
  await scene.done(make(v));
  await scene.done(snap(v, one));
  const error = await scene.fails(back(v, one), 'Retryable', 'Busy');
  assert.ok(error._tag === 'Retryable' && (error.retryAfterMs ?? 0) >= 30_000);
});

test('exit code 110 leaves the outcome unknown', async () => {
  for (const landed of [true, false]) {
    const scene = rbdScene({ faults: { instead: ({ verb, count }) => (verb === 'import' && count === 1 ? { _tag: 'TimedOut', landed } : undefined) } });
    const error = await scene.fails(make(v), 'Retryable', 'TimedOut');
    assert.ok(error._tag === 'Retryable' && error.outcomeUnknown);
    assert.is((await scene.insist(make(v))).sizeBytes, SIZE);
  }
});

test('an effect that lands after its timeout is found, not made twice [I-3]', async () => {
  const scene = rbdScene({ faults: { instead: ({ verb, count }) => (verb === 'import' && count === 1 ? { _tag: 'LandsLater', afterMs: 500 } : undefined) } });
  await scene.fails(make(v), 'Retryable', 'TimedOut');
  await scene.clock.advance(1_000);
  await scene.done(make(v));
  assert.is(scene.cluster.images(POOL).length, 1);
});

test('what the cluster cannot do, and what it does not allow, is final: 95, 122, 13', async () => {
  const erasure = rbdScene();
  const there = { ...v, placement: { backend: 'rbd', pool: 'ecdata' } };
  await erasure.fails(make(there), 'Permanent', 'Unsupported');
  for (const [exitCode, code] of [[122, 'SnapshotLimit'], [13, 'Denied']] as const) {
    const scene = rbdScene({ faults: answering('snap create', exitCode) });
    await scene.done(make(v));
    await scene.fails(snap(v, one), 'Permanent', code);
  }
});

test('a snapshot is one of 256, internal ones counted [R-26, I-10]', () => {
  assert.is(rbdBackend().capabilities.maxSnapshots, 256);
});

test.run();
