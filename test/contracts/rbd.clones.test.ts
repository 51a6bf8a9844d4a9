/** Clones on the simulated cluster: their parents, their identity, and what is left when one dies half made or half flattened. What the real one does is in test/real. */
import { rbdBackend } from '@blockledger/adapters-rbd';
import * as assert from 'uvu/assert';
import { cloneOf, gone, identity, imageOf, make, POOL, QOS, rbdScene, run, snap, snapshot, snapshotOf, unsnap, volume } from '../support/rbdScene.ts';
import { suite } from '../support/suite.ts';

const test = suite('clones on rbd');
const [v, c] = [volume('a'), volume('b')];
const one = snapshot('1');

test('limits that the parent gets while it is cloned do not become the clone’s [R-24, I-6]', async () => {
  const scene = rbdScene({
    faults: {
      before: async ({ verb }) => {
        if (verb === 'clone') await run(scene, 'image-meta', 'set', `${POOL}/${imageOf(v)}`, 'conf_rbd_qos_iops_limit', '7');
      },
    },
  });
  await scene.done(make(v));
  await scene.done(snap(v, one));
  await scene.done(cloneOf(c, v, one));
  assert.is(scene.cluster.image(POOL, imageOf(v))?.metas['conf_rbd_qos_iops_limit'], '7');
  assert.is(scene.cluster.image(POOL, imageOf(c))?.metas['conf_rbd_qos_iops_limit'], undefined);
});

test('protecting a protected snapshot is success, not busy [V-7]', async () => {
  const scene = rbdScene();
  await scene.done(make(v));
  await scene.done(snap(v, one));
  await run(scene, 'snap', 'protect', `${POOL}/${imageOf(v)}@${snapshotOf(one)}`);
  assert.is((await scene.done(cloneOf(c, v, one))).hasParent, true);
});

test('clones of format 2 keep their snapshot too, though rbd would let it go [R-11]', async () => {
  const scene = rbdScene({ cloneFormat: 2 });
  await scene.done(make(v));
  await scene.done(snap(v, one));
  await scene.done(cloneOf(c, v, one));
  const error = await scene.fails(unsnap(v, one), 'Permanent', 'HasClones');
  assert.match(error.message, imageOf(c));
  await scene.fails(gone(v, one), 'Permanent', 'HasClones');
  assert.is(scene.cluster.image(POOL, imageOf(v))?.snapshots[0]?.namespace, 'user');
});

test('a clone that died before it got its identity still has its parent\'s, and is finished [I-3]', async () => {
  const scene = rbdScene();
  await scene.done(make(v, { qos: QOS }));
  await scene.done(snap(v, one));
  await run(scene, 'snap', 'protect', `${POOL}/${imageOf(v)}@${snapshotOf(one)}`);
  await run(scene, 'clone', `${POOL}/${imageOf(v)}@${snapshotOf(one)}`, `${POOL}/${imageOf(c)}`);
  const seen = await scene.backend.see(c, scene.context)();
  assert.is(seen._tag === 'Right' && seen.right?.state, 'torn');
  await scene.done(cloneOf(c, v, one));
  const metas = scene.cluster.image(POOL, imageOf(c))?.metas ?? {};
  assert.match(metas['blockledger.volume'] ?? '', c.volumeId);
  assert.not.ok('conf_rbd_qos_iops_limit' in metas, 'nor has it its limits');
});

test('a clone that died before it was linked to its parent is no clone: it is removed and made anew [S0-35, I-3, I-6]', async () => {
  const steps: Readonly<Record<string, readonly (readonly string[])[]>> = {
    'no link yet': [['create', `${POOL}/${imageOf(c)}`, '--size', '64M']],
    'linked, but in nobody’s list': [
      ['snap', 'protect', `${POOL}/${imageOf(v)}@${snapshotOf(one)}`],
      ['clone', `${POOL}/${imageOf(v)}@${snapshotOf(one)}`, `${POOL}/${imageOf(c)}`],
      ['image-meta', 'remove', `${POOL}/${imageOf(c)}`, 'blockledger.volume'],
      ['image-meta', 'remove', `${POOL}/${imageOf(c)}`, `blockledger.snapshot.${snapshotOf(one).slice('snapshot-'.length)}`],
    ],
  };
  for (const [what, how] of Object.entries(steps)) {
    const scene = rbdScene();
    await scene.done(make(v));
    scene.cluster.write(POOL, imageOf(v), 'precious');
    await scene.done(snap(v, one));
    for (const words of how) await run(scene, ...words);
    assert.equal(scene.cluster.image(POOL, imageOf(c))?.metas, {}, what);
    await scene.fails(cloneOf(c, v, one), 'Retryable', 'HalfMade');
    assert.is((await scene.done(cloneOf(c, v, one))).hasParent, true, what);
    assert.is(scene.cluster.read(POOL, imageOf(c)), 'precious', what);
  }
});

test('a flatten that died loses nothing when it is repeated, also where the clone has an object map [I-7]', async () => {
  let armed = true;
  const scene = rbdScene({ faults: { instead: ({ verb }) => (verb === 'flatten' && armed ? { _tag: 'Killed' } : undefined) } });
  await scene.done(make(v));
  for (const object of [0, 1, 2, 3]) scene.cluster.write(POOL, imageOf(v), 'precious', object);
  await scene.done(snap(v, one));
  await run(scene, 'snap', 'protect', `${POOL}/${imageOf(v)}@${snapshotOf(one)}`);
  await run(scene, 'clone', `${POOL}/${imageOf(v)}@${snapshotOf(one)}`, `${POOL}/foreign clone`);
  await run(scene, 'image-meta', 'remove', `${POOL}/foreign clone`, 'blockledger.volume');
  await scene.done({ do: 'adopt', volume: c, identity: identity(c), backendName: 'foreign clone' });
  const own = volume('d');
  await scene.done(cloneOf(own, v, one));
  for (const clone of [c, own]) {
    armed = true;
    await scene.fails({ do: 'ensureFlattened', volume: clone }, 'Retryable', 'Killed');
    armed = false;
    await scene.insist({ do: 'ensureFlattened', volume: clone });
    assert.equal([0, 1, 2, 3].map((object) => scene.cluster.read(POOL, imageOf(clone), object)), ['precious', 'precious', 'precious', 'precious']);
  }
});

test('a group snapshot cannot be cloned, and the backend says so beforehand [V-2, R-2]', () => {
  assert.is(rbdBackend().capabilities.cloneFromGroupSnapshot, false);
});

test.run();
