/** The end of a process in order: what was sent to a backend may end, the rest is owed still, and nothing is done twice. */
import * as E from 'fp-ts/lib/Either.js';
import { memoryStore } from '@blockledger/app/memory';
import type { BackendAction, CallContext, PortError } from '@blockledger/domain';
import * as assert from 'uvu/assert';
import { fakeBackend } from '../support/fakeBackend.ts';
import { barePlane, GIB, lasting, planeWithPool, right } from '../support/plane.ts';
import { suite } from '../support/suite.ts';
import { virtualClock } from '../support/virtualClock.ts';

const test = suite('draining');
const busyNow: PortError = { _tag: 'Retryable', code: 'Busy', message: 'busy', outcomeUnknown: false };
const stopped: PortError = { _tag: 'Cancelled', code: 'Stopped', message: 'stopped' };

/** Calls that do not end before they are let go, or told to stop. */
const held = () => {
  const waiting: { readonly letGo: () => void; readonly fail: () => void }[] = [];
  const before = (_action: BackendAction, { signal }: CallContext): Promise<PortError | undefined> =>
    new Promise((resolve) => {
      waiting.push({ letGo: () => resolve(undefined), fail: () => resolve(busyNow) });
      signal.addEventListener('abort', () => resolve(stopped));
    });
  return { before, waiting, letAllGo: (): void => waiting.splice(0).forEach(({ letGo }) => letGo()) };
};

const turns = async (count = 50): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await new Promise(setImmediate);
};

/** Twenty volumes are asked for over a backend that takes four calls at once. */
const busy = async () => {
  const calls = held();
  const fake = fakeBackend();
  const store = memoryStore();
  const clock = virtualClock(1_700_000_000_000, { auto: false });
  const made = await planeWithPool({ fake, clock, store: lasting(store), limits: { callsPerBackend: 4 } });
  fake.before = calls.before;
  const asked = await Promise.all(Array.from({ length: 20 }, (_, n) => made.plane.createVolume({ pool: 'ssd', name: `v${n}`, sizeBytes: GIB })));
  await turns();
  assert.is(calls.waiting.length, 4, 'four calls run');
  return { ...made, calls, store, tasks: asked.map((one) => right(one).task!.id) };
};

/** The next process, whose backend holds nothing up: it makes so many, and then all of them are there. */
const goOn = async ({ fake, store, tasks }: Awaited<ReturnType<typeof busy>>, left: number): Promise<void> => {
  fake.before = () => undefined;
  const earlier = fake.calls.length;
  const { plane } = await barePlane({ fake, store: lasting(store), limits: { callsPerBackend: 4 } });
  await plane.idle();
  assert.equal([...new Set(tasks.map((id) => plane.tasks.get(id)?.status))], ['succeeded']);
  assert.equal([fake.images.size, plane.volumes.list({ limit: -1 }).items.filter(({ status }) => status === 'active').length], [20, 20]);
  const makings = fake.calls.slice(earlier).filter((action) => action.do === 'ensureVolume').map((action) => action.volume.volumeId);
  assert.equal([makings.length, new Set(makings).size], [left, left], 'one was made twice');
  await plane.close();
};

test('calls that run may end, those that wait for their turn are handed back, and the next process does them, each once [S0-6, I-15]', async () => {
  const scene = await busy();
  const { plane, calls, tasks } = scene;
  const draining = plane.drain(60_000);
  await turns();
  calls.letAllGo();
  assert.equal(await draining, { finished: 4, handedBack: 16 });
  assert.is(calls.waiting.length, 0, 'a call was sent after the end had begun');
  assert.is(tasks.filter((id) => plane.tasks.get(id)?.status === 'succeeded').length, 4);
  assert.is(plane.tasks.list({ status: 'waiting', limit: -1 }).totalCount, 16);
  await plane.close();
  await goOn(scene, 16);
});

test('a call that does not end in time is stopped and owed still [S0-6, I-15]', async () => {
  const scene = await busy();
  const { plane, clock, store } = scene;
  const draining = plane.drain(10_000);
  await turns();
  clock.advance(9_999);
  await turns();
  clock.advance(1);
  assert.equal(await draining, { finished: 0, handedBack: 20 });
  const log = await store.readAll(0, 100_000)();
  assert.not.ok(E.isRight(log) && log.right.some(({ type }) => type === 'WorkFailed' || type === 'WorkDelayed'), 'stopping looks like a failure');
  await plane.close();
  await goOn(scene, 20);
});

test('what fails while the end has begun is not tried again by this process [S0-6]', async () => {
  const scene = await busy();
  const { plane, fake, calls } = scene;
  const draining = plane.drain(60_000);
  const sent = fake.calls.length;
  for (const { fail } of calls.waiting.splice(0)) fail();
  assert.equal(await draining, { finished: 0, handedBack: 20 });
  assert.is(fake.calls.length, sent, 'it was tried again');
  await plane.close();
  await goOn(scene, 20);
});

test('while it drains, a control plane answers and takes requests, whose work is kept [S0-6]', async () => {
  const scene = await busy();
  const { plane, calls } = scene;
  const draining = plane.drain(60_000);
  const late = right(await plane.createVolume({ pool: 'ssd', name: 'late', sizeBytes: GIB }));
  assert.is(late.resource.number, 21, 'its reservations are made');
  await turns();
  assert.is(plane.tasks.get(late.task!.id)?.status, 'waiting');
  assert.is(calls.waiting.length, 4);
  calls.letAllGo();
  await draining;
  assert.equal(await plane.drain(0), { finished: 4, handedBack: 16 }, 'the first call counts');
  await plane.close();
});

test('a control plane with nothing to do drains at once [S0-6]', async () => {
  const { plane } = await planeWithPool({ clock: virtualClock(1_700_000_000_000, { auto: false }) });
  assert.equal(await plane.drain(60_000), { finished: 0, handedBack: 0 });
  assert.equal(await plane.confinedTo('acme').drain(0), { finished: 0, handedBack: 0 });
  await plane.close();
});

test.run();
