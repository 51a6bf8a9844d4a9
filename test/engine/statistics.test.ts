/** Reservations while nobody knows how much a pool holds: asked again, visibly, within bounds, and never decided on a guess. */
import * as assert from 'uvu/assert';
import { memoryStore } from '@blockledger/app/memory';
import type { BlockBackend, PoolStats, PortError } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { fakeBackend } from '../support/fakeBackend.ts';
import { barePlane, GIB, lasting, left, planeWithPool, right, snapshotOf, UUID, volumeIn, type TestPlane } from '../support/plane.ts';
import { suite } from '../support/suite.ts';
import { virtualClock } from '../support/virtualClock.ts';

const test = suite('unknown statistics');

const TIB = 1024 ** 4;
const MINUTE_MS = 60_000;
const down: E.Either<PortError, PoolStats> = E.left({ _tag: 'Retryable', code: 'NoStatistics', message: 'no manager has reported', outcomeUnknown: false });
const known: E.Either<PortError, PoolStats> = E.right({ totalBytes: TIB, usedBytes: 0, freeBytes: TIB, atMs: 0 });

/** Statistics that are there again so many ms from now. */
const unknownFor = ({ fake, clock }: TestPlane, ms: number): void => {
  const until = clock.nowMs() + ms;
  fake.stats = () => (clock.nowMs() < until ? down : known);
};

const typesOf = async ({ store }: TestPlane, stream: string): Promise<readonly string[]> => {
  const events = await store.readStream(stream, 0)();
  return E.isRight(events) ? events.right.map(({ type }) => type) : [];
};

test('a volume asked for while the statistics are unknown is made when they come; its caller just waits longer [R-3, S0-53]', async () => {
  const made = await planeWithPool({ limits: { statsFreshMs: 0 } });
  unknownFor(made, 10_000);
  const { resource } = right(await made.plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }));
  assert.is(resource.number, 1);
  await made.plane.idle();
  assert.is(made.plane.volumes.get(resource.id)?.status, 'active');
  assert.equal(await typesOf(made, `volume-${resource.id}`), ['VolumeRequested', 'WorkDelayed', 'VolumeReserved', 'VolumeMade', 'VolumeCreated']);
  assert.is(made.plane.tasks.list().items.at(-1)?.error, null);
  await made.plane.close();
});

test('a caller is not kept longer than the limit: accepted, still reserving, and the task says what it waits for [R-3, S0-6]', async () => {
  const made = await planeWithPool({ limits: { statsFreshMs: 0 } });
  unknownFor(made, 2 * MINUTE_MS);
  const asked = made.clock.nowMs();
  const { resource, task } = right(await made.plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }));
  assert.is(made.clock.nowMs() - asked, 30_000);
  assert.is(resource.status, 'creating');
  assert.is(resource.number, null);
  assert.is(task?.status, 'waiting');
  assert.equal(task?.error, { code: 'Waiting', message: "the pool's statistics cannot be read: no manager has reported" });
  assert.is(right(await made.plane.tasks.await(task!.id)).status, 'succeeded');
  await made.plane.close();
});

test('statistics that stay unknown end the waiting after the limit: the task is refused, and nothing is kept [R-3, I-26]', async () => {
  const made = await planeWithPool({ limits: { statsFreshMs: 0, statsPatienceMs: 3 * MINUTE_MS } });
  const { plane, fake, clock } = made;
  fake.stats = () => down;
  const asked = clock.nowMs();
  const commandId = UUID(77);
  const refusal = left(await plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }, { commandId, wait: 'done' }));
  assert.is(refusal._tag, 'PoolCapacityUnknown');
  assert.is(clock.nowMs() - asked, 3 * MINUTE_MS);
  assert.is(plane.tasks.get(commandId)?.status, 'refused');
  assert.is(left(await plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }, { commandId }))._tag, 'PoolCapacityUnknown');
  fake.stats = () => known;
  await plane.idle();
  assert.is((await volumeIn(made, 'db')).status, 'active');
  await plane.close();
});

test('what a clear answer can be given to is not kept waiting: a taken name, a pool that is not there [S0-16, R-3]', async () => {
  const made = await planeWithPool({ limits: { statsFreshMs: 0 } });
  const { plane, fake, clock } = made;
  await volumeIn(made, 'db');
  const asked = clock.nowMs();
  fake.stats = () => down;
  assert.is(left(await plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }))._tag, 'NameIsTaken');
  fake.stats = () => E.left({ _tag: 'Permanent', code: 'PoolMissing', message: 'the cluster has no pool ssd' });
  await clock.sleep(2_000);
  const refusal = left(await plane.createVolume({ pool: 'ssd', name: 'other', sizeBytes: GIB }));
  assert.is(refusal._tag, 'PoolCapacityUnreadable');
  assert.match(refusal.message, 'the cluster has no pool ssd');
  assert.is(clock.nowMs() - asked, 2_000);
  await plane.close();
});

test('growing and flattening wait for statistics in the same way [R-3, S0-38]', async () => {
  const made = await planeWithPool({ limits: { statsFreshMs: 0 } });
  const { plane } = made;
  const source = await volumeIn(made, 'source');
  const snapshot = await snapshotOf(made, source.id, 'monday');
  const clone = right(await plane.createVolume({ pool: 'ssd', name: 'clone', snapshot: snapshot.id }, { wait: 'done' })).resource;
  unknownFor(made, MINUTE_MS);
  const grown = plane.updateVolume(source.id, { sizeBytes: 2 * GIB }, { wait: 'done' });
  const flat = plane.flattenVolume(clone.id, { wait: 'done' });
  assert.is(right(await grown).resource.sizeBytes, 2 * GIB);
  assert.is(right(await flat).resource.parent, null);
  for (const { id } of [source, clone]) assert.is((await typesOf(made, `volume-${id}`)).filter((type) => type === 'WorkDelayed').length, 1);
  await plane.close();
});

test('a control plane that stops while a reservation waits goes on with it after the restart [R-4, I-6]', async () => {
  const store = memoryStore();
  const fake = fakeBackend();
  const first = await planeWithPool({ store: lasting(store), fake, limits: { statsFreshMs: 0 } });
  fake.stats = () => down;
  const { resource, task } = right(await first.plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }));
  await first.plane.close();
  assert.is(first.plane.volumes.get(resource.id)?.status, 'creating');
  fake.stats = () => known;
  const second = await barePlane({ store: lasting(store), fake, clock: first.clock });
  assert.is(right(await second.plane.tasks.await(task!.id)).status, 'succeeded');
  assert.is(fake.images.size, 1);
  await second.plane.close();
});

test('a backend that hangs is asked once for all who wait, not once by each of them [R-3, I-24]', async () => {
  const clock = virtualClock();
  const { backend } = fakeBackend();
  let asked = 0;
  const stats: BlockBackend['stats'] = () => async () => {
    asked += 1;
    await clock.sleep(20_000);
    return asked > 1 ? known : down;
  };
  const { plane } = await planeWithPool({ clock, backends: { fake: { ...backend, stats } } });
  const names = ['a', 'b', 'c', 'd', 'e'];
  const answers = await Promise.all(names.map((name) => plane.createVolume({ pool: 'ssd', name, sizeBytes: GIB }, { wait: 'done' })));
  assert.equal(answers.map((answer) => right(answer).resource.status), names.map(() => 'active'));
  assert.is(asked, 2);
  await plane.close();
});

test('statistics that will soon be old are asked for again beside: who needs them is answered at once, and none gets old ones [R-3]', async () => {
  const clock = virtualClock(undefined, { auto: false });
  const { backend } = fakeBackend();
  let [asked, failing] = [0, false];
  const stats: BlockBackend['stats'] = () => async () => {
    asked += 1;
    const answer = failing ? down : E.right({ totalBytes: TIB, usedBytes: asked, freeBytes: TIB, atMs: 0 });
    if (asked > 1) await clock.sleep(1_000);
    return answer;
  };
  const { plane } = await planeWithPool({ clock, backends: { fake: { ...backend, stats } } });
  /** The count of the question whose answer is told. */
  const told = async (): Promise<number> => right(await plane.pools.stats('ssd')).usedBytes;
  const settled = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  assert.is(await told(), 1);
  clock.advance(3_000);
  assert.is(await told(), 1);
  assert.is(asked, 1);
  clock.advance(1_000);
  // Two who come meanwhile ask once, and neither waits.
  assert.equal([await told(), await told(), asked], [1, 1, 2]);
  clock.advance(1_000);
  await settled();
  assert.is(await told(), 2);
  failing = true;
  clock.advance(4_000);
  assert.equal([await told(), await told(), asked], [2, 2, 3]);
  clock.advance(999);
  await settled();
  assert.is(await told(), 2);
  clock.advance(1);
  await settled();
  const waits = plane.pools.stats('ssd');
  await settled();
  assert.is(asked, 4);
  clock.advance(1_000);
  assert.ok(E.isLeft(await waits));
  await plane.close();
});

test.run();
