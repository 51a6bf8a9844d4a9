/** The traps of `rbd`, one by one, on the simulated cluster. What the real one does with them is in test/real. */
import { rbdBackend } from '@blockledger/adapters-rbd';
import { OBJECT_BYTES, type SimEffect } from '@blockledger/adapters-rbd/simulator';
import { TIB, type Bytes, type ProcessRunner } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import * as assert from 'uvu/assert';
import { back, cloneOf, gone, identity, imageOf, LARGER, make, NO_QOS, POOL, QOS, rbdScene, resize, SIZE, snap, snapshot, snapshotOf, unsnap, volume, type RbdScene } from '../support/rbdScene.ts';
import { suite } from '../support/suite.ts';

const test = suite('traps of rbd');
const [v, c] = [volume('a'), volume('b')];
const one = snapshot('1');
const run = ({ cluster, context }: RbdScene, ...args: readonly string[]) => cluster.run({ argv: ['rbd', ...args], idleTimeoutMs: 1_000, signal: context.signal })();
/** Answers one verb with an exit code, as long as `on` says so. */
const answering = (verb: string, exitCode: number, stderr = '') => ({
  instead: (effect: SimEffect) => (effect.verb === verb ? ({ _tag: 'Says', exitCode, stderr } as const) : undefined),
});

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

test('a hidden group snapshot stops a removal, before anything is removed [V-1, V-3]', async () => {
  const scene = rbdScene();
  await scene.done(make(v));
  await scene.done(snap(v, one));
  scene.cluster.groupSnapshot(POOL, imageOf(v));
  await scene.fails(gone(v, one), 'Mismatch', 'UnexpectedSnapshot');
  assert.is(scene.cluster.image(POOL, imageOf(v))?.snapshots.length, 2);
});

test('a group snapshot cannot be cloned, and the backend says so beforehand [V-2, R-2]', () => {
  assert.is(rbdBackend().capabilities.cloneFromGroupSnapshot, false);
});

test('a member of a group stays (31)', async () => {
  const scene = rbdScene();
  await scene.done(make(v));
  scene.cluster.group(POOL, imageOf(v), 'g');
  await scene.fails(gone(v), 'Permanent', 'InGroup');
});

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

test('another cluster, or another pool of the same name, is not where anything is gone or removed [I-7]', async () => {
  const scene = rbdScene();
  await scene.done(make(v));
  const known = await scene.backend.identify(v.placement, scene.context)();
  assert.is(known._tag, 'Right');
  scene.cluster.becomeAnotherCluster('99999999-0000-4000-8000-000000000000');
  await scene.clock.advance(61_000);
  await scene.fails(gone(v), 'Mismatch', 'WrongCluster');
  await scene.fails({ do: 'observe', volume: v }, 'Mismatch', 'WrongCluster');
  await scene.fails(unsnap(v, one), 'Mismatch', 'WrongCluster');
});

test('what a pool must be can be said beforehand', async () => {
  const scene = rbdScene();
  await scene.done(make(v));
  const strict = rbdBackend({ run: scene.cluster.run, expected: { [POOL]: { cluster: 'elsewhere', pool: '1' } } });
  const answer = await strict.perform(gone(v), scene.context)();
  assert.is(answer._tag === 'Left' && answer.left.code, 'WrongCluster');
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

test('a passive volume is left alone until it is active again (30)', async () => {
  const scene = rbdScene();
  await scene.done(make(v));
  scene.cluster.demote(POOL, imageOf(v), true);
  await scene.fails(resize(v, SIZE, LARGER), 'Retryable', 'Busy');
  await scene.fails(snap(v, one), 'Retryable', 'Busy');
  scene.cluster.demote(POOL, imageOf(v), false);
  await scene.done(resize(v, SIZE, LARGER));
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

test('a snapshot is one of 256, internal ones counted [R-26, I-10]', () => {
  assert.is(rbdBackend().capabilities.maxSnapshots, 256);
});

test('a pool without numbers may get them in a while; a pool that the cluster does not have never will [R-3, S0-53]', async () => {
  const { cluster, context } = rbdScene();
  const silent: ProcessRunner = (call) =>
    call.argv[0] === 'ceph' && call.argv.includes('df') ? () => Promise.resolve(E.right({ exitCode: 0, stdout: '{"pools":[]}', stderr: '' })) : cluster.run(call);
  const { stats } = rbdBackend({ run: silent });
  const errorFor = async (pool: string): Promise<string> => {
    const answer = await stats({ backend: 'rbd', pool }, context)();
    return E.isLeft(answer) ? `${answer.left._tag} ${answer.left.code}` : 'numbers';
  };
  assert.is(await errorFor(POOL), 'Retryable NoStatistics');
  assert.is(await errorFor('volz'), 'Permanent PoolMissing');
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
