/** Answers that are lost, answers that are errors, and what an array cannot do at all. */
import { portErrorOf, requests, snapshotName, targetName, volumeName } from '@blockledger/adapters-qsan';
import type { QsanFault } from '@blockledger/adapters-qsan/simulator';
import { secret, UNLIMITED_QOS, type AccessPathId, type BackendAction, type Bytes, type SecretRef, type SnapshotId, type TargetActionOf, type TargetCallContext, type VolumeRef } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { randomUUID } from 'node:crypto';
import * as assert from 'uvu/assert';
import { codeOf, context, freshVolume, GIB, makes, observes, perform, placement, POOL, qsanScene, type QsanScene } from '../support/qsanScene.ts';
import { suite } from '../support/suite.ts';

const test = suite('faults of a simulated QSAN array');

const CUTS: readonly QsanFault[] = [{ _tag: 'LostReply' }, { _tag: 'Reset' }, { _tag: 'Error500', isDone: true }, { _tag: 'Error500', isDone: false }];
const freshSnapshot = (): SnapshotId => randomUUID() as SnapshotId;
const size = (gib: number): Bytes => (gib * GIB) as Bytes;

/** Does an action until it is done, as a driver does; how often it was asked. */
const untilDone = async ({ volumes }: QsanScene, action: BackendAction): Promise<number> => {
  for (let attempt = 1; attempt < 20; attempt += 1) {
    const answer = await perform(volumes, action);
    if (E.isRight(answer)) return attempt;
    assert.is(answer.left._tag, 'Retryable', JSON.stringify(answer.left));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${action.do} was never done`);
};

for (const fault of CUTS) {
  const done = fault._tag === 'Error500' ? ` (${fault.isDone === true ? 'done' : 'not done'})` : '';
  test(`a volume, a clone, a snapshot and an extension are each made once although the answer was a ${fault._tag}${done} [S1-6, S1-8, S1-11, S1-12, S1-13, I-3]`, async () => {
    const scene = await qsanScene({}, { lateEffectsMs: 50 });
    const { array, end } = scene;
    const [volume, clone, larger, snapshotId] = [freshVolume(), freshVolume(), freshVolume(), freshSnapshot()];
    const parent = { volume, snapshotId };
    const steps: readonly (readonly [BackendAction, string, RegExp])[] = [
      [makes(volume), 'POST', /\/volumes$/],
      [{ do: 'ensureSize', volume, fromBytes: size(1), toBytes: size(2) }, 'PUT', /\/volumes\//],
      [{ do: 'ensureSnapshot', volume, snapshotId, name: 'nightly', internal: false }, 'POST', /\/snapshots$/],
      [makes(clone, { parent, sizeBytes: size(2) }), 'POST', /\/clone$/],
      [makes(larger, { parent, sizeBytes: size(3) }), 'POST', /\/clone$/],
    ];
    for (const [action, method, path] of steps) {
      array.faults.add({ fault, method, path });
      await untilDone(scene, action);
      assert.is(array.faults.pending(), 0, action.do);
    }
    const { volumes, snapshots } = array.state();
    assert.equal(volumes.map(({ name, sizeBytes }) => [name, sizeBytes]), [[volumeName(volume.volumeId), size(2)], [volumeName(clone.volumeId), size(2)], [volumeName(larger.volumeId), size(3)]]);
    assert.equal(snapshots.map(({ name }) => name), [snapshotName(snapshotId)]);
    await end();
  });

  test(`a snapshot and a volume go although the answer was a ${fault._tag}${done} [S1-7, S1-11, I-7]`, async () => {
    const scene = await qsanScene({}, { lateEffectsMs: 50 });
    const { array, end } = scene;
    const [volume, snapshotId] = [freshVolume(), freshSnapshot()];
    await untilDone(scene, makes(volume));
    await untilDone(scene, { do: 'ensureSnapshot', volume, snapshotId, name: 'nightly', internal: false });
    array.faults.add({ fault, method: 'DELETE', path: /\/snapshots\// });
    array.faults.add({ fault, method: 'DELETE', path: /\/volumes\/[^/]+$/ });
    await untilDone(scene, { do: 'ensureVolumeGone', volume, snapshots: [snapshotId], trashed: false });
    assert.equal([array.state().volumes.length, array.state().snapshots.length, array.faults.pending()], [0, 0, 0]);
    await end();
  });

  test(`a target with its account, its LUN and its initiator is made once although each answer was a ${fault._tag}${done} [S1-17, S1-19, S1-21, S1-23, S1-24, R-19]`, async () => {
    const scene = await qsanScene({}, { lateEffectsMs: 50 });
    const { array, targets, end } = scene;
    const volume = freshVolume();
    await untilDone(scene, makes(volume));
    const action = wish(volume);
    for (const [method, path] of [['POST', /\/targets$/], ['PUT', /\/chap$/], ['POST', /\/luns$/], ['POST', /\/acl$/]] as const) array.faults.add({ fault, method, path });
    for (let attempt = 0; attempt < 20 && E.isLeft(await targets.perform(action, targetContext(scene))()); attempt += 1) await new Promise((resolve) => setTimeout(resolve, 20));
    const [one, ...others] = array.state().targets;
    assert.is(others.length, 0);
    assert.equal([one?.name, one?.chap?.username, one?.luns, one?.acl], [targetName(volume.volumeId), 'storage', [{ lun: 4, volume: volumeName(volume.volumeId) }], [INITIATOR]]);
    assert.is(array.faults.pending(), 0);
    const said = array.requests().filter(({ method }) => method !== 'GET').map(({ path }) => path);
    assert.ok(said.findIndex((path) => path.endsWith('/chap')) < said.findIndex((path) => path.endsWith('/acl')), 'the account before who is let in');
    await end();
  });
}

const INITIATOR = 'iqn.1993-08.org.debian:01:604af6a341';
const CHAP = '1qaz2wsx3edc';

const wish = (volume: VolumeRef): TargetActionOf<'ensureTarget'> => ({
  do: 'ensureTarget',
  target: { place: { backend: 'array', host: 'array1' }, accessPathId: randomUUID() as AccessPathId, number: 1, iqn: `iqn.2004-08.com.qsan:target-${volume.volumeId}`, type: 'iscsi', volumeId: volume.volumeId },
  config: {
    portals: [],
    chap: { user: 'storage', secretRef: 'chap/storage/0123456789abcdef' as SecretRef },
    luns: [{ lun: 4, volume, sizeBytes: size(1), qos: UNLIMITED_QOS }],
    clients: [{ code: INITIATOR, luns: [4], mutual: null }],
  },
  fenced: [],
  unmapped: [],
});

const targetContext = ({ volumes }: QsanScene): TargetCallContext => ({ ...context(), secret: () => () => Promise.resolve(E.right(secret(CHAP))), sourceOf: (volume) => volumes.sourceOf?.(volume) });

test('what is not there proves nothing while the answer to its making is lost [I-7]', async () => {
  const scene = await qsanScene({}, { lateEffectsMs: 4_000, timeoutMs: 100 });
  const { array, volumes, end } = scene;
  const volume = freshVolume();
  await perform(volumes, observes(volume));
  array.faults.add({ fault: { _tag: 'Slow', ms: 3_000 }, method: 'POST', path: /\/volumes$/ });
  const answer = await perform(volumes, makes(volume));
  assert.equal(E.isLeft(answer) && answer.left._tag === 'Retryable' && [answer.left.code, answer.left.outcomeUnknown], ['Unreachable', true]);
  const gone = await perform(volumes, { do: 'ensureVolumeGone', volume, snapshots: [], trashed: false });
  assert.equal(E.isLeft(gone) && gone.left._tag === 'Retryable' && [gone.left.code, (gone.left.retryAfterMs ?? 0) > 0], ['NotConclusive', true]);
  await new Promise((resolve) => setTimeout(resolve, 4_500));
  assert.is(array.state().volumes.length, 1, 'it was made after all');
  await untilDone(scene, { do: 'ensureVolumeGone', volume, snapshots: [], trashed: false });
  assert.is(array.state().volumes.length, 0);
  await end();
});

test('a volume of our name with another size, in another pool, or thick where it was to be thin is a mismatch, and is not touched [S1-6, I-18]', async () => {
  const { array, volumes, end } = await qsanScene();
  for (const [pool, bytes, thin] of [[POOL, 2 * GIB, true], ['Pool-2', GIB, true], [POOL, GIB, false]] as const) {
    const volume = freshVolume();
    array.operate('POST', '/api/volumes', { pool, name: volumeName(volume.volumeId), size: bytes, thin_provision: thin });
    const before = array.state();
    const answer = await perform(volumes, makes(volume));
    assert.equal(E.isLeft(answer) && [answer.left._tag, answer.left.code], ['Mismatch', 'OtherThanKnown']);
    assert.equal({ ...array.state(), sessions: [] }, { ...before, sessions: [] });
  }
  await end();
});

test('another array behind the same address is noticed before anything is removed from it [I-4]', async () => {
  const { array, volumes, end } = await qsanScene({}, { expected: { [POOL]: { cluster: 'QSAN0000000000', pool: 'pool-001' } } });
  const volume = freshVolume();
  await perform(volumes, makes(volume));
  for (const action of [{ do: 'ensureVolumeGone', volume, snapshots: [], trashed: false }, { do: 'ensureSnapshotGone', volume, snapshotId: freshSnapshot() }] as const) {
    assert.is(codeOf(await perform(volumes, action)), 'WrongArray', action.do);
  }
  assert.is(codeOf(await perform(volumes, observes(freshVolume()))), 'WrongArray', 'nor is anything held for gone');
  assert.is(array.state().volumes.length, 1);
  await end();
});

test('a full pool, a volume in use and a volume that is not there are told apart as the source has them [S1-4, S1-5, S1-14]', () => {
  const request = requests.createVolume({ pool: POOL, name: 'volume-1', sizeBytes: GIB, thin: true });
  const table = [
    [400, { error: 'Insufficient space', code: 400, details: "Pool 'Pool-1' has only 100GB free, requested 500GB" }, 'Retryable', 'NoSpace'],
    [400, { error: 'Invalid request', code: 400, details: 'size is missing' }, 'Permanent', 'Invalid'],
    [401, { error: 'Invalid credentials', code: 401 }, 'Retryable', 'Denied'],
    [403, { error: 'Forbidden', code: 403 }, 'Permanent', 'Denied'],
    [404, { error: 'Volume not found', code: 404, details: "Volume 'volume-12345678' does not exist" }, 'Permanent', 'NotFound'],
    [409, { error: 'Volume is in use', code: 409, details: 'Volume is mapped to an iSCSI target and cannot be deleted' }, 'Retryable', 'Busy'],
    [409, { error: 'Volume already exists', code: 409 }, 'Mismatch', 'Exists'],
    [429, {}, 'Retryable', 'Busy'],
    [500, { error: 'Internal server error', code: 500 }, 'Retryable', 'ArrayFault'],
    [503, undefined, 'Retryable', 'ArrayFault'],
    [302, undefined, 'Permanent', 'Unexpected'],
  ] as const;
  for (const [status, body, tag, code] of table) {
    const error = portErrorOf(request, { status, body });
    assert.equal([error._tag, error.code], [tag, code], String(status));
  }
  const fault = portErrorOf(request, { status: 500, body: undefined });
  assert.is(fault._tag === 'Retryable' && fault.outcomeUnknown, true, 'whether it was done, nobody knows');
});

test('a pool that is full refuses a volume until there is room [S1-5]', async () => {
  const { volumes, end } = await qsanScene({ pools: [{ name: POOL, totalBytes: 4 * GIB }] }, { thin: false });
  assert.is(codeOf(await perform(volumes, makes(freshVolume(), { sizeBytes: size(3) }))), 'well');
  const answer = await perform(volumes, makes(freshVolume(), { sizeBytes: size(2) }));
  assert.equal(E.isLeft(answer) && [answer.left._tag, answer.left.code], ['Retryable', 'NoSpace']);
  await end();
});

test('what an array cannot do is refused by the name of what it lacks, and nothing is sent [S1-9, S1-14, S1-42]', async () => {
  const { array, volumes, targets, end } = await qsanScene();
  const volume = freshVolume();
  const identity = makes(volume).identity;
  const qos = { ...UNLIMITED_QOS, enabled: true, maxIops: 10 };
  const refused: readonly (readonly [string, BackendAction])[] = [
    ['shrink', { do: 'ensureSize', volume, fromBytes: size(2), toBytes: size(1) }],
    ['flatten', { do: 'ensureFlattened', volume }],
    ['rollback', { do: 'rollBack', volume, snapshotId: freshSnapshot(), backupSnapshotId: freshSnapshot() }],
    ['qos', makes(volume, { qos })],
    ['qos', { do: 'ensureSettings', volume, qos, performancePriority: false, name: 'accounts' }],
    ['performancePriority', makes(volume, { performancePriority: true })],
    ['generations', makes(volume, { identity: { ...identity, generation: 'v3adv' } })],
    ['cloneAcrossPools', makes(volume, { parent: { volume: { ...freshVolume(), placement: { ...placement, pool: 'Pool-2' } }, snapshotId: freshSnapshot() } })],
    ['erasurePools', makes({ ...volume, placement: { ...placement, dataPool: 'data' } })],
    ['trash', { do: 'ensureTrashed', volume }],
    ['trash', { do: 'ensureRestored', volume }],
    ['trash', { do: 'ensureVolumeGone', volume, snapshots: [], trashed: true }],
    ['adopt', { do: 'adopt', volume, identity, backendName: 'elsewhere' }],
  ];
  for (const [capability, action] of refused) {
    const answer = await perform(volumes, action);
    assert.ok(E.isLeft(answer) && answer.left.code === 'Unsupported' && answer.left.message.startsWith(`${capability}:`), `${action.do}: ${JSON.stringify(answer)}`);
  }
  assert.is(codeOf(await volumes.list(placement, context())()), 'Unsupported');
  assert.is(codeOf(await targets.list({ backend: 'array', host: 'array1' }, context())()), 'Unsupported');
  assert.is(array.requests().length, 0);
  await end();
});

test('a volume that another target has is not taken from it [S1-22]', async () => {
  const scene = await qsanScene();
  const { array, targets, end } = scene;
  const volume = freshVolume();
  await untilDone(scene, makes(volume));
  const { body } = array.operate('POST', '/api/iscsi/targets', { name: 'by-hand' });
  const { id, iqn } = body as { readonly id: string; readonly iqn: string };
  array.operate('POST', `/api/iscsi/targets/${id}/luns`, { volume: volumeName(volume.volumeId), lun_id: 4 });
  const answer = await targets.perform(wish(volume), targetContext(scene))();
  assert.ok(E.isLeft(answer) && answer.left._tag === 'Retryable' && answer.left.code === 'Busy' && answer.left.message.includes(iqn), JSON.stringify(answer));
  assert.is(array.state().targets.find((one) => one.id === id)?.luns.length, 1);
  await end();
});

test('a volume that an initiator is let in to is not removed, keeps its snapshots, and the initiator is named [S1-7, S1-11, S1-22, I-15]', async () => {
  const scene = await qsanScene();
  const { array, volumes, targets, end } = scene;
  const [volume, snapshotId] = [freshVolume(), freshSnapshot()];
  await untilDone(scene, makes(volume));
  await untilDone(scene, { do: 'ensureSnapshot', volume, snapshotId, name: 'nightly', internal: false });
  assert.is(codeOf(await targets.perform(wish(volume), targetContext(scene))()), 'well');
  const answer = await perform(volumes, { do: 'ensureVolumeGone', volume, snapshots: [snapshotId], trashed: false });
  assert.ok(E.isLeft(answer) && answer.left._tag === 'Retryable' && answer.left.code === 'Busy' && answer.left.message.includes(INITIATOR), JSON.stringify(answer));
  assert.equal([array.state().volumes.length, array.state().snapshots.map(({ name }) => name)], [1, [snapshotName(snapshotId)]], 'nothing is half removed');
  await end();
});

test('passwords and tokens stand in no error, no plan, no finding and no figure, even if the array repeats them [S1-2, S1-24, I-24]', async () => {
  const scene = await qsanScene();
  const { array, volumes, targets, end } = scene;
  const volume = freshVolume();
  await untilDone(scene, makes(volume));
  const shown: unknown[] = [];
  const tokens = (): readonly string[] => array.state().sessions.map(({ token }) => token);
  for (const status of [400, 403, 409, 500]) {
    array.faults.add({ fault: { _tag: 'Says', status, body: { error: `bad ${CHAP}`, code: status, details: `${tokens().join(' ')} ${array.password} ${CHAP}` } }, method: 'PUT', path: /\/chap$/, times: 3 });
    const answer = await targets.perform(wish(volume), { ...targetContext(scene), onExternalCall: (call) => (shown.push(call), (exit) => void shown.push(exit)) })();
    assert.ok(E.isLeft(answer), String(status));
    shown.push(answer);
    array.faults.clear();
  }
  shown.push(targets.plan(wish(volume)), volumes.plan(makes(volume), 'here'), await volumes.diagnose?.([placement], context())(), await targets.diagnose?.([], context())());
  const text = JSON.stringify(shown);
  assert.ok(text.includes('********'));
  for (const hidden of [CHAP, ...tokens()]) assert.not.ok(text.includes(hidden), 'a secret is shown');
  await end();
});

test.run();
