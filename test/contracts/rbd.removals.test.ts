/** What stops a removal on the simulated cluster, and how one that died is finished. What the real one does is in test/real. */
import { TIB, type Bytes } from '@blockledger/domain';
import * as assert from 'uvu/assert';
import { cloneOf, gone, imageOf, make, POOL, rbdScene, run, snap, snapshot, snapshotOf, unsnap, volume } from '../support/rbdScene.ts';
import { suite } from '../support/suite.ts';

const test = suite('removals on rbd');
const [v, c] = [volume('a'), volume('b')];
const one = snapshot('1');

test('a snapshot that another admin protected is unprotected and removed; one that is not needs no unprotecting [V-7, R-11]', async () => {
  const scene = rbdScene();
  await scene.done(make(v));
  for (const id of [one, snapshot('2')]) await scene.done(snap(v, id));
  await run(scene, 'snap', 'protect', `${POOL}/${imageOf(v)}@${snapshotOf(one)}`);
  scene.said();
  await scene.done(unsnap(v, one));
  assert.ok(scene.said().includes('rbd snap unprotect'));
  await scene.done(unsnap(v, snapshot('2')));
  assert.not.ok(scene.said().includes('rbd snap unprotect'));
});

test('a snapshot whose removal died is gone only when nothing of it stays hidden [V-8, S0-56, R-11]', async () => {
  let armed = true;
  const scene = rbdScene({ faults: { instead: ({ verb }) => (verb === 'snap rm' && armed ? { _tag: 'Killed' } : undefined) } });
  await scene.done(make(v));
  await scene.done(snap(v, one));
  await scene.fails(unsnap(v, one), 'Retryable', 'Killed');
  const seen = await scene.backend.see(v, scene.context)();
  assert.equal(seen._tag === 'Right' && seen.right?.snapshots.map(({ kind, snapshotId }) => [kind, snapshotId]), [['trash', undefined]]);
  armed = false;
  await scene.insist(unsnap(v, one));
  assert.equal(scene.cluster.image(POOL, imageOf(v))?.snapshots, []);
});

test('a snapshot that a dead removal left hidden has no clones, and stops no removal of its volume [S0-56, S0-57, V-3]', async () => {
  for (const known of [[], [one], [snapshot('2')], [one, snapshot('2')]]) {
    const scene = rbdScene({ faults: { instead: ({ verb, argv }) => (verb === 'snap rm' && argv.includes('--no-progress') ? { _tag: 'Killed' } : undefined) } });
    await scene.done(make(v));
    await scene.done(snap(v, one));
    if (known.includes(snapshot('2'))) await scene.done(snap(v, snapshot('2')));
    await run(scene, 'snap', 'rm', '--no-progress', `${POOL}/${imageOf(v)}@${snapshotOf(one)}`);
    assert.is(scene.cluster.image(POOL, imageOf(v))?.snapshots[0]?.namespace, 'trash');
    await scene.insist(gone(v, ...known));
    assert.equal(scene.cluster.images(POOL), []);
  }
});

test('a hidden snapshot that clones keep stops every removal before anything is removed, and the clones are named [R-8, R-11, V-3]', async () => {
  const scene = rbdScene({ cloneFormat: 2 });
  const two = snapshot('2');
  await scene.done(make(v));
  for (const id of [two, one]) await scene.done(snap(v, id));
  await scene.done(cloneOf(c, v, one));
  for (const verb of ['unprotect', 'rm']) await run(scene, 'snap', verb, `${POOL}/${imageOf(v)}@${snapshotOf(one)}`);
  for (const action of [unsnap(v, one), gone(v, one, two), gone(v, two)]) {
    const error = await scene.fails(action, 'Permanent', 'HasClones');
    assert.match(error.message, `${snapshotOf(one)} has linked clones: ${POOL}/${imageOf(c)}`);
  }
  assert.equal(scene.cluster.image(POOL, imageOf(v))?.snapshots.map(({ namespace }) => namespace), ['user', 'trash']);
  await scene.done(gone(c));
  await scene.done(gone(v, one, two));
  assert.equal(scene.cluster.images(POOL), []);
});

test('a removal that died is finished, though rbd info says that there is nothing [I-7]', async () => {
  const scene = rbdScene();
  await scene.done(make(v));
  scene.cluster.tear(POOL, imageOf(v), 'halfRemoved');
  const seen = await scene.backend.see(v, scene.context)();
  assert.is(seen._tag === 'Right' && seen.right?.state, 'torn');
  assert.is((await scene.done({ do: 'observe', volume: v })).exists, true, 'not gone yet');
  await scene.done(gone(v));
  assert.equal(scene.cluster.images(POOL), []);
});

test('a hidden group snapshot stops a removal, before anything is removed [V-1, V-3]', async () => {
  const scene = rbdScene();
  await scene.done(make(v));
  await scene.done(snap(v, one));
  scene.cluster.groupSnapshot(POOL, imageOf(v));
  await scene.fails(gone(v, one), 'Mismatch', 'UnexpectedSnapshot');
  assert.is(scene.cluster.image(POOL, imageOf(v))?.snapshots.length, 2);
});

test('a member of a group stays (31)', async () => {
  const scene = rbdScene();
  await scene.done(make(v));
  scene.cluster.group(POOL, imageOf(v), 'g');
  await scene.fails(gone(v), 'Permanent', 'InGroup');
});

test('512 TiB is passed on exactly, and its removal can be cut and taken up again [S0-17, V-13, R-25]', async () => {
  const stop = new AbortController();
  const seen: number[] = [];
  const scene = rbdScene({ longMs: 400, realTime: true });
  const huge = (512 * TIB) as Bytes;
  assert.is((await scene.done(make(v, { sizeBytes: huge }))).sizeBytes, 562_949_953_421_312);
  const context = { ...scene.context, signal: stop.signal, onProgress: ({ done }: { readonly done: number }) => {
    seen.push(done);
    if (done >= 40) stop.abort();
  } };
  const cut = await scene.backend.perform(gone(v), context)();
  assert.is(cut._tag === 'Left' && cut.left._tag, 'Cancelled');
  assert.equal(seen, [10, 40], 'it told how far it was');
  await scene.insist(gone(v));
  assert.equal(scene.cluster.images(POOL), []);
});

test.run();
