/** Once per command: repeats, joins, reuse, other writers, lost replies. */
import * as assert from 'uvu/assert';
import { controlPlane } from '@blockledger/app';
import { memoryStore } from '@blockledger/app/memory';
import type { EventStore } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { fakeBackend } from '../support/fakeBackend.ts';
import { barePlane, GIB, lasting, left, planeWithPool, right, UUID, volumeIn } from '../support/plane.ts';
import { suite } from '../support/suite.ts';

const test = suite('idempotency');

const eventsOf = async (store: EventStore): Promise<number> => {
  const all = await store.readAll(0, 100_000)();
  return E.isRight(all) ? all.right.length : -1;
};

test('a repeated command returns the first one’s result and does nothing [I-16]', async () => {
  const made = await planeWithPool();
  const { plane, store } = made;
  const options = { commandId: UUID(1), wait: 'done' } as const;
  const first = right(await plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }, options));
  await plane.idle();
  const events = await eventsOf(store);
  const again = right(await plane.createVolume({ sizeBytes: GIB, name: 'db', pool: 'ssd' }, options));
  assert.is(again.repeated, true);
  assert.is(first.repeated, false);
  assert.is(again.resource.id, first.resource.id);
  assert.is(again.task?.number, first.task?.number);
  assert.is(await eventsOf(store), events);
  await plane.close();
});

test('the same idempotency key of another principal is another command [I-16]', async () => {
  const made = await planeWithPool();
  const { plane } = made;
  const one = right(await plane.createVolume({ pool: 'ssd', name: 'a', sizeBytes: GIB }, { idempotencyKey: 'k', issuedBy: 'token:a' }));
  const two = right(await plane.createVolume({ pool: 'ssd', name: 'b', sizeBytes: GIB }, { idempotencyKey: 'k', issuedBy: 'token:b' }));
  assert.is.not(one.resource.id, two.resource.id);
  await plane.close();
});

test('the same command id with another input is refused, on the same resource and on another [I-32]', async () => {
  const made = await planeWithPool();
  const { plane } = made;
  const a = await volumeIn(made, 'a');
  const b = await volumeIn(made, 'b');
  right(await plane.updateVolume(a.id, { description: 'x' }, { commandId: UUID(7) }));
  assert.is(left(await plane.updateVolume(a.id, { description: 'y' }, { commandId: UUID(7) }))._tag, 'CommandIdReused');
  assert.is(left(await plane.updateVolume(b.id, { description: 'x' }, { commandId: UUID(7) }))._tag, 'CommandIdReused');
  assert.is(plane.volumes.get(a.id)?.description, 'x');
  await plane.close();
});

test('a repeat while the first runs joins it [I-15]', async () => {
  const made = await planeWithPool();
  const { plane, store } = made;
  const options = { commandId: UUID(2) };
  const input = { pool: 'ssd', name: 'db', sizeBytes: GIB };
  const [first, second, other] = await Promise.all([plane.createVolume(input, options), plane.createVolume(input, options), plane.createVolume({ ...input, name: 'x' }, options)]);
  assert.is(right(first).resource.id, right(second).resource.id);
  assert.is(right(second).repeated, true);
  assert.is(left(other)._tag, 'CommandIdReused');
  const all = await store.readAll(0, 1000)();
  assert.is(E.isRight(all) && all.right.filter(({ type }) => type === 'VolumeRequested').length, 1);
  await plane.close();
});

test('a repeat is recognised after a restart, too [I-16, R-27]', async () => {
  const store = memoryStore();
  const fake = fakeBackend();
  const before = await planeWithPool({ store: lasting(store), fake });
  const options = { commandId: UUID(3) };
  const first = right(await before.plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }, { ...options, wait: 'done' }));
  const taken = left(await before.plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }, { commandId: UUID(4) }));
  await before.plane.idle();
  await before.plane.close();
  const after = await barePlane({ store, fake });
  const again = right(await after.plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }, options));
  assert.is(again.repeated, true);
  assert.is(again.resource.id, first.resource.id);
  assert.is(left(await after.plane.createVolume({ pool: 'ssd', name: 'no', sizeBytes: GIB }, options))._tag, 'CommandIdReused');
  // The refusal of a reservation is on record, word for word.
  assert.equal(left(await after.plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }, { commandId: UUID(4) })), taken);
  await after.plane.close();
});

test('an append whose reply was lost is recognised and done once [I-16]', async () => {
  const inner = memoryStore();
  let losing = false;
  const store: EventStore = {
    ...inner,
    append: (stream, expected, events) => async () => {
      const answer = await inner.append(stream, expected, events)();
      if (!losing || !stream.startsWith('volume-')) return answer;
      losing = false;
      return E.left({ _tag: 'Unavailable', message: 'the reply was lost', outcomeUnknown: true });
    },
  };
  const made = await planeWithPool({ store });
  losing = true;
  const volume = await volumeIn(made, 'db');
  assert.is(volume.status, 'active');
  assert.is(losing, false);
  const events = await inner.readStream(`volume-${volume.id}`, 0)();
  assert.is(E.isRight(events) && events.right.filter(({ type }) => type === 'VolumeRequested').length, 1);
  await made.plane.close();
});

test('a store that stays away is a refusal that says to send the same command again [I-16]', async () => {
  const inner = memoryStore();
  let down = false;
  const store: EventStore = {
    ...inner,
    append: (...args) => (down ? () => Promise.resolve(E.left({ _tag: 'Unavailable', message: 'disk full', outcomeUnknown: false })) : inner.append(...args)),
  };
  const made = await planeWithPool({ store });
  down = true;
  const options = { commandId: UUID(5) };
  assert.is(left(await made.plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }, options))._tag, 'StoreUnavailable');
  down = false;
  assert.is(right(await made.plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }, { ...options, wait: 'done' })).resource.status, 'active');
  await made.plane.close();
});

test('two writers on one store: each sees the other’s events, and both get all their commands in [I-17]', async () => {
  const store = memoryStore();
  const fake = fakeBackend();
  const one = await planeWithPool({ store: lasting(store), fake });
  const two = await controlPlane({ store: lasting(store), backends: { fake: fake.backend }, drive: false });
  const { id } = await volumeIn(one, 'db');
  const user = (n: number): string => UUID(100 + n);
  const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? one.plane : two).reserveMapping(id, { id: user(n), shared: true })));
  for (const answer of answers) right(answer);
  assert.is(left(await two.reserveMapping(id, { id: user(99) }))._tag, 'MappingNeedsShared');
  await one.plane.idle();
  const events = await store.readStream(`volume-${id}`, 0)();
  assert.is(E.isRight(events) && events.right.filter(({ type }) => type === 'VolumeMapped').length, 20);
  // What the other wrote comes a moment later.
  for (let n = 0; n < 100 && one.plane.volumes.get(id)?.mappings.length !== 20; n += 1) await new Promise((resolve) => setImmediate(resolve));
  assert.is(one.plane.volumes.get(id)?.mappings.length, 20);
  assert.is(two.volumes.get(id)?.mappings.length, 20);
  await two.close();
  await one.plane.close();
});

test('a command that another process took is known by its id, though this one has not heard of it yet [I-16, I-32]', async () => {
  const store = memoryStore();
  const fake = fakeBackend();
  const one = await planeWithPool({ store: lasting(store), fake });
  const { id } = await volumeIn(one, 'db');
  const deaf = { ...lasting(store), subscribe: () => ({ close: () => Promise.resolve() }) };
  const two = await controlPlane({ store: deaf, backends: { fake: fake.backend }, drive: false });
  right(await one.plane.updateVolume(id, { description: 'x' }, { commandId: UUID(8) }));
  assert.is(left(await two.updateVolume(id, { description: 'y' }, { commandId: UUID(8) }))._tag, 'CommandIdReused');
  assert.is(right(await two.updateVolume(id, { description: 'x' }, { commandId: UUID(8) })).repeated, true);
  await two.close();
  await one.plane.close();
});

test('64 clients on one volume: one order, no lost update [I-17]', async () => {
  const made = await planeWithPool({ exclusive: true });
  const { plane, store } = made;
  const { id } = await volumeIn(made, 'db');
  const answers = await Promise.all(Array.from({ length: 64 }, (_, n) => plane.reserveAttachment(id, { id: UUID(n), shared: true })));
  for (const answer of answers) right(answer);
  assert.is(plane.volumes.get(id)?.attachments.length, 64);
  const events = await store.readStream(`volume-${id}`, 0)();
  assert.ok(E.isRight(events));
  if (E.isRight(events)) assert.equal(events.right.map(({ revision }) => revision), events.right.map((_, index) => index));
  await plane.close();
});

test('a command that is not well formed is refused with the path [S0-16]', async () => {
  const made = await planeWithPool();
  const bad = left(await made.plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: 'much' as never }));
  assert.is(bad._tag, 'InvalidCommand');
  assert.is(bad.value, 'sizeBytes');
  assert.is(left(await made.plane.createVolume(undefined as never))._tag, 'InvalidCommand');
  assert.is(left(await made.plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }, { commandId: 'x' }))._tag, 'InvalidCommand');
  assert.is(left(await made.plane.createVolume({ pool: 'nowhere', name: 'db', sizeBytes: GIB }))._tag, 'PoolNotFound');
  await made.plane.close();
});

test('every command leaves a record of who asked what and what came of it, without secrets [S0-136]', async () => {
  const made = await planeWithPool();
  const { plane } = made;
  await volumeIn(made, 'db');
  await plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB, labels: { password: 'hunter2' } }, { issuedBy: 'token:ci' });
  const refused = plane.actions.list({ result: 'refused' }).items;
  assert.is(refused.length, 1);
  assert.is(refused[0]?.issuedBy, 'token:ci');
  assert.is(refused[0]?.action, 'createVolume');
  assert.not.match(JSON.stringify(refused), /hunter2/);
  assert.is(plane.actions.list({ action: 'registerPool', result: 'accepted' }).totalCount, 1);
  await plane.close();
});

test.run();
