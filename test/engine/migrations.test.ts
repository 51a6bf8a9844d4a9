/** Moving volumes between the pools of one backend: from the request to the cluster and back, and through the death of the plane at every step. */
import * as assert from 'uvu/assert';
import { rbdBackend } from '@blockledger/adapters-rbd';
import { simulateRbd, type Simulator } from '@blockledger/adapters-rbd/simulator';
import { controlPlane, type ControlPlane } from '@blockledger/app';
import { memoryStore } from '@blockledger/app/memory';
import type { EventStore, PortError } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { GIB, left, planeWithPool, right, snapshotOf, volumeIn, type TestPlane } from '../support/plane.ts';
import { suite } from '../support/suite.ts';
import { virtualClock, type VirtualClock } from '../support/virtualClock.ts';
import { answered } from '../support/walks/answered.ts';
import { lifeOf, mortalBackend, mortalRunner, mortalStore, type Life } from '../support/walks/life.ts';

const test = suite('migrations');

const broken: PortError = { _tag: 'Permanent', code: 'Broken', message: 'it does not work' };

const withArchive = async (): Promise<TestPlane> => {
  const made = await planeWithPool();
  right(await made.plane.registerPool({ name: 'archive', placement: { backend: 'fake', pool: 'archive' } }, { wait: 'done' }));
  return made;
};

test('a volume is in the other pool, with its snapshots, which take clones there [R-23, S0-131]', async () => {
  const made = await withArchive();
  const { plane, fake } = made;
  const volume = await volumeIn(made, 'db');
  const snapshot = await snapshotOf(made, volume.id, 'monday');
  const moved = right(await plane.migrateVolume(volume.id, { pool: 'archive' }, { wait: 'done' }));
  assert.equal([moved.task?.type, moved.task?.status, moved.resource.poolName, moved.resource.status, moved.resource.actionStatus], ['MigrateBlockVolume', 'succeeded', 'archive', 'active', 'idle']);
  assert.is(fake.images.get(volume.id)?.placement, 'archive');
  await plane.idle();
  assert.equal(right(plane.volumes.page({ pool: 'archive' })).items.map(({ id }) => id), [volume.id]);
  assert.equal(right(plane.volumes.page({ pool: 'ssd' })).items, []);
  const clone = right(await plane.createVolume({ pool: 'archive', name: 'clone', snapshot: snapshot.id }, { wait: 'done' })).resource;
  const made1 = fake.calls.findLast((action) => action.do === 'ensureVolume');
  assert.is(made1?.do === 'ensureVolume' ? made1.parent?.volume.placement.pool : '', 'archive');
  assert.is(clone.parent?.volumeId, volume.id);
  right(await plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }, { wait: 'done' }));
  assert.is(left(await plane.createVolume({ pool: 'archive', name: 'db', sizeBytes: GIB }))._tag, 'NameIsTaken');
  await plane.close();
});

test('a snapshot with clones keeps its volume where it is, and stays open [R-23, R-11]', async () => {
  const made = await withArchive();
  const { plane, fake } = made;
  const volume = await volumeIn(made, 'db');
  const snapshot = await snapshotOf(made, volume.id, 'monday');
  right(await plane.createVolume({ pool: 'ssd', name: 'clone', snapshot: snapshot.id }, { wait: 'done' }));
  assert.is(left(await plane.migrateVolume(volume.id, { pool: 'archive' }))._tag, 'SnapshotHasClones');
  await plane.idle();
  right(await plane.createVolume({ pool: 'ssd', name: 'another', snapshot: snapshot.id }, { wait: 'done' }));
  assert.not.ok(fake.calls.some((action) => action.do === 'ensureMigrated'));
  right(await plane.createVolume({ pool: 'archive', name: 'db', sizeBytes: GIB }, { wait: 'done' }));
  await plane.close();
});

test('a cancelled move stops its copy, waits for it, and takes it back [S0-139, R-23]', async () => {
  const made = await withArchive();
  const { plane, fake } = made;
  const volume = await volumeIn(made, 'db');
  const order: string[] = [];
  fake.before = (action, context) => {
    order.push(`${action.do} begins`);
    if (action.do !== 'ensureMigrated') return undefined;
    context.onProgress({ done: 40, total: 100, unit: 'percent' });
    return new Promise((resolve) => {
      context.signal.addEventListener('abort', () => {
        order.push('the copy has stopped');
        resolve({ _tag: 'Cancelled', code: 'Cancelled', message: 'stopped' });
      });
    });
  };
  const { commandId } = right(await plane.migrateVolume(volume.id, { pool: 'archive' }));
  assert.equal([plane.tasks.get(commandId)?.progress, plane.tasks.get(commandId)?.status], [{ done: 40, total: 100, unit: 'percent' }, 'running']);
  assert.is(plane.volumes.get(volume.id)?.actionStatus, 'migrating');
  assert.is(left(await plane.createSnapshot({ volume: volume.id, name: 'now' }))._tag, 'VolumeIsBusy');
  right(await plane.tasks.cancel(commandId));
  assert.is(right(await plane.tasks.await(commandId)).status, 'cancelled');
  assert.equal(order, ['ensureMigrated begins', 'the copy has stopped', 'ensureMigrationAborted begins']);
  assert.equal([plane.volumes.get(volume.id)?.poolName, plane.volumes.get(volume.id)?.actionStatus], ['ssd', 'idle']);
  fake.before = () => undefined;
  right(await plane.migrateVolume(volume.id, { pool: 'archive' }, { wait: 'done' }));
  await plane.close();
});

test('a move that fails is given up before its commit, and only retried from there on [R-23, I-2]', async () => {
  const made = await withArchive();
  const { plane, fake } = made;
  const volume = await volumeIn(made, 'db');
  fake.before = (action) => (action.do === 'ensureMigrated' ? broken : undefined);
  const first = right(await plane.migrateVolume(volume.id, { pool: 'archive' }));
  assert.is(right(await plane.tasks.await(first.commandId)).status, 'failed');
  right(await plane.tasks.abandon(first.commandId, { wait: 'done' }));
  await plane.idle();
  assert.equal([plane.volumes.get(volume.id)?.poolName, plane.volumes.get(volume.id)?.actionStatus], ['ssd', 'idle']);
  fake.before = (action) => (action.do === 'ensureMigrationCommitted' ? broken : undefined);
  const second = right(await plane.migrateVolume(volume.id, { pool: 'archive' }));
  assert.is(right(await plane.tasks.await(second.commandId)).status, 'failed');
  assert.is(left(await plane.tasks.abandon(second.commandId))._tag, 'MigrationMustEnd');
  assert.is(left(await plane.tasks.cancel(second.commandId))._tag, 'CannotBeCancelled');
  assert.is(left(await plane.deleteVolume(volume.id, { force: true }))._tag, 'VolumeIsBusy');
  fake.before = () => undefined;
  right(await plane.tasks.retry(second.commandId, { wait: 'done' }));
  await plane.idle();
  assert.is(plane.volumes.get(volume.id)?.poolName, 'archive');
  await plane.close();
});

test('a volume does not move while either of its pools is paused, nor is its move taken back [R-23, S0-53]', async () => {
  const made = await withArchive();
  const { plane, fake } = made;
  const volume = await volumeIn(made, 'db');
  const sent = (): readonly string[] => fake.calls.flatMap(({ do: what }) => (what.startsWith('ensureMigrat') ? [what] : []));
  right(await plane.pausePool('archive', { reason: 'new disks' }));
  const first = right(await plane.migrateVolume(volume.id, { pool: 'archive' }));
  await plane.idle();
  const { status, error } = plane.tasks.get(first.commandId) ?? {};
  assert.equal([status, error, sent()], ['waiting', { code: 'Waiting', message: 'the pool that the volume moves to is paused: new disks' }, []]);
  right(await plane.resumePool('archive'));
  assert.is(right(await plane.tasks.await(first.commandId)).status, 'succeeded');
  assert.equal(sent(), ['ensureMigrated', 'ensureMigrationCommitted']);
  right(await plane.pausePool('ssd', { reason: 'its turn' }));
  const back = right(await plane.migrateVolume(volume.id, { pool: 'ssd' }));
  right(await plane.tasks.cancel(back.commandId));
  await plane.idle();
  assert.equal([plane.tasks.get(back.commandId)?.status, sent().length], ['waiting', 2]);
  right(await plane.resumePool('ssd'));
  assert.is(right(await plane.tasks.await(back.commandId)).status, 'cancelled');
  await plane.close();
});

test('a log from before a move is known to be behind its backend, where the volume was [R-23, R-4, I-27]', async () => {
  const made = await withArchive();
  const { plane, fake, store } = made;
  const volume = await volumeIn(made, 'db');
  right(await plane.migrateVolume(volume.id, { pool: 'archive' }, { wait: 'done' }));
  const moved = right(await store.readAll(0, 1_000)()).find(({ type }) => type === 'VolumeMigrated');
  await plane.close();
  assert.ok(moved !== undefined);
  assert.is(fake.marks.get('ssd'), moved.position);
  assert.is(fake.marks.get('archive'), undefined);
});

test('two pools that are one place differ in their name alone: nothing is sent [R-23]', async () => {
  const made = await planeWithPool();
  const { plane, fake } = made;
  right(await plane.registerPool({ name: 'gold', placement: { backend: 'fake', pool: 'ssd' } }, { wait: 'done' }));
  const volume = await volumeIn(made, 'db');
  const calls = fake.calls.length;
  const moved = right(await plane.migrateVolume(volume.id, { pool: 'gold' }, { wait: 'done' }));
  assert.equal([moved.resource.poolName, moved.task?.status, fake.calls.length], ['gold', 'succeeded', calls]);
  const again = right(await plane.migrateVolume(volume.id, { pool: 'gold' }, { wait: 'done' }));
  assert.equal([again.resource.poolName, again.task], ['gold', null]);
  await plane.close();
});

// ---- over the simulated cluster, whose plane dies

const START_MS = 1_800_000_000_000;
const WATCH_TIMEOUT_MS = 3_000;
const MIB = 1024 * 1024;
const FOREVER = Number.MAX_SAFE_INTEGER;
const DEADLINE_MS = 3_600_000;

interface Stage {
  readonly clock: VirtualClock;
  readonly cluster: Simulator;
  readonly store: EventStore;
}

const boot = async ({ clock, cluster, store }: Stage, life: Life): Promise<ControlPlane | undefined> =>
  answered(
    clock,
    life,
    controlPlane({ store: mortalStore(life, store), clock, backends: { ceph: mortalBackend(rbdBackend({ run: mortalRunner(life, cluster.run), nowMs: clock.nowMs, watchTimeoutMs: WATCH_TIMEOUT_MS })) } }),
  );

const booted = async (stage: Stage): Promise<ControlPlane> => {
  const plane = await boot(stage, lifeOf(FOREVER));
  assert.ok(plane !== undefined, 'it starts');
  return plane;
};

const heard = async <A>({ clock }: Stage, answer: Promise<A>): Promise<A> => {
  const said = await answered(clock, lifeOf(FOREVER), answer);
  assert.ok(said !== undefined, 'it answers');
  return said;
};

/** A volume with content and a snapshot, and two pools. */
const stageWithVolume = async (): Promise<Stage & { readonly image: string }> => {
  const clock = virtualClock(START_MS, { auto: false });
  const stage: Stage = { clock, store: memoryStore(), cluster: simulateRbd({ clock, watchTimeoutMs: WATCH_TIMEOUT_MS, latencyMs: 20, longMs: 400, pools: { vols: {}, archive: {} } }) };
  const plane = await booted(stage);
  for (const name of ['vols', 'archive']) right(await heard(stage, plane.registerPool({ name, placement: { backend: 'ceph', pool: name } }, { wait: 'done' })));
  const { id } = right(await heard(stage, plane.createVolume({ pool: 'vols', name: 'db', sizeBytes: 64 * MIB }, { wait: 'done' }))).resource;
  const image = `volume-${id.replaceAll('-', '')}`;
  stage.cluster.write('vols', image, 'precious');
  right(await heard(stage, plane.createSnapshot({ volume: id, name: 'monday' }, { wait: 'done' })));
  await heard(stage, plane.close().then(() => true));
  return { ...stage, image };
};

/** The plane dies after so many instructions of a request, and another one takes over. Says whether it died. */
const dyingAfter = async (instructions: number, cancelled: boolean): Promise<boolean> => {
  const stage = await stageWithVolume();
  const { clock, cluster, image } = stage;
  const key = { idempotencyKey: 'move' };
  const doomed = lifeOf(instructions);
  const plane = await boot(stage, doomed);
  const asked = plane === undefined ? undefined : await answered(clock, doomed, plane.migrateVolume(1, { pool: 'archive' }, key));
  if (plane !== undefined && asked !== undefined) {
    if (cancelled && E.isRight(asked)) await answered(clock, doomed, plane.tasks.cancel(asked.right.commandId, { idempotencyKey: 'stop' }));
    await clock.until(() => !doomed.alive() || plane.volumes.get(1)?.actionStatus === 'idle', clock.nowMs() + DEADLINE_MS);
  }
  const died = !doomed.alive();
  doomed.end();
  const next = await booted(stage);
  await clock.until(() => false, clock.nowMs() + 10 * WATCH_TIMEOUT_MS);
  const again = right(await heard(stage, next.migrateVolume(1, { pool: 'archive' }, key)));
  if (cancelled) await heard(stage, next.tasks.cancel(again.commandId, { idempotencyKey: 'stop' }));
  const ended = right(await heard(stage, next.tasks.await(again.commandId)));
  await heard(stage, next.idle().then(() => true));
  const at = next.volumes.get(1)?.poolName ?? '';
  const elsewhere = at === 'vols' ? 'archive' : 'vols';
  assert.is(at, ended.status === 'succeeded' ? 'archive' : 'vols', `dying after ${instructions}: the task ${ended.status}`);
  if (!cancelled) assert.is(ended.status, 'succeeded', `dying after ${instructions}`);
  assert.equal([cluster.images(at).length, cluster.images(elsewhere).length], [1, 0], `dying after ${instructions}: one image, in ${at}`);
  assert.is(cluster.read(at, image), 'precious');
  assert.is(cluster.image(at, image)?.snapshots.length, 1);
  assert.is(next.snapshots.get(1)?.status, 'active');
  const drift = right(await heard(stage, next.drift().then(E.right)));
  assert.equal([drift.drifts, drift.busy, drift.unseen], [[], [], []], `dying after ${instructions}: the audit`);
  right(await heard(stage, next.createVolume({ pool: elsewhere, name: 'db', sizeBytes: MIB }, { wait: 'done' })));
  await heard(stage, next.close().then(() => true));
  return died;
};

for (const [name, cancelled] of [['moves', false], ['whose move is cancelled', true]] as const) {
  test(`a plane that dies at any step of a volume that ${name} leaves it whole, in one place [R-23, R-4${cancelled ? ', S0-139' : ''}]`, async () => {
    let instructions = 1;
    while (await dyingAfter(instructions, cancelled)) instructions += 1;
    assert.ok(instructions > 20, `only ${instructions} instructions`);
  });
}

test.run();
