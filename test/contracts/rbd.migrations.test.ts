/** Moves whose `rbd` died where it leaves an image that opens for ever, and a cluster that is merely slow. What the real one does is in test/real. */
import type { SimEffect, SimFault, SimImage } from '@blockledger/adapters-rbd/simulator';
import type { BackendAction } from '@blockledger/domain';
import * as assert from 'uvu/assert';
import { imageOf, make, rbdScene, run, volume, type RbdScene } from '../support/rbdScene.ts';
import { suite } from '../support/suite.ts';

const test = suite('moves of rbd');
const v = volume('a');
const to = { ...v.placement, pool: 'archive' };
const copy: BackendAction = { do: 'ensureMigrated', volume: v, to };
const commit: BackendAction = { do: 'ensureMigrationCommitted', volume: v, to };

interface Faulty {
  instead?: (effect: SimEffect) => SimFault | undefined;
}

/** A volume whose `prepare` was killed where it leaves such a destination: what a kill leaves goes by the ids that were given. */
const killedWhere = async (isWanted: (destination: SimImage | undefined) => boolean): Promise<{ readonly scene: RbdScene; readonly faulty: Faulty }> => {
  for (let spares = 0; spares < 7; spares += 1) {
    const faulty: Faulty = { instead: ({ verb }) => (verb === 'migration prepare' ? { _tag: 'Killed' } : undefined) };
    const scene = rbdScene({ pools: { rbd: {}, vols: {}, archive: {} }, faults: { instead: (effect) => faulty.instead?.(effect) } });
    for (let spare = 0; spare < spares; spare += 1) await run(scene, 'create', `rbd/spare ${spare}`, '--size', '64M');
    await scene.done(make(v));
    scene.cluster.write('vols', imageOf(v), 'precious');
    await scene.fails(copy, 'Retryable', 'Killed');
    delete faulty.instead;
    const destination = scene.cluster.image('archive', imageOf(v));
    if (isWanted(destination)) return { scene, faulty };
  }
  throw new Error('no kill leaves such a destination');
};
const halfLinked = () => killedWhere((destination) => destination?.migration?.state === 'preparing');
const marked = () => killedWhere((destination) => destination !== undefined && destination.migration === undefined && Object.keys(destination.metas).length > 0);

test('a destination that already has copies of the marks when its maker dies is removed, and nothing else that has marks [R-23, R-4, I-27]', async () => {
  const { scene } = await marked();
  await scene.insist(copy);
  await scene.done(commit);
  assert.is(scene.cluster.read('archive', imageOf(v)), 'precious');
  for (const change of ['marks', 'data'] as const) {
    const { scene: other } = await marked();
    if (change === 'marks') await run(other, 'image-meta', 'set', `archive/${imageOf(v)}`, 'theirs', 'x');
    else other.cluster.write('archive', imageOf(v), 'theirs');
    await other.fails(copy, 'Mismatch', 'ForeignVolume');
    assert.ok(other.cluster.image('archive', imageOf(v)) !== undefined, `with other ${change} it stands`);
  }
});

test('a volume does not move between the data pools of one pool, where what was moved would be taken for what it came from [R-23, R-5]', async () => {
  const scene = rbdScene();
  await scene.done(make(v));
  scene.cluster.write('vols', imageOf(v), 'precious');
  const within = { volume: v, to: { ...v.placement, dataPool: 'ecdata' } };
  await scene.fails({ do: 'ensureMigrated', ...within }, 'Permanent', 'Unsupported');
  await scene.fails({ do: 'ensureMigrationCommitted', ...within }, 'Permanent', 'Unsupported');
  assert.is((await scene.done({ do: 'ensureMigrationAborted', ...within })).exists, true);
  assert.is(scene.cluster.read('vols', imageOf(v)), 'precious');
});

test('a source that the trash was told about comes out of it, when that was all that was done [R-23, R-4]', async () => {
  const { scene, faulty } = await killedWhere((destination) => destination === undefined);
  faulty.instead = ({ argv }) => (argv.includes('setomapval') ? { _tag: 'LostReply' } : undefined);
  await scene.fails(copy, 'Retryable', 'LostReply');
  delete faulty.instead;
  await scene.insist({ do: 'ensureMigrationAborted', volume: v, to });
  assert.equal([scene.cluster.read('vols', imageOf(v)), scene.cluster.images('archive')], ['precious', []]);
});

test('a commit whose own mending dies leaves nothing of the source, not even its name [R-23, R-4]', async () => {
  const faulty: Faulty = {};
  const scene = rbdScene({ pools: { rbd: {}, vols: {}, archive: {} }, faults: { instead: (effect) => faulty.instead?.(effect) } });
  await scene.done(make(v));
  await scene.done(copy);
  faulty.instead = ({ verb }) => (verb === 'migration commit' || verb === 'rm' ? { _tag: 'Killed' } : undefined);
  await scene.fails(commit, 'Retryable', 'Killed');
  const held = await scene.fails(commit, 'Retryable', 'Busy');
  await scene.clock.advance(held._tag === 'Retryable' ? (held.retryAfterMs ?? 0) : 0);
  await scene.fails(commit, 'Retryable', 'Killed');
  delete faulty.instead;
  await scene.insist(commit);
  assert.equal([scene.cluster.images('vols').length, scene.cluster.images('archive').length], [0, 1]);
});

test('neither a copy nor a commit is gone on with while somebody else may be at it: first nobody has the destination open [R-23, I-30]', async () => {
  const faulty: Faulty = { instead: ({ verb }) => (verb === 'migration execute' ? { _tag: 'TimedOut', landed: false } : undefined) };
  const scene = rbdScene({ pools: { rbd: {}, vols: {}, archive: {} }, faults: { instead: (effect) => faulty.instead?.(effect) } });
  await scene.done(make(v));
  scene.cluster.write('vols', imageOf(v), 'precious');
  await scene.fails(copy, 'Retryable');
  delete faulty.instead;
  for (const [action, words] of [[copy, 'migration execute'], [commit, 'migration commit']] as const) {
    const close = scene.cluster.open('archive', imageOf(v), true);
    scene.said();
    const error = await scene.fails(action, 'Retryable', 'Busy');
    assert.ok(error._tag === 'Retryable' && error.watchers?.length === 1 && (error.retryAfterMs ?? 0) >= 30_000);
    assert.equal(scene.said().filter((said) => said.includes(words)), []);
    close();
    await scene.done(action);
  }
  assert.is(scene.cluster.read('archive', imageOf(v)), 'precious');
  assert.equal(scene.cluster.images('vols'), []);
});

test('an image that opens for ever is waited for no longer than a slow cluster needs to say so, then the move begins anew [R-23, I-30]', async () => {
  const { scene } = await halfLinked();
  const before = scene.clock.nowMs();
  await scene.fails(copy, 'Retryable', 'HalfPrepared');
  assert.is(scene.clock.nowMs() - before, 20_000);
  const asked = scene.cluster.calls.findLast((argv) => argv.includes('status')) ?? [];
  assert.is(Number(asked[asked.indexOf('--rados-osd-op-timeout') + 1]), 8);
  await scene.done(copy);
  await scene.done(commit);
  assert.is(scene.cluster.read('archive', imageOf(v)), 'precious');
});

test('a cluster that is too slow to answer is asked again: what was copied is not taken back for it [R-23, S0-139]', async () => {
  const { scene, faulty } = await halfLinked();
  await scene.insist(copy);
  faulty.instead = ({ verb, argv }) => (verb === 'status' && argv.includes(`archive/${imageOf(v)}`) ? { _tag: 'TimedOut', landed: false } : undefined);
  scene.said();
  await scene.fails(copy, 'Retryable');
  await scene.fails(commit, 'Retryable');
  assert.equal(scene.said().filter((words) => words.startsWith('rbd migration')), []);
  delete faulty.instead;
  await scene.done(copy);
  await scene.done(commit);
});

test('a commit that is not answered in time is tried again, and no disagreement [R-23, I-2]', async () => {
  const { scene } = await halfLinked();
  const silent = await scene.fails(commit, 'Retryable', 'IdleTimeout');
  assert.ok(silent._tag === 'Retryable' && silent.outcomeUnknown);
});

test.run();
