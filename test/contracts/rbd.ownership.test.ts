/** Which images on the simulated cluster are ours, half made or whole, and which are not touched. What the real one does is in test/real. */
import * as assert from 'uvu/assert';
import { gone, identity, imageOf, make, POOL, rbdScene, run, SIZE, volume, type RbdScene } from '../support/rbdScene.ts';
import { suite } from '../support/suite.ts';

const test = suite('whose image it is');
const [v, c] = [volume('a'), volume('b')];

test('an image half made is removed and made anew [I-3]', async () => {
  const scene = rbdScene();
  await run(scene, 'create', `${POOL}/${imageOf(v)}`, '--size', '64M');
  scene.cluster.tear(POOL, imageOf(v), 'halfMade');
  await scene.fails(make(v), 'Retryable', 'HalfMade');
  assert.is((await scene.done(make(v))).sizeBytes, SIZE);
});

test('an unmarked image is ours only if it is empty, unheld, without snapshots and of a size that we make [I-6]', async () => {
  const spoil: Readonly<Record<string, (scene: RbdScene) => unknown>> = {
    data: ({ cluster }) => cluster.write(POOL, imageOf(v), 'precious'),
    snapshots: (scene) => run(scene, 'snap', 'create', `${POOL}/${imageOf(v)}@theirs`),
    'another size': (scene) => run(scene, 'resize', '--size', '65M', `${POOL}/${imageOf(v)}`),
  };
  for (const [what, how] of Object.entries(spoil)) {
    const scene = rbdScene();
    await run(scene, 'create', `${POOL}/${imageOf(v)}`, '--size', '64M');
    await how(scene);
    const before = JSON.stringify(scene.cluster.images(POOL));
    await scene.fails(make(v), 'Mismatch', 'ForeignVolume');
    if (what !== 'another size') await scene.fails(gone(v), 'Mismatch', 'UnmarkedVolume');
    assert.is(JSON.stringify(scene.cluster.images(POOL)), before, `untouched, with ${what}`);
  }
  const held = rbdScene();
  await run(held, 'create', `${POOL}/${imageOf(v)}`, '--size', '64M');
  const close = held.cluster.open(POOL, imageOf(v));
  await held.fails(make(v), 'Retryable', 'Busy');
  close();
  assert.is((await held.done(make(v))).sizeBytes, SIZE, 'and this one is');
});

test('the list shows torn, trashed and foreign images and who they belong to [I-4, I-25]', async () => {
  const scene = rbdScene();
  const [trashed, torn] = [volume('d'), volume('e')];
  for (const each of [v, trashed, torn]) await scene.done(make(each));
  await scene.done({ do: 'ensureTrashed', volume: trashed });
  scene.cluster.tear(POOL, imageOf(torn), 'halfRemoved');
  await run(scene, 'create', `${POOL}/theirs`, '--size', '8M');
  const listed = await scene.backend.list(v.placement, scene.context)();
  assert.equal(
    listed._tag === 'Right' && listed.right.map(({ backendName, state, identity: who, installationId }) => [backendName, state, who?.volumeId, installationId]),
    [
      ['theirs', 'whole', undefined, undefined],
      [imageOf(v), 'whole', v.volumeId, 'here'],
      [imageOf(torn), 'torn', undefined, undefined],
      [imageOf(trashed), 'trashed', trashed.volumeId, 'here'],
    ],
  );
});

test('what lies in the trash under our name with another serial number is not ours [S0-18, I-28]', async () => {
  const scene = rbdScene();
  await scene.done(make(v));
  await scene.done({ do: 'ensureTrashed', volume: v });
  const other = { ...v, serial: c.serial };
  await scene.fails({ do: 'ensureRestored', volume: other }, 'Mismatch', 'ForeignVolume');
  await scene.fails({ ...gone(other), trashed: true }, 'Mismatch', 'ForeignVolume');
  assert.is(scene.cluster.images(POOL)[0]?.place, 'trash');
});

test('an image with snapshots, in use, or with an identity is not taken over', async () => {
  const scene = rbdScene();
  await run(scene, 'create', `${POOL}/old`, '--size', '64M');
  const adopt = { do: 'adopt' as const, volume: v, identity: identity(v), backendName: 'old' };
  const close = scene.cluster.open(POOL, 'old');
  await scene.fails(adopt, 'Retryable', 'Busy');
  close();
  await run(scene, 'snap', 'create', `${POOL}/old@s`);
  assert.match((await scene.fails(adopt, 'Mismatch', 'HasSnapshots')).message, /old has a snapshot.*remove them and try again, or copy the image and take over the copy/);
  await run(scene, 'snap', 'rm', `${POOL}/old@s`);
  await scene.done(adopt);
});

test.run();
