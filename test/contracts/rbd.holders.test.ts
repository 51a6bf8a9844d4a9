/** Images that somebody holds: dead hosts, locks, the other side of a mirror; and a rollback that dies under way. What the real one does is in test/real. */
import * as assert from 'uvu/assert';
import { back, imageOf, LARGER, make, POOL, rbdScene, resize, run, SIZE, snap, snapshot, volume } from '../support/rbdScene.ts';
import { suite } from '../support/suite.ts';

const test = suite('who holds an image');
const v = volume('a');
const one = snapshot('1');

test('a dead host holds its volume until the cluster forgets it, and the error says who and how long [I-30]', async () => {
  const scene = rbdScene();
  await scene.done(make(v));
  await scene.done(snap(v, one));
  scene.cluster.write(POOL, imageOf(v), 'later');
  scene.cluster.die(POOL, imageOf(v));
  const error = await scene.fails(back(v, one), 'Retryable', 'Busy');
  assert.ok(error._tag === 'Retryable' && (error.retryAfterMs ?? 0) >= 30_000 && error.watchers?.length === 1);
  assert.is(scene.cluster.read(POOL, imageOf(v)), 'later', 'nothing was rolled back');
  await scene.clock.advance(30_000);
  await scene.done(back(v, one));
  assert.is(scene.cluster.read(POOL, imageOf(v)), '', 'the lock that it left is nobody\'s');
});

test('a lock that somebody placed by hand is respected [I-14]', async () => {
  const scene = rbdScene();
  await scene.done(make(v));
  await scene.done(snap(v, one));
  await run(scene, 'lock', 'add', `${POOL}/${imageOf(v)}`, 'maintenance');
  await scene.fails(back(v, one), 'Retryable', 'Busy');
  await scene.fails({ do: 'ensureTrashed', volume: v }, 'Retryable', 'Busy');
});

test('a rollback that dies leaves a torn volume that nothing tells of; the next one mends it [V-5]', async () => {
  let armed = true;
  const scene = rbdScene({ faults: { instead: ({ verb }) => (verb === 'snap rollback' && armed ? { _tag: 'Killed' } : undefined) } });
  await scene.done(make(v));
  for (const object of [0, 1, 2, 3]) scene.cluster.write(POOL, imageOf(v), 'old', object);
  await scene.done(snap(v, one));
  for (const object of [0, 1, 2, 3]) scene.cluster.write(POOL, imageOf(v), 'new', object);
  await scene.fails(back(v, one), 'Retryable', 'Killed');
  const texts = [0, 1, 2, 3].map((object) => scene.cluster.read(POOL, imageOf(v), object));
  assert.is(new Set(texts).size, 2, 'torn: neither the old nor the new');
  armed = false;
  await scene.insist(back(v, one));
  assert.equal([0, 1, 2, 3].map((object) => scene.cluster.read(POOL, imageOf(v), object)), ['old', 'old', 'old', 'old']);
});

test('a passive volume is left alone until it is active again (30)', async () => {
  const scene = rbdScene();
  await scene.done(make(v));
  scene.cluster.demote(POOL, imageOf(v), true);
  await scene.fails(resize(v, SIZE, LARGER), 'Retryable', 'Busy');
  await scene.fails(snap(v, one), 'Retryable', 'Busy');
  scene.cluster.demote(POOL, imageOf(v), false);
  await scene.done(resize(v, SIZE, LARGER));
});

test.run();
