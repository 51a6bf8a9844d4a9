/** How many calls of `rbd` an action takes, and which: a call that is not said cannot fail. What the real one does is in test/real. */
import { OBJECT_BYTES } from '@blockledger/adapters-rbd/simulator';
import type { Bytes } from '@blockledger/domain';
import * as assert from 'uvu/assert';
import { answering, back, cloneOf, gone, imageOf, LARGER, make, NO_QOS, POOL, QOS, rbdScene, resize, SIZE, snap, snapshot, volume, type RbdScene } from '../support/rbdScene.ts';
import { suite } from '../support/suite.ts';

const test = suite('what rbd is told');
const [v, c] = [volume('a'), volume('b')];
const one = snapshot('1');

test('making a volume with limits is one call [S0-22, R-24]', async () => {
  const scene = rbdScene();
  await scene.done(make(v, { qos: QOS }));
  assert.equal(scene.said(), ['rbd import']);
});

test('other work says no more than it needs', async () => {
  const scene = rbdScene();
  await scene.done(make(v));
  scene.said();
  const saidBy = async (action: Parameters<RbdScene['done']>[0]): Promise<readonly string[]> => {
    await scene.done(action);
    return scene.said();
  };
  assert.equal(await saidBy(make(v)), ['rbd import', 'rbd info', 'rbd image-meta list']);
  assert.equal(await saidBy(resize(v, SIZE, LARGER)), ['rbd info', 'rbd resize']);
  assert.equal(await saidBy(snap(v, one)), ['rbd snap create', 'rbd image-meta set', 'rbd snap ls']);
  assert.equal(await saidBy(cloneOf(c, v, one)), ['rbd snap protect', 'rbd clone', 'rbd image-meta list', 'rbd image-meta set']);
  assert.equal(await saidBy({ do: 'ensureFlattened', volume: c }), ['rbd info', 'rbd flatten', 'rbd info']);
  assert.equal(await saidBy(gone(c)), ['ceph osd dump', 'rbd image-meta list', 'rbd rm']);
  assert.equal(await saidBy({ do: 'observe', volume: v }), ['rbd info', 'rbd image-meta list']);
});

test('growing to the size that it has is success, whatever rbd says [S0-45]', async () => {
  const scene = rbdScene({ faults: answering('resize', 22, 'rbd: new size is equal to original size \n') });
  await scene.done(make(v));
  assert.is((await scene.done(resize(v, SIZE, LARGER))).sizeBytes, LARGER);
});

test('a shrink that nobody accepted is never said [V-6]', async () => {
  const scene = rbdScene();
  await scene.done(make(v, { sizeBytes: LARGER }));
  await scene.fails(resize(v, SIZE, SIZE), 'Mismatch', 'OtherThanKnown');
  await scene.fails(make(v, { sizeBytes: SIZE }), 'Mismatch', 'OtherThanKnown');
  await scene.done(resize(v, LARGER, (2 * LARGER) as Bytes));
  assert.not.ok(scene.cluster.calls.some((argv) => argv.includes('--allow-shrink')));
});

test('XSKY measures what a change has allocated, in the order of the specification [S0-46, S0-49, S0-50, S0-51, S0-63]', async () => {
  const scene = rbdScene({ dialect: 'xsky' });
  await scene.done(make(v, { performancePriority: true }));
  assert.equal(scene.said(), ['rbd create', 'rbd image-meta set', 'rbd flags']);
  scene.cluster.write(POOL, imageOf(v), 'data');
  assert.is((await scene.done(snap(v, one))).allocatedBytes, OBJECT_BYTES);
  assert.equal(scene.said(), ['rbd snap create', 'rbd image-meta set', 'rbd snap list', 'rbd du']);
  await scene.done(resize(v, SIZE, LARGER));
  assert.equal(scene.said(), ['rbd info', 'rbd resize', 'rbd du']);
  await scene.done(back(v, one));
  assert.equal(scene.said().slice(-3), ['rbd snap rollback', 'rbd info', 'rbd du']);
  await scene.done({ do: 'ensureSettings', volume: v, qos: NO_QOS, performancePriority: false, name: 'accounts' });
  assert.is(scene.cluster.image(POOL, imageOf(v))?.perfVol, false);
});

test.run();
