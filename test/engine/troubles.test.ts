/** What happens when backends fail: retries, back-off, final failures, the ways out; pauses and absent backends. */
import * as assert from 'uvu/assert';
import { controlPlane, refusalKindOf, TaskWatchEnded } from '@blockledger/app';
import { memoryStore } from '@blockledger/app/memory';
import type { PortError, TimestampMs } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { fakeBackend } from '../support/fakeBackend.ts';
import { barePlane, GIB, lasting, left, planeWithPool, right, snapshotOf, volumeIn } from '../support/plane.ts';
import { suite } from '../support/suite.ts';

const test = suite('troubles');

const busy: PortError = { _tag: 'Retryable', code: 'Busy', message: 'the cluster is busy', outcomeUnknown: false };
const broken: PortError = { _tag: 'Permanent', code: 'Broken', message: 'bad argument' };

test('work that fails for a while is tried again with growing pauses; the first failure is on record, the others are not [I-1, S0-135]', async () => {
  const made = await planeWithPool();
  const { plane, fake, clock, store } = made;
  const at: number[] = [];
  fake.before = () => {
    at.push(clock.nowMs());
    return at.length < 5 ? busy : undefined;
  };
  const volume = await volumeIn(made, 'db');
  assert.is(volume.status, 'active');
  const pauses = at.slice(1).map((moment, index) => moment - at[index]!);
  pauses.forEach((pause, index) => assert.ok(pause >= 500 * 2 ** index && pause <= 1000 * 2 ** index, `pause ${index} is ${pause}`));
  const events = await store.readStream(`volume-${volume.id}`, 0)();
  assert.is(E.isRight(events) && events.right.filter(({ type }) => type === 'WorkDelayed').length, 1);
  await plane.close();
});

test('a backend that says when to come again is not asked before [I-30]', async () => {
  const made = await planeWithPool();
  const { plane, fake, clock } = made;
  const at: number[] = [];
  fake.before = () => {
    at.push(clock.nowMs());
    return at.length < 2 ? { ...busy, retryAfterMs: 30_000, watchers: ['10.0.0.1'] } : undefined;
  };
  await volumeIn(made, 'db');
  assert.ok(at[1]! - at[0]! >= 30_000);
  await plane.close();
});

test('work is tried a bounded number of times, then fails visibly, and a retry succeeds [I-1, I-2]', async () => {
  const made = await planeWithPool({ limits: { maxAttempts: 4 } });
  const { plane, fake } = made;
  fake.before = () => busy;
  const refusal = left(await plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }, { wait: 'done' }));
  assert.is(refusal._tag, 'TaskFailed');
  assert.is(fake.calls.length, 4);
  const [task] = plane.tasks.list({ status: 'failed' }).items;
  assert.is(task?.error?.code, 'Busy');
  assert.is(plane.volumes.get(task!.resource.id)?.actionStatus, 'error');
  assert.is(plane.volumes.get(task!.resource.id)?.failure?.operationId, task!.id);
  fake.before = () => undefined;
  right(await plane.tasks.retry(task!.id));
  assert.is(right(await plane.tasks.await(task!.id)).status, 'succeeded');
  assert.is(plane.volumes.get(task!.resource.id)?.actionStatus, 'idle');
  await plane.close();
});

test('work is also bounded in time [I-1]', async () => {
  const made = await planeWithPool({ limits: { maxAttempts: 1_000_000, maxRetryingMs: 600_000 } });
  const { plane, fake, clock } = made;
  fake.before = () => busy;
  const began = clock.nowMs();
  left(await plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }, { wait: 'done', timeoutMs: 10_000_000 }));
  assert.ok(clock.nowMs() - began >= 600_000 && clock.nowMs() - began < 700_000);
  await plane.close();
});

test('a permanent failure is not tried again, and giving the creation up leaves nothing [I-2, I-3]', async () => {
  const made = await planeWithPool();
  const { plane, fake } = made;
  fake.before = (action) => (action.do === 'ensureVolume' ? broken : undefined);
  left(await plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }, { wait: 'done' }));
  assert.is(fake.calls.length, 1);
  const [task] = plane.tasks.list({ status: 'failed' }).items;
  right(await plane.tasks.abandon(task!.number));
  await plane.idle();
  assert.is(plane.tasks.get(task!.id)?.status, 'cancelled');
  assert.is(plane.volumes.list().totalCount, 0);
  assert.is(fake.images.size, 0);
  assert.is(left(await plane.tasks.retry(task!.id))._tag, 'NothingToRetry');
  await plane.close();
});

test('a cancelled flatten stops its call, waits for it, looks, and keeps the parent [S0-139]', async () => {
  const made = await planeWithPool();
  const { plane, fake } = made;
  const source = await volumeIn(made, 'source');
  const snapshot = await snapshotOf(made, source.id, 'monday');
  const clone = right(await plane.createVolume({ pool: 'ssd', name: 'clone', snapshot: snapshot.id }, { wait: 'done' })).resource;
  const order: string[] = [];
  fake.before = (action, context) => {
    order.push(`${action.do} begins`);
    if (action.do !== 'ensureFlattened') return undefined;
    context.onProgress({ done: 40, total: 100, unit: 'percent' });
    return new Promise((resolve) => {
      context.signal.addEventListener('abort', () => {
        const stopSlowly = async (): Promise<void> => {
          await made.clock.sleep(20);
          order.push('flatten has stopped');
          resolve({ _tag: 'Cancelled', code: 'Cancelled', message: 'stopped' });
        };
        void stopSlowly();
      });
    });
  };
  const { commandId } = right(await plane.flattenVolume(clone.id));
  assert.equal(plane.tasks.get(commandId)?.progress, { done: 40, total: 100, unit: 'percent' });
  assert.is(plane.tasks.get(commandId)?.status, 'running');
  right(await plane.tasks.cancel(commandId));
  assert.is(right(await plane.tasks.await(commandId)).status, 'cancelled');
  assert.equal(order, ['ensureFlattened begins', 'flatten has stopped', 'observe begins']);
  assert.is(plane.volumes.get(clone.id)?.parent?.snapshotId, snapshot.id);
  await plane.close();
});

test('a rollback whose backup cannot be taken is retried at the snapshot, or given up [S0-49, R-22]', async () => {
  const made = await planeWithPool();
  const { plane, fake } = made;
  const volume = await volumeIn(made, 'db');
  const snapshot = await snapshotOf(made, volume.id, 'monday');
  fake.before = (action) => (action.do === 'ensureSnapshot' ? broken : undefined);
  const { commandId } = right(await plane.rollBackVolume(volume.id, { snapshot: snapshot.id }));
  assert.is(right(await plane.tasks.await(commandId)).status, 'failed');
  fake.before = () => undefined;
  right(await plane.tasks.retry(commandId));
  assert.is(right(await plane.tasks.await(commandId)).status, 'succeeded');
  await plane.close();
});

test('what is given up is looked at: an undelete that landed, settings that did not, a volume that was let go all the same [I-2, I-28, R-24]', async () => {
  const made = await planeWithPool();
  const { plane, fake } = made;
  const { id } = await volumeIn(made, 'db');
  const failing = (verb: string, landed: () => void) => {
    fake.before = (action) => {
      if (action.do !== verb) return undefined;
      landed();
      return broken;
    };
  };
  const giveUp = async (): Promise<void> => {
    const [task] = plane.tasks.list({ status: 'failed' }).items;
    right(await plane.tasks.abandon(task!.id));
    await plane.idle();
    assert.is(plane.tasks.get(task!.id)?.status, 'cancelled');
  };
  const image = () => fake.images.get(id)!;

  failing('ensureSettings', () => undefined);
  left(await plane.updateVolume(id, { qos: { maxIops: 500 } }, { wait: 'done' }));
  assert.is(plane.volumes.get(id)?.qos.maxIops, 500);
  await giveUp();
  assert.is(plane.volumes.get(id)?.qos.maxIops, 0);

  right(await plane.deleteVolume(id, { retainMs: 86_400_000 }, { wait: 'done' }));
  failing('ensureRestored', () => (image().trashed = false));
  left(await plane.undeleteVolume(id, { wait: 'done' }));
  await giveUp();
  assert.is(plane.volumes.get(id)?.status, 'active');
  assert.equal((await plane.drift()).drifts, []);

  failing('disown', () => (image().installationId = ''));
  left(await plane.disownVolume(id, { wait: 'done' }));
  await giveUp();
  assert.is(plane.volumes.get(id), undefined);
  assert.is(right(await plane.volumes.find(id)).status, 'disowned');
  assert.is(fake.calls.filter((action) => action.do === 'observe').length, 3);
  await plane.close();
});

test('work of a paused pool is kept, not run, and runs when the pool resumes [I-1]', async () => {
  const made = await planeWithPool();
  const { plane, fake } = made;
  right(await plane.pausePool('ssd', { reason: 'new disks' }));
  const { commandId, resource } = right(await plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }));
  await plane.idle();
  assert.is(fake.calls.length, 0);
  const waiting = plane.tasks.get(commandId);
  assert.is(waiting?.status, 'waiting');
  assert.match(waiting?.error?.message ?? '', 'new disks');
  right(await plane.resumePool('ssd'));
  assert.is(right(await plane.tasks.await(commandId)).status, 'succeeded');
  assert.is(plane.volumes.get(resource.id)?.status, 'active');
  await plane.close();
});

test('an absent backend degrades its pools, not the start; its work waits for it [I-1]', async () => {
  const store = memoryStore();
  const fake = fakeBackend();
  const other = fakeBackend();
  const before = await planeWithPool({ store: lasting(store), fake });
  right(await before.plane.pausePool('ssd', { reason: 'stop' }));
  const { commandId } = right(await before.plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }));
  right(await before.plane.resumePool('ssd'));
  await before.plane.close();
  const without = await controlPlane({ store: lasting(store), backends: { other: other.backend } });
  await without.idle();
  assert.is(without.pools.get('ssd')?.backendPresent, false);
  assert.equal(without.warnings().map(({ code }) => code), ['BackendAbsent']);
  assert.is(left(await without.createVolume({ pool: 'ssd', name: 'x', sizeBytes: GIB }))._tag, 'BackendIsUnknown');
  await without.close();
  const after = await barePlane({ store, fake });
  assert.is(right(await after.plane.tasks.await(commandId)).status, 'succeeded');
  await after.plane.close();
});

test('after a restart in the middle the same work is done again and ends [I-1, R-4]', async () => {
  const store = memoryStore();
  const fake = fakeBackend();
  const before = await planeWithPool({ store: lasting(store), fake });
  fake.before = () => new Promise(() => undefined);
  const { commandId, resource } = right(await before.plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }));
  // The plane is not closed: it is as if its process had died.
  fake.before = () => undefined;
  const after = await barePlane({ store, fake });
  assert.is(right(await after.plane.tasks.await(commandId)).status, 'succeeded');
  assert.is(after.plane.volumes.get(resource.id)?.number, resource.number);
  assert.is(after.plane.installationId, before.plane.installationId);
  assert.equal(fake.calls.filter(({ do: what }) => what === 'ensureVolume').length, 2);
  await after.plane.close();
});

test('a log that is behind its backend keeps destructive work until somebody accepts it [R-4, I-27]', async () => {
  const store = memoryStore();
  const fake = fakeBackend();
  const before = await planeWithPool({ store: lasting(store), fake });
  const keep = await volumeIn(before, 'keep');
  const gone = await volumeIn(before, 'gone');
  right(await before.plane.deleteVolume(gone.id, {}, { wait: 'done' }));
  await before.plane.idle();
  await before.plane.close();
  const mark = fake.marks.get('ssd')!;
  assert.ok(mark > 0);
  fake.marks.set('ssd', 1_000_000);
  const after = await barePlane({ store, fake });
  const { commandId } = right(await after.plane.deleteVolume(keep.id));
  await after.plane.idle();
  assert.equal(after.plane.warnings().map(({ code }) => code), ['LogBehindBackend']);
  assert.is(after.plane.tasks.get(commandId)?.status, 'waiting');
  assert.ok(fake.images.has(keep.id));
  right(await after.plane.createVolume({ pool: 'ssd', name: 'new', sizeBytes: GIB }, { wait: 'done' }));
  right(await after.plane.acceptRestoredLog('ssd'));
  assert.is(right(await after.plane.tasks.await(commandId)).status, 'succeeded');
  assert.equal(after.plane.warnings(), []);
  assert.ok(!fake.images.has(keep.id));
  await after.plane.close();
});

test('at most so many calls of one backend run at once [I-9]', async () => {
  const made = await planeWithPool({ limits: { callsPerBackend: 3 } });
  const { plane, fake } = made;
  let now = 0;
  let most = 0;
  fake.before = async () => {
    now += 1;
    most = Math.max(most, now);
    await new Promise((resolve) => setTimeout(resolve, 5));
    now -= 1;
    return undefined;
  };
  await Promise.all(Array.from({ length: 12 }, (_, n) => plane.createVolume({ pool: 'ssd', name: `v${n}`, sizeBytes: GIB }, { wait: 'done' })));
  assert.is(most, 3);
  await plane.close();
});

test('an exception of a backend is a failure like any other [I-1]', async () => {
  const made = await planeWithPool();
  const { plane, fake } = made;
  let calls = 0;
  fake.before = () => {
    calls += 1;
    if (calls < 3) throw new Error('a bug');
    return undefined;
  };
  assert.is((await volumeIn(made, 'db')).status, 'active');
  await plane.close();
});

test('tasks are watched from beginning to end, and waiting has a limit [S0-6, S0-135]', async () => {
  const made = await planeWithPool();
  const { plane, fake } = made;
  fake.before = (_action, context) => {
    context.onProgress({ done: 50, total: 100, unit: 'percent' });
    return made.clock.sleep(10).then(() => undefined);
  };
  const notes: number[] = [];
  const stop = plane.progress(({ progress }) => notes.push(progress.done));
  const { commandId } = right(await plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }));
  const seen: string[] = [];
  for await (const task of plane.tasks.watch(commandId)) seen.push(task.status);
  stop();
  assert.is(seen.at(-1), 'succeeded');
  assert.ok(seen.includes('running'));
  assert.equal(notes, [50]);
  fake.before = () => new Promise(() => undefined);
  const stuck = right(await plane.createVolume({ pool: 'ssd', name: 'stuck', sizeBytes: GIB }));
  assert.is(left(await plane.tasks.await(stuck.commandId, 1_000))._tag, 'TimedOut');
  assert.is(left(await plane.tasks.await('nothing'))._tag, 'TaskNotFound');
  const why: unknown = await plane.tasks.watch('nothing')[Symbol.asyncIterator]().next().catch((thrown: unknown) => thrown);
  assert.ok(why instanceof TaskWatchEnded);
  assert.is(why.refusal._tag, 'TaskNotFound');
  assert.is(refusalKindOf(why.refusal), 'notFound');
});

test('the time of a task is the clock’s, and survives a restart with its number [S0-135]', async () => {
  const store = memoryStore();
  const fake = fakeBackend();
  const before = await planeWithPool({ store: lasting(store), fake });
  await volumeIn(before, 'a');
  await volumeIn(before, 'b');
  await before.plane.idle();
  const tasks = before.plane.tasks.list().items;
  await before.plane.close();
  const after = await barePlane({ store, fake });
  assert.equal(after.plane.tasks.list().items, tasks);
  assert.ok((tasks[0]!.startedAt as TimestampMs) <= tasks[0]!.finishedAt!);
  await after.plane.close();
});

test.run();
