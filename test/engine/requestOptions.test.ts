/** What a caller says about itself: what a trace follows, and where the request came from. */
import * as assert from 'uvu/assert';
import { memoryStore } from '@blockledger/app/memory';
import type { EventStore, StoredEvent } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { fakeBackend } from '../support/fakeBackend.ts';
import { barePlane, GIB, lasting, left, planeWithPool, right, snapshotOf, UUID, volumeIn } from '../support/plane.ts';
import { suite } from '../support/suite.ts';

const test = suite('request options');

const eventsOf = async (store: EventStore): Promise<readonly StoredEvent[]> => {
  const all = await store.readAll(0, 100_000)();
  return E.isRight(all) ? all.right : [];
};

test('a correlation id travels through every event of its chain, the drivers’ and the other resources’ included [S0-136]', async () => {
  const made = await planeWithPool();
  const { plane, store } = made;
  const volume = await volumeIn(made, 'db');
  const monday = await snapshotOf(made, volume.id, 'monday');
  await plane.idle();
  const before = (await eventsOf(store)).length;
  const answer = right(await plane.rollBackVolume(volume.id, { snapshot: monday.id }, { correlationId: 'trace 4711', wait: 'done' }));
  await plane.idle();
  const chain = (await eventsOf(store)).slice(before);
  assert.ok(chain.some(({ type, meta }) => type === 'SnapshotCreated' && meta.issuedBy === 'driver'));
  assert.ok(chain.some(({ stream }) => stream.startsWith('ids-snapshot')));
  assert.equal(new Set(chain.map(({ meta }) => meta.correlationId)), new Set(['trace 4711']));
  assert.is(answer.task?.correlationId, 'trace 4711');
  const history = right(await plane.history({ kind: 'volume', ref: volume.id }));
  assert.is(history.find(({ type }) => type === 'VolumeRolledBack')?.meta.correlationId, 'trace 4711');
  await plane.close();
});

test('after a restart drivers go on under the correlation id of who asked [S0-136, R-27]', async () => {
  const store = memoryStore();
  const fake = fakeBackend();
  await (await planeWithPool({ store: lasting(store), fake })).plane.close();
  const first = await barePlane({ store: lasting(store), fake, drive: false, limits: { answerTimeoutMs: 0 } });
  right(await first.plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }, { correlationId: 'trace 1' }));
  await first.plane.close();
  const second = await barePlane({ store, fake });
  await second.plane.idle();
  const events = (await eventsOf(store)).filter(({ stream }) => stream.startsWith('volume-'));
  assert.is(events.at(-1)?.type, 'VolumeCreated');
  assert.equal(new Set(events.map(({ meta }) => meta.correlationId)), new Set(['trace 1']));
  assert.is(second.plane.actions.list({ action: 'createVolume' }).items[0]?.correlationId, 'trace 1');
  await second.plane.close();
});

test('a snapshot that nobody has got to yet is not taken for one that is not there: the answer names its task, and a repeat finds it [I-16, I-15]', async () => {
  const store = memoryStore();
  const fake = fakeBackend();
  const made = await planeWithPool({ store: lasting(store), fake });
  const volume = await volumeIn(made, 'db');
  await made.plane.close();
  const input = { volume: volume.id, name: 'monday' };
  const slow = await barePlane({ store: lasting(store), fake, drive: false, limits: { answerTimeoutMs: 0 } });
  const refusal = left(await slow.plane.createSnapshot(input, { commandId: UUID(1) }));
  assert.is(refusal._tag, 'TimedOut');
  assert.is(refusal.operationId, UUID(1));
  assert.is(slow.plane.tasks.get(UUID(1))?.resource.id, refusal.value);
  await slow.plane.close();
  const driving = await barePlane({ store, fake });
  const again = right(await driving.plane.createSnapshot(input, { commandId: UUID(1), wait: 'done' }));
  assert.is(again.repeated, true);
  assert.is(again.resource.id, refusal.value);
  assert.is(again.resource.status, 'active');
  await driving.plane.close();
});

test('without one, the command’s id is the correlation id, and a repeat under another keeps the first one’s [I-16]', async () => {
  const { plane, store } = await planeWithPool();
  const input = { pool: 'ssd', name: 'db', sizeBytes: GIB };
  right(await plane.createVolume(input, { commandId: UUID(1), wait: 'done' }));
  const again = right(await plane.createVolume(input, { commandId: UUID(1), correlationId: 'late' }));
  assert.is(again.repeated, true);
  assert.is(again.task?.correlationId, UUID(1));
  assert.is((await eventsOf(store)).some(({ meta }) => meta.correlationId === 'late'), false);
  await plane.close();
});

test('an action record says where the request came from, and no event does [S0-136]', async () => {
  const { plane, store } = await planeWithPool();
  const options = { clientAddress: '192.0.2.7', correlationId: 'trace 2' };
  right(await plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }, { ...options, wait: 'done' }));
  left(await plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }, options));
  const records = plane.actions.list({ action: 'createVolume' }).items;
  assert.equal(
    records.map(({ clientAddress, correlationId, result }) => [clientAddress, correlationId, result._tag]),
    [['192.0.2.7', 'trace 2', 'accepted'], ['192.0.2.7', 'trace 2', 'refused']],
  );
  assert.is(JSON.stringify(await eventsOf(store)).includes('192.0.2.7'), false);
  await plane.close();
});

test('an option that could not stand in a log line is refused with its limit, and nothing is stored [S0-136]', async () => {
  const { plane, store } = await planeWithPool();
  const before = (await eventsOf(store)).length;
  const input = { pool: 'ssd', name: 'db', sizeBytes: GIB };
  for (const text of ['', 'x'.repeat(129), 'two\nlines', '\u202Eright to left', '\uD800', 7 as unknown as string]) {
    for (const name of ['correlationId', 'clientAddress'] as const) {
      const refusal = left(await plane.createVolume(input, { [name]: text }));
      assert.is(refusal._tag, 'OptionIsInvalid');
      assert.is(refusal.limit, 128);
      assert.ok(refusal.message.startsWith(name));
      assert.is(left(await plane.plan({ do: 'createVolume', input }, { [name]: text }))._tag, 'OptionIsInvalid');
    }
  }
  assert.is((await eventsOf(store)).length, before);
  right(await plane.createVolume(input, { correlationId: '€'.repeat(128), clientAddress: '2001:db8::1' }));
  await plane.close();
});

test.run();
