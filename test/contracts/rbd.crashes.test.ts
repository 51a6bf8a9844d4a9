/** Whatever call dies, and however, repeating the action ends where it would have ended anyway. */
import type { SimEffect, SimFault, Simulator } from '@blockledger/adapters-rbd/simulator';
import type { BackendAction } from '@blockledger/domain';
import * as assert from 'uvu/assert';
import { back, cloneOf, gone, identity, imageOf, LARGER, make, NO_QOS, POOL, QOS, rbdScene, resize, SIZE, snap, snapshot, unsnap, volume, type RbdScene } from '../support/rbdScene.ts';
import { suite } from '../support/suite.ts';

const test = suite('crashes of rbd');
const [v, c] = [volume('a'), volume('b')];
const [one, two] = [snapshot('1'), snapshot('2')];

const POOLS = { rbd: {}, [POOL]: {}, archive: {} };
const OTHER = { ...v.placement, pool: 'archive' };

const inOrder = (record: Readonly<Record<string, string>>): unknown => Object.entries(record).toSorted(([left], [right]) => (left < right ? -1 : 1));

/** Everything about the images that a user could notice. */
const picture = ({ images }: Simulator): unknown =>
  [...images(POOL), ...images('archive')]
    .map(({ pool, name, features, migration, sizeBytes, metas, content, place, torn, parent, snapshots }) => ({
      pool,
      name,
      features,
      migration: migration?.state,
      sizeBytes,
      metas: inOrder(metas),
      content: inOrder(content),
      place,
      torn,
      parent: parent === undefined ? 'none' : parent.overlapBytes,
      snapshots: snapshots.map(({ name: label, sizeBytes: bytes, content: held }) => [label, bytes, held]),
    }))
    .toSorted((left, right) => (left.name < right.name ? -1 : 1));

interface Case {
  readonly before: readonly BackendAction[];
  readonly action: BackendAction;
}

const written = ({ cluster }: RbdScene, text: string): void => {
  for (const object of [0, 1, 2, 3]) cluster.write(POOL, imageOf(v), `${text}${object}`, object);
};

const CASES: Readonly<Record<string, Case>> = {
  'making a volume [I-3, I-6]': { before: [], action: make(v, { qos: QOS }) },
  'cloning a volume [I-3]': { before: [make(v, { qos: QOS }), snap(v, one)], action: cloneOf(c, v, one) },
  'flattening a clone [I-7]': { before: [make(v), snap(v, one), cloneOf(c, v, one)], action: { do: 'ensureFlattened', volume: c } },
  'growing a volume [S0-45]': { before: [make(v)], action: resize(v, SIZE, LARGER) },
  'shrinking a volume [V-6]': { before: [make(v, { sizeBytes: LARGER })], action: resize(v, LARGER, SIZE) },
  'setting limits [R-24]': { before: [make(v, { qos: QOS })], action: { do: 'ensureSettings', volume: v, qos: { ...NO_QOS, enabled: true, maxIops: 7 }, performancePriority: false, name: 'ledgers' } },
  'taking a snapshot [S0-63]': { before: [make(v)], action: snap(v, one) },
  'removing a protected snapshot [R-11]': { before: [make(v), snap(v, one), cloneOf(c, v, one), { do: 'ensureFlattened', volume: c }], action: unsnap(v, one) },
  'moving to another pool [R-23]': { before: [make(v, { qos: QOS }), snap(v, one)], action: { do: 'ensureMigrated', volume: v, to: OTHER } },
  'letting the old place go [R-23]': { before: [make(v, { qos: QOS }), snap(v, one), { do: 'ensureMigrated', volume: v, to: OTHER }], action: { do: 'ensureMigrationCommitted', volume: v, to: OTHER } },
  'taking a move back [R-23, S0-139]': { before: [make(v, { qos: QOS }), snap(v, one), { do: 'ensureMigrated', volume: v, to: OTHER }], action: { do: 'ensureMigrationAborted', volume: v, to: OTHER } },
  'rolling back [S0-50, V-5]': { before: [make(v), snap(v, one), resize(v, SIZE, LARGER), snap(v, two)], action: { ...back(v, one), backupSnapshotId: two } },
  'removing a volume with snapshots [S0-57, V-13]': { before: [make(v), snap(v, one), snap(v, two)], action: gone(v, one, two) },
  'moving to the trash [I-28]': { before: [make(v)], action: { do: 'ensureTrashed', volume: v } },
  'restoring from the trash [I-28]': { before: [make(v), { do: 'ensureTrashed', volume: v }], action: { do: 'ensureRestored', volume: v } },
  'removing from the trash [I-28]': { before: [make(v), { do: 'ensureTrashed', volume: v }], action: { ...gone(v), trashed: true } },
  'taking over an image [I-27]': { before: [], action: { do: 'adopt', volume: v, identity: identity(v), backendName: 'old disk' } },
  'letting a volume go': { before: [make(v), snap(v, one)], action: { do: 'disown', volume: v, snapshots: [one] } },
};

interface Fault {
  readonly how: SimFault;
  /** Images made before, elsewhere: what a killed child leaves depends on the ids that are given. */
  readonly spares?: number;
}

const FAULTS: Readonly<Record<string, Fault>> = {
  'its reply is lost': { how: { _tag: 'LostReply' } },
  'it times out and had its effect': { how: { _tag: 'TimedOut', landed: true } },
  'it times out without effect': { how: { _tag: 'TimedOut', landed: false } },
  'it is killed early': { how: { _tag: 'Killed' } },
  'it is killed in the middle': { how: { _tag: 'Killed' }, spares: 1 },
  'it is killed late': { how: { _tag: 'Killed' }, spares: 2 },
  'it is killed later': { how: { _tag: 'Killed' }, spares: 3 },
  'it is killed near its end': { how: { _tag: 'Killed' }, spares: 4 },
  'it is killed nearer its end': { how: { _tag: 'Killed' }, spares: 5 },
  'it is killed at its end': { how: { _tag: 'Killed' }, spares: 6 },
};

/** Sets the scene, then lets the call number `at` of the action go wrong; says how many calls there were. */
async function play({ before, action }: Case, fault?: Fault & { readonly at: number }): Promise<{ readonly picture: unknown; readonly answer: unknown; readonly calls: number; readonly struck: boolean }> {
  let armed = false;
  let count = 0;
  let struck = false;
  const instead = (effect: SimEffect): SimFault | undefined => {
    if (!armed || !effect.changes) return undefined;
    count += 1;
    if (count - 1 !== fault?.at) return undefined;
    struck = true;
    return fault.how;
  };
  const scene = rbdScene({ pools: POOLS, faults: { instead } });
  const create = (image: string) => scene.cluster.run({ argv: ['rbd', 'create', image, '--size', '64M'], idleTimeoutMs: 1, signal: scene.context.signal })();
  for (let spare = 0; spare < (fault?.spares ?? 0); spare += 1) await create(`rbd/spare ${spare}`);
  await create(`${POOL}/old disk`);
  for (const [index, earlier] of before.entries()) {
    await scene.done(earlier);
    if (earlier.do === 'ensureVolume') if (earlier.parent === null) written(scene, 'first');
    if (index === before.length - 2 && earlier.do === 'ensureSize') written(scene, 'second');
  }
  armed = true;
  const answer = await scene.insist(action);
  return { picture: picture(scene.cluster), answer, calls: count, struck };
}

for (const [title, scene] of Object.entries(CASES)) {
  test(`${title} ends well whichever of its calls dies, and however`, async () => {
    const good = await play(scene);
    assert.ok(good.calls > 0, 'it changes something');
    for (const [what, fault] of Object.entries(FAULTS)) {
      for (let at = 0; at < good.calls; at += 1) {
        const bad = await play(scene, { at, ...fault });
        assert.ok(bad.struck, `call ${at} was reached`);
        assert.equal(bad.picture, good.picture, `the images, where ${what} at call ${at}`);
        assert.equal(bad.answer, good.answer, `the answer, where ${what} at call ${at}`);
      }
    }
  });
}

test.run();
