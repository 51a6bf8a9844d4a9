/** Looking without touching: lists, dry runs, the past, drift both ways, orphans; rebuilding a lost log; planes that share nothing. */
import * as assert from 'uvu/assert';
import { ControlPlaneCannotStart, controlPlane } from '@blockledger/app';
import { memoryStore } from '@blockledger/app/memory';
import { volumeStream, type VolumeId } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { fakeBackend } from '../support/fakeBackend.ts';
import { barePlane, GIB, lasting, left, planeWithPool, right, snapshotOf, UUID, volumeIn } from '../support/plane.ts';
import { suite } from '../support/suite.ts';

const test = suite('inspection');

test('a dry run says what would happen, and nothing does [S0-6]', async () => {
  const made = await planeWithPool();
  const { plane, fake, store } = made;
  const volume = await volumeIn(made, 'db');
  await snapshotOf(made, volume.id, 'monday');
  await plane.idle();
  const head = await store.head()();
  const calls = fake.calls.length;
  const plan = right(await plane.plan({ do: 'deleteVolume', volume: volume.id, input: { cascade: true } }));
  assert.equal(plan.work.map(({ step }) => step), ['close snapshots', 'remove', 'conclude']);
  assert.equal(plan.work[1]?.performs?.steps[0]?.argv, ['fake', 'ensureVolumeGone']);
  assert.ok(plan.events.some(({ type }) => type === 'VolumeDeleted'));
  assert.is(left(await plane.plan({ do: 'createVolume', input: { pool: 'ssd', name: 'db', sizeBytes: GIB } }))._tag, 'NameIsTaken');
  assert.is(left(await plane.plan({ do: 'deleteVolume', volume: volume.id, input: {} }))._tag, 'VolumeHasSnapshots');
  assert.equal(await store.head()(), head);
  assert.is(fake.calls.length, calls);
  assert.is(plane.volumes.get(volume.id)?.actionStatus, 'idle');
  await plane.close();
});

test('the past of a resource can be read, event by event and at any moment [S0-136]', async () => {
  const made = await planeWithPool();
  const { plane, clock } = made;
  const { id, number } = await volumeIn(made, 'old name');
  const then = clock.nowMs();
  clock.advance(60_000);
  right(await plane.updateVolume(id, { name: 'new name' }, { wait: 'done', issuedBy: 'token:ci' }));
  const before = right(await plane.at(then, { kind: 'volume', ref: id }));
  assert.is(before.kind === 'volume' && before.name, 'old name');
  const history = right(await plane.history({ kind: 'volume', ref: number! }));
  assert.is(history[0]?.type, 'VolumeRequested');
  assert.is(history.find(({ type }) => type === 'VolumeUpdateRequested')?.meta.issuedBy, 'token:ci');
  assert.is(left(await plane.at(then - 1_000_000, { kind: 'volume', ref: id }))._tag, 'NotThereYet');
  assert.is(left(await plane.history({ kind: 'volume', ref: 'no such' }))._tag, 'VolumeNotFound');
  await plane.close();
});

test('the audit reports what is missing, unexpected and different, with what would mend it, and touches nothing [I-4, I-29]', async () => {
  const made = await planeWithPool();
  const { plane, fake } = made;
  const [a, b, c, d] = await Promise.all(['a', 'b', 'c', 'd'].map((name) => volumeIn(made, name)));
  const snapshot = await snapshotOf(made, d!.id, 'monday');
  await plane.idle();
  assert.equal(await plane.drift(), { drifts: [], unseen: [], busy: [] });
  fake.images.delete(a!.id);
  fake.images.get(b!.id)!.sizeBytes = 5 * GIB;
  fake.images.get(c!.id)!.trashed = true;
  fake.images.get(d!.id)!.snapshots.delete(snapshot.id);
  const copy = fake.images.get(b!.id)!;
  fake.images.set(UUID(1), { ...copy, identity: { ...copy.identity, volumeId: UUID(1) as VolumeId } });
  fake.images.set(UUID(2), { ...copy, installationId: UUID(9), identity: { ...copy.identity, volumeId: UUID(2) as VolumeId } });
  const calls = fake.calls.length;
  const { drifts } = await plane.drift();
  const said = drifts.map((drift) => [drift.kind, drift.volumeId, drift.kind === 'differing' ? drift.field : undefined]);
  assert.equal(new Set(said.map((one) => JSON.stringify(one))), new Set([
    ['missing', a!.id, undefined],
    ['differing', b!.id, 'size'],
    ['differing', c!.id, 'state'],
    ['missing', d!.id, undefined],
    ['unexpected', UUID(1), undefined],
  ].map((one) => JSON.stringify(one))));
  assert.equal((await plane.orphans()).map(({ volumeId }) => volumeId), [UUID(1)]);
  assert.is(fake.calls.length, calls);
  // What it says would mend a missing snapshot does so.
  const missing = drifts.find((drift) => drift.snapshotId === snapshot.id)?.mend;
  assert.is(missing?.do, 'deleteSnapshot');
  if (missing?.do === 'deleteSnapshot') right(await plane.request(missing, { wait: 'done' }));
  await plane.close();
});

test('a pool that cannot be looked at is said to be unseen, and nothing is concluded [I-7]', async () => {
  const made = await planeWithPool();
  const { plane, fake } = made;
  await volumeIn(made, 'a');
  await plane.idle();
  (fake.backend as { list: unknown }).list = () => () => Promise.resolve(E.left({ _tag: 'Retryable', code: 'Down', message: 'no monitors', outcomeUnknown: false }));
  const report = await plane.drift();
  assert.equal(report.drifts, []);
  assert.is(report.unseen[0]?.error.code, 'Down');
  await plane.close();
});

test('a lost log is rebuilt from the backend: volumes, snapshots, clones, names, serial numbers [I-27]', async () => {
  const fake = fakeBackend();
  const before = await planeWithPool({ fake });
  const source = await volumeIn(before, 'source');
  const snapshot = await snapshotOf(before, source.id, 'monday');
  const clone = right(await before.plane.createVolume({ pool: 'ssd', name: 'clone', snapshot: snapshot.id }, { wait: 'done' })).resource;
  await before.plane.idle();
  await before.plane.close();
  for (const image of fake.images.values()) {
    if (image.parent === snapshot.id) image.identity = { ...image.identity, parentSnapshotId: snapshot.id as never, parentVolumeId: source.id as never };
  }
  const after = await barePlane({ fake, installationId: before.plane.installationId });
  right(await after.plane.registerPool({ name: 'ssd', placement: { backend: 'fake', pool: 'ssd' } }));
  assert.is((await after.plane.orphans()).length, 2);
  const report = right(await after.plane.rebuild());
  assert.equal(report.skipped, []);
  assert.equal(report.volumes, [source.id, clone.id]);
  assert.equal(report.snapshots, [snapshot.id]);
  await after.plane.idle();
  assert.is(after.plane.volumes.get(source.id)?.serial, source.serial);
  assert.is(after.plane.volumes.get(clone.id)?.parent?.snapshotId, snapshot.id);
  assert.is(after.plane.snapshots.get(snapshot.id)?.cloneCount, 1);
  assert.ok((after.plane.volumes.get(source.id)?.number ?? 0) > 0);
  assert.equal((await after.plane.drift()).drifts, []);
  assert.is(left(await after.plane.createVolume({ pool: 'ssd', name: 'clone', sizeBytes: GIB }))._tag, 'NameIsTaken');
  assert.equal(right(await after.plane.rebuild()), { volumes: [], snapshots: [], skipped: [] });
  await after.plane.close();
});

test('a rollback’s backup comes back as the internal snapshot that it was: hidden, kept for some days, not to be cloned [I-27, S0-132, R-8]', async () => {
  const fake = fakeBackend();
  const before = await planeWithPool({ fake });
  const volume = await volumeIn(before, 'db');
  const monday = await snapshotOf(before, volume.id, 'monday');
  right(await before.plane.rollBackVolume(volume.id, { snapshot: monday.id }, { wait: 'done' }));
  await before.plane.idle();
  const [backup] = before.plane.snapshots.list({ hidden: true }).items;
  assert.is(left(await before.plane.createVolume({ pool: 'ssd', name: 'clone', snapshot: backup!.id }))._tag, 'SnapshotIsInternal');
  await before.plane.close();

  const after = await barePlane({ fake, installationId: before.plane.installationId });
  const { plane, clock } = after;
  right(await plane.registerPool({ name: 'ssd', placement: { backend: 'fake', pool: 'ssd' } }));
  assert.equal(right(await plane.rebuild()).snapshots.toSorted(), [backup!.id, monday.id].toSorted());
  await plane.idle();
  assert.equal(plane.snapshots.list().items.map(({ name }) => name), ['monday']);
  const [rebuilt] = plane.snapshots.list({ hidden: true }).items;
  assert.equal([rebuilt?.id, rebuilt?.name], [backup!.id, backup!.name]);
  assert.is(plane.volumes.get(volume.id)?.snapshotCount, 1);
  assert.is(left(await plane.createVolume({ pool: 'ssd', name: 'clone', snapshot: backup!.id }))._tag, 'SnapshotIsInternal');
  assert.equal((await plane.drift()).drifts, []);
  await clock.sleep(8 * 86_400_000);
  await plane.idle();
  assert.equal([...fake.images.get(volume.id)!.snapshots.keys()], [monday.id]);
  await plane.close();
});

test('a log of another installation is not continued by mistake [I-27]', async () => {
  const store = memoryStore();
  const first = await barePlane({ store: lasting(store) });
  await first.plane.close();
  try {
    await controlPlane({ store, backends: {}, installationId: UUID(1) });
    assert.unreachable();
  } catch (error) {
    assert.instance(error, ControlPlaneCannotStart);
  }
});

test('lists come in pages in order of number, filtered, with a cursor that survives deletions [S0-4, I-25]', async () => {
  const made = await planeWithPool();
  const { plane } = made;
  right(await plane.registerPool({ name: 'hdd', placement: { backend: 'fake', pool: 'hdd' } }));
  const pools = ['ssd', 'hdd'];
  for (let n = 0; n < 10; n += 1) right(await plane.createVolume({ pool: pools[n % 2]!, name: `volume ${n}`, sizeBytes: GIB, hidden: n === 9 }, { wait: 'done' }));
  const first = plane.volumes.list({ limit: 3 });
  assert.equal(first.items.map(({ number }) => number), [1, 2, 3]);
  assert.is(first.totalCount, 9);
  assert.is(first.truncated, true);
  right(await plane.deleteVolume(3, {}, { wait: 'done' }));
  await plane.idle();
  const second = plane.volumes.list({ limit: 3, ...(first.next === null ? {} : { cursor: first.next }) });
  assert.equal(second.items.map(({ number }) => number), [4, 5, 6]);
  assert.equal(plane.volumes.list({ pool: 'ssd' }).items.map(({ number }) => number), [1, 5, 7, 9]);
  assert.equal(plane.volumes.list({ q: 'VOLUME 7' }).items.map(({ name }) => name), ['volume 7']);
  assert.equal(plane.volumes.list({ hidden: true }).items.map(({ name }) => name), ['volume 9']);
  assert.is(plane.volumes.list({ hidden: 'all', limit: -1 }).items.length, 9);
  assert.is(plane.volumes.list({ offset: 7 }).items.length, 1);
  assert.is(plane.volumes.list({ name: 'volume 0', pool: 'hdd' }).totalCount, 0);
  assert.is(plane.pools.get('ssd')?.volumeCount, 4);
  await plane.close();
});

test('views live with links that lead nowhere [I-29]', async () => {
  const store = memoryStore();
  const made = await planeWithPool({ store: lasting(store) });
  const source = await volumeIn(made, 'source');
  const snapshot = await snapshotOf(made, source.id, 'monday');
  await volumeIn(made, 'other');
  await made.plane.idle();
  await made.plane.close();
  const all = await store.readAll(0, 1_000)();
  const partial = memoryStore();
  // A log in which the volume of a snapshot is not there.
  for (const { stream, revision, position: _position, ...event } of E.isRight(all) ? all.right : []) {
    if (stream !== volumeStream(source.id as VolumeId)) await partial.append(stream, revision === 0 ? 'none' : revision - 1, [event])();
  }
  const after = await barePlane({ store: partial, fake: made.fake });
  const view = after.plane.snapshots.get(snapshot.id);
  assert.is(view?.volumeName, null);
  assert.is(after.plane.snapshots.list().totalCount, 1);
  assert.is(after.plane.volumes.list().totalCount, 1);
  await after.plane.close();
});

test('two control planes in one process share nothing [S0-6]', async () => {
  const one = await planeWithPool();
  const two = await planeWithPool();
  await volumeIn(one, 'db');
  await volumeIn(two, 'db');
  assert.is.not(one.plane.installationId, two.plane.installationId);
  assert.is(one.plane.volumes.list().totalCount, 1);
  assert.is(two.fake.images.size, 1);
  await one.plane.close();
  await volumeIn(two, 'still here');
  assert.is(left(await one.plane.createVolume({ pool: 'ssd', name: 'x', sizeBytes: GIB }))._tag, 'PlaneIsClosed');
  await two.plane.close();
});

test('embedders follow the log itself [S0-6]', async () => {
  const made = await planeWithPool();
  const types: string[] = [];
  const subscription = made.plane.subscribe(0, { onEvents: (events) => void types.push(...events.map(({ type }) => type)), onError: () => undefined });
  await volumeIn(made, 'db');
  await new Promise((resolve) => setTimeout(resolve, 20));
  await subscription.close();
  assert.is(types[0], 'InstallationFounded');
  assert.ok(types.includes('VolumeCreated'));
  await made.plane.close();
});

test.run();
