/** Each operation from the request to the backend and back. */
import * as assert from 'uvu/assert';
import { left, planeWithPool, right, snapshotOf, volumeIn, GIB } from '../support/plane.ts';
import { suite } from '../support/suite.ts';

const test = suite('operations');

test('a created volume is active, numbered and on the backend, and its task succeeded [S0-12, S0-20, S0-22, S0-6]', async () => {
  const made = await planeWithPool();
  const { plane, fake } = made;
  const accepted = right(await plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB + 1, qos: { maxIops: 100, burstIops: 200 }, performancePriority: true }, { wait: 'done' }));
  assert.is(accepted.resource.status, 'active');
  assert.is(accepted.resource.number, 1);
  assert.is(accepted.resource.sizeBytes, GIB + 1024 ** 2);
  assert.match(accepted.resource.serial, /^[0-9a-f]{16}$/);
  assert.is(accepted.resource.qos.enabled, true);
  assert.is(accepted.task?.type, 'CreateBlockVolume');
  assert.is(plane.tasks.get(accepted.commandId)?.status, 'succeeded');
  assert.is(fake.images.get(accepted.resource.id)?.sizeBytes, GIB + 1024 ** 2);
  await plane.close();
});

test('the caller is answered when reservations are made, before the backend is asked [S0-6]', async () => {
  const made = await planeWithPool();
  const { plane, fake } = made;
  let release = (): void => undefined;
  fake.before = () => new Promise((resolve) => (release = () => resolve(undefined)));
  const accepted = right(await plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }));
  assert.is(accepted.resource.status, 'creating');
  assert.is(accepted.resource.number, 1);
  assert.is(accepted.task?.finishedAt, null);
  release();
  const task = right(await plane.tasks.await(accepted.commandId));
  assert.is(task.status, 'succeeded');
  await plane.close();
});

test('linked and flattened clones take size from the snapshot [S0-14, S0-34, S0-36]', async () => {
  const made = await planeWithPool();
  const { plane, fake } = made;
  const source = await volumeIn(made, 'source');
  const snapshot = await snapshotOf(made, source.id, 'monday');
  const linked = right(await plane.createVolume({ pool: 'ssd', name: 'linked', snapshot: snapshot.id }, { wait: 'done' }));
  const full = right(await plane.createVolume({ pool: 'ssd', name: 'full', snapshot: snapshot.number!, flattened: true }, { wait: 'done' }));
  assert.is(linked.task?.type, 'CloneBlockVolume');
  assert.is(linked.resource.parent?.snapshotId, snapshot.id);
  assert.is(linked.resource.sizeBytes, GIB);
  assert.is(full.resource.parent, null);
  await plane.idle();
  assert.is(plane.snapshots.get(snapshot.id)?.cloneCount, 1);
  assert.is(fake.images.get(full.resource.id)?.parent, null);
  right(await plane.flattenVolume(linked.resource.id, { wait: 'done' }));
  await plane.idle();
  assert.is(plane.snapshots.get(snapshot.id)?.cloneCount, 0);
  await plane.close();
});

test('an update renames, grows and sets QoS in one request [S0-38, R-6, S0-43]', async () => {
  const made = await planeWithPool();
  const { plane, fake } = made;
  const { id } = await volumeIn(made, 'db');
  const updated = right(await plane.updateVolume(id, { name: 'db2', sizeBytes: 2 * GIB, qos: { maxIops: 50 } }, { wait: 'done' }));
  assert.is(updated.resource.name, 'db2');
  assert.is(updated.resource.sizeBytes, 2 * GIB);
  assert.is(fake.images.get(id)?.qos.maxIops, 50);
  assert.is(plane.volumes.list({ name: 'db' }).totalCount, 0);
  assert.is(plane.volumes.list({ name: 'db2' }).totalCount, 1);
  await plane.close();
});

test('a rollback takes a hidden backup first and ends with the snapshot’s size [S0-48, S0-49, S0-50]', async () => {
  const made = await planeWithPool();
  const { plane, fake } = made;
  const { id } = await volumeIn(made, 'db');
  const snapshot = await snapshotOf(made, id, 'small');
  right(await plane.updateVolume(id, { sizeBytes: 4 * GIB }, { wait: 'done' }));
  const back = right(await plane.rollBackVolume(id, { snapshot: snapshot.id }, { wait: 'done' }));
  assert.is(back.resource.sizeBytes, GIB);
  assert.is(back.task?.type, 'RollBackBlockVolume');
  assert.is(plane.snapshots.list({ volume: id }).totalCount, 1);
  assert.is(plane.snapshots.list({ volume: id, hidden: 'all' }).totalCount, 2);
  const kinds = fake.calls.filter((call) => call.do === 'ensureSnapshot' || call.do === 'rollBack').map((call) => call.do);
  assert.equal(kinds, ['ensureSnapshot', 'ensureSnapshot', 'rollBack']);
  await plane.close();
});

test('a volume goes to the trash, comes back, and goes for good when its time is over [I-28]', async () => {
  const made = await planeWithPool();
  const { plane, fake, clock } = made;
  const { id } = await volumeIn(made, 'db');
  const trashed = right(await plane.deleteVolume(id, { retainMs: 3_600_000 }, { wait: 'done' }));
  assert.is(trashed.resource.status, 'trashed');
  assert.is(right(await plane.undeleteVolume(id, { wait: 'done' })).resource.status, 'active');
  right(await plane.deleteVolume(id, { retainMs: 3_600_000 }, { wait: 'done' }));
  const until = clock.nowMs() + 3_600_001;
  await new Promise<void>((resolve) => void clock.sleep(until - clock.nowMs()).then(resolve));
  await plane.idle();
  assert.is(plane.volumes.get(id), undefined);
  assert.is(fake.images.size, 0);
  await plane.close();
});

test('deleting with cascade takes the snapshots along and frees name and capacity [S0-55, R-8]', async () => {
  const made = await planeWithPool();
  const { plane, fake } = made;
  const { id } = await volumeIn(made, 'db');
  await snapshotOf(made, id, 'monday');
  assert.is(left(await plane.deleteVolume(id))._tag, 'VolumeHasSnapshots');
  right(await plane.deleteVolume(id, { cascade: true }, { wait: 'done' }));
  await plane.idle();
  assert.is(fake.images.size, 0);
  assert.is(plane.snapshots.list({ limit: -1 }).totalCount, 0);
  assert.is(plane.pools.get('ssd')?.provisionedBytes, 0);
  await volumeIn(made, 'db');
  await plane.close();
});

test('a snapshot is deleted after its volume agreed; one with clones is not [S0-64, R-11]', async () => {
  const made = await planeWithPool();
  const { plane, fake } = made;
  const { id } = await volumeIn(made, 'db');
  const snapshot = await snapshotOf(made, id, 'monday');
  right(await plane.createVolume({ pool: 'ssd', name: 'clone', snapshot: snapshot.id }, { wait: 'done' }));
  assert.is(left(await plane.deleteSnapshot(snapshot.id))._tag, 'SnapshotHasClones');
  const other = await snapshotOf(made, id, 'tuesday');
  right(await plane.protectSnapshot(other.id));
  assert.is(left(await plane.deleteSnapshot(other.id))._tag, 'SnapshotIsProtected');
  right(await plane.unprotectSnapshot(other.id));
  const deleted = right(await plane.deleteSnapshot(other.id, {}, { wait: 'done' }));
  assert.is(deleted.task?.type, 'DeleteBlockSnapshot');
  assert.is(fake.images.get(id)?.snapshots.size, 1);
  await plane.close();
});

test('a taken name is the caller’s answer, and leaves nothing behind [S0-16]', async () => {
  const made = await planeWithPool();
  const { plane, fake } = made;
  await volumeIn(made, 'db');
  const before = plane.pools.get('ssd')?.provisionedBytes;
  const refusal = left(await plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }));
  assert.is(refusal._tag, 'NameIsTaken');
  assert.is(refusal.spec, 'S0-16');
  await plane.idle();
  assert.is(plane.pools.get('ssd')?.provisionedBytes, before);
  assert.is(fake.images.size, 1);
  assert.is(plane.volumes.list().totalCount, 1);
  await plane.close();
});

test('the longest names, in any script, are taken, found and unique [S0-16, S0-12]', async () => {
  const made = await planeWithPool();
  for (const name of ['名'.repeat(255), '😀'.repeat(127), '% -x'.repeat(60)]) {
    const { id } = await volumeIn(made, name);
    assert.is(made.plane.volumes.get(id)?.name, name);
    assert.is(left(await made.plane.createVolume({ pool: 'ssd', name, sizeBytes: GIB }))._tag, 'NameIsTaken');
  }
  await made.plane.close();
});

test('a pool that cannot hold more refuses at once [R-3]', async () => {
  const made = await planeWithPool({ limits: { statsFreshMs: 0 } });
  const { plane, fake } = made;
  fake.stats = () => ({ _tag: 'Right', right: { totalBytes: GIB, usedBytes: 0, freeBytes: GIB, atMs: 0 } });
  const refusal = left(await plane.createVolume({ pool: 'ssd', name: 'big', sizeBytes: 21 * GIB }));
  assert.is(refusal._tag, 'PoolIsOverSubscribed');
  assert.is(refusal.limit, 20 * GIB);
  await plane.close();
});

test('an existing object is adopted and let go again with its data [I-27]', async () => {
  const made = await planeWithPool();
  const { plane, fake } = made;
  const { id } = await volumeIn(made, 'template');
  const image = fake.images.get(id)!;
  fake.images.set('old-lun', { ...image, installationId: '', snapshots: new Map() });
  const adopted = right(await plane.adoptVolume({ pool: 'ssd', backendName: 'old-lun', name: 'lun', sizeBytes: GIB }, { wait: 'done' }));
  assert.is(adopted.resource.status, 'active');
  assert.is(fake.images.has('old-lun'), false);
  right(await plane.disownVolume(adopted.resource.id, { wait: 'done' }));
  await plane.idle();
  assert.is(plane.volumes.get(adopted.resource.id), undefined);
  assert.ok(fake.images.has(adopted.resource.id));
  await plane.close();
});

test('the users of a volume hold it until they release it [S0-39, R-28]', async () => {
  const made = await planeWithPool();
  const { plane } = made;
  const { id } = await volumeIn(made, 'db');
  const user = '00000000-0000-4000-8000-00000000000a';
  right(await plane.reserveMapping(id, { id: user }));
  assert.equal(plane.volumes.get(id)?.mappings, [user]);
  assert.is(left(await plane.deleteVolume(id))._tag, 'VolumeIsMapped');
  right(await plane.releaseMapping(id, { id: user }));
  right(await plane.demoteVolume(id));
  assert.is(left(await plane.updateVolume(id, { sizeBytes: 2 * GIB }))._tag, 'VolumeIsPassive');
  right(await plane.promoteVolume(id));
  right(await plane.deleteVolume(id, {}, { wait: 'done' }));
  await plane.close();
});

test.run();
