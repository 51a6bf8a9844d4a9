/** Pausing a whole backend: work is kept and not run, whoever looks is told why, and nothing is lost. */
import * as assert from 'uvu/assert';
import { memoryStore } from '@blockledger/app/memory';
import { fakeBackend } from '../support/fakeBackend.ts';
import { barePlane, GIB, lasting, left, planeWithPool, right, snapshotOf, UUID, volumeIn } from '../support/plane.ts';
import { suite } from '../support/suite.ts';

const test = suite('maintenance');

test('work on a paused backend is kept, says why, and runs when it is resumed [S0-53, R-4]', async () => {
  const made = await planeWithPool();
  const { plane, fake, clock } = made;
  right(await plane.registerPool({ name: 'hdd', placement: { backend: 'fake', pool: 'hdd' } }));
  const paused = right(await plane.pauseBackend('fake', { reason: 'new switches' }));
  assert.equal(paused.paused, { reason: 'new switches', since: clock.nowMs() });
  for (const pool of ['ssd', 'hdd']) right(await plane.createVolume({ pool, name: 'db', sizeBytes: GIB }));
  await plane.idle();
  assert.is(fake.calls.length, 0);
  for (const task of plane.tasks.list({ status: 'waiting' }).items) assert.equal(task.error, { code: 'Waiting', message: 'the backend "fake" is paused: new switches' });
  assert.is(plane.tasks.list({ status: 'waiting' }).totalCount, 2);
  assert.is(plane.backends.get('fake')?.waitingCount, 2);
  assert.is(plane.pools.get('ssd')?.backendPaused, 'new switches');
  assert.is(plane.pools.get('ssd')?.paused, null);
  assert.is(right(await plane.resumeBackend('fake')).paused, null);
  await plane.idle();
  assert.equal(plane.volumes.list().items.map(({ actionStatus }) => actionStatus), ['idle', 'idle']);
  assert.is(plane.pools.get('ssd')?.backendPaused, null);
  await plane.close();
});

test('a pool that is paused stays so when its backend is resumed, and the other way round [S0-53]', async () => {
  const made = await planeWithPool();
  const { plane, fake } = made;
  right(await plane.pauseBackend('fake', { reason: 'switches' }));
  right(await plane.pausePool('ssd', { reason: 'disks' }));
  const { task } = right(await plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }));
  right(await plane.resumeBackend('fake'));
  await plane.idle();
  assert.is(fake.calls.length, 0);
  right(await plane.pauseBackend('fake', { reason: 'switches' }));
  right(await plane.resumePool('ssd'));
  await plane.idle();
  assert.is(fake.calls.length, 0);
  right(await plane.resumeBackend('fake'));
  assert.is(right(await plane.tasks.await(task!.id)).status, 'succeeded');
  await plane.close();
});

test('what is cloned from a volume in a paused pool waits for that pool, and so does flattening it [S0-53, S0-27]', async () => {
  const made = await planeWithPool();
  const { plane, fake } = made;
  right(await plane.registerPool({ name: 'hdd', placement: { backend: 'fake', pool: 'hdd' } }));
  const snapshot = await snapshotOf(made, (await volumeIn(made, 'db')).id, 'before');
  const linked = right(await plane.createVolume({ pool: 'hdd', name: 'linked', snapshot: snapshot.id }, { wait: 'done' })).resource;
  right(await plane.pausePool('ssd', { reason: 'disks' }));
  const before = fake.calls.length;
  const cloning = right(await plane.createVolume({ pool: 'hdd', name: 'late', snapshot: snapshot.id })).task!;
  const flattening = right(await plane.flattenVolume(linked.id)).task!;
  right(await plane.createVolume({ pool: 'hdd', name: 'of its own', sizeBytes: GIB }, { wait: 'done' }));
  await plane.idle();
  for (const { id } of [cloning, flattening]) {
    const { status, error } = plane.tasks.get(id)!;
    assert.equal([status, error], ['waiting', { code: 'Waiting', message: 'the pool of the volume it was cloned from is paused: disks' }]);
  }
  assert.equal(fake.calls.slice(before).map(({ do: call }) => call), ['ensureVolume']);
  right(await plane.resumePool('ssd'));
  for (const { id } of [cloning, flattening]) assert.is(right(await plane.tasks.await(id)).status, 'succeeded');
  await plane.close();
});

test('a pause outlives a restart, and the work that waits with it [R-4, I-6]', async () => {
  const [store, fake] = [memoryStore(), fakeBackend()];
  const before = await planeWithPool({ store: lasting(store), fake });
  right(await before.plane.pauseBackend('fake', { reason: 'switches' }));
  const { task } = right(await before.plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }));
  await before.plane.close();
  const { plane } = await barePlane({ store: lasting(store), fake });
  await plane.idle();
  assert.is(fake.calls.length, 0);
  assert.is(plane.backends.get('fake')?.paused?.reason, 'switches');
  right(await plane.resumeBackend('fake'));
  assert.is(right(await plane.tasks.await(task!.id)).status, 'succeeded');
  await plane.close();
});

test('a call under way ends, calls that wait for their turn are kept, and the backend is at rest then [S0-53, R-4]', async () => {
  const made = await planeWithPool({ limits: { callsPerBackend: 1 } });
  const { plane, fake } = made;
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => void (release = resolve));
  fake.before = async () => {
    await held;
    return undefined;
  };
  const tasks = [];
  for (const name of ['a', 'b', 'c']) tasks.push(right(await plane.createVolume({ pool: 'ssd', name, sizeBytes: GIB })).task!);
  const busy = right(await plane.pauseBackend('fake', { reason: 'switches' }));
  assert.equal(busy.calls.map(({ taskId, step }) => [taskId, step]), [[tasks[0]!.id, 'make']]);
  assert.is(busy.queuedCount, 2);
  release();
  assert.is(right(await plane.tasks.await(tasks[0]!.id)).status, 'succeeded');
  await plane.idle();
  assert.is(fake.calls.length, 1);
  const quiet = plane.backends.get('fake');
  assert.equal([quiet?.calls, quiet?.queuedCount, quiet?.waitingCount], [[], 0, 2]);
  right(await plane.resumeBackend('fake'));
  for (const { id } of tasks) assert.is(right(await plane.tasks.await(id)).status, 'succeeded');
  await plane.close();
});

test('a backend tells its kind, what it can do, and its pools; one that is absent is told, too [R-18, S0-16]', async () => {
  const made = await planeWithPool({ store: lasting(memoryStore()) });
  const { plane, store } = made;
  const [only] = plane.backends.list();
  assert.equal([only?.name, only?.type, only?.present, only?.paused], ['fake', 'fake', true, null]);
  assert.is(only?.capabilities?.flatten, true);
  assert.equal(only?.pools, [{ id: plane.pools.get('ssd')!.id, number: 1, name: 'ssd' }]);
  assert.is(plane.backends.get('nowhere'), undefined);
  await plane.close();
  const without = await barePlane({ store, backends: { other: fakeBackend().backend } });
  assert.equal(without.plane.backends.list().map(({ name, present, type }) => [name, present, type]), [['fake', false, null], ['other', true, 'fake']]);
  right(await without.plane.pauseBackend('fake', { reason: 'it is away' }));
  assert.is(without.plane.backends.get('fake')?.paused?.reason, 'it is away');
  await without.plane.close();
});

test('a misspelt backend is refused, and a repeated pause is answered as the first was [S0-16, I-16, I-32]', async () => {
  const made = await planeWithPool();
  const { plane, clock } = made;
  const refusal = left(await plane.pauseBackend('fke', { reason: 'switches' }));
  assert.equal([refusal._tag, refusal.value], ['BackendIsUnknown', 'fke']);
  assert.is(left(await plane.pauseBackend('a\u0000b', { reason: '' }))._tag, 'InvalidCommand');
  const commandId = UUID(9);
  const first = right(await plane.pauseBackend('fake', { reason: 'switches' }, { commandId, issuedBy: 'token:ops' }));
  await clock.sleep(5_000);
  assert.equal(right(await plane.pauseBackend('fake', { reason: 'switches' }, { commandId, issuedBy: 'token:ops' })).paused, first.paused);
  assert.is(left(await plane.pauseBackend('fake', { reason: 'disks' }, { commandId }))._tag, 'CommandIdReused');
  const [action] = plane.actions.list({ action: 'pauseBackend', result: 'accepted' }).items;
  assert.equal([action?.issuedBy, action?.resource], ['token:ops', { kind: 'backend', id: 'fake' }]);
  await plane.close();
});

test('a flatten that was delayed is not tried again while its backend is paused [S0-53, I-1]', async () => {
  const made = await planeWithPool();
  const { plane, fake } = made;
  const source = await volumeIn(made, 'source');
  const snapshot = await snapshotOf(made, source.id, 'monday');
  const clone = right(await plane.createVolume({ pool: 'ssd', name: 'clone', snapshot: snapshot.id }, { wait: 'done' })).resource;
  let tries = 0;
  fake.before = async (action) => {
    if (action.do !== 'ensureFlattened') return undefined;
    tries += 1;
    if (tries === 1) right(await plane.pauseBackend('fake', { reason: 'switches' }));
    return tries === 1 ? { _tag: 'Retryable', code: 'Busy', message: 'the cluster is busy', outcomeUnknown: false } : undefined;
  };
  const { task } = right(await plane.flattenVolume(clone.id));
  await plane.idle();
  assert.is(tries, 1);
  assert.is(plane.tasks.get(task!.id)?.status, 'waiting');
  right(await plane.resumeBackend('fake'));
  assert.is(right(await plane.tasks.await(task!.id)).status, 'succeeded');
  await plane.close();
});

test.run();
