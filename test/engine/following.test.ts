/** Read-your-writes across processes: two control planes over one log, of which one hears late of what the other writes. */
import * as assert from 'uvu/assert';
import { controlPlane, type ControlPlane } from '@blockledger/app';
import { memoryStore } from '@blockledger/app/memory';
import { fakeBackend } from '../support/fakeBackend.ts';
import { gated, turns, type Gate } from '../support/gatedStore.ts';
import { GIB, lasting, left, planeWithPool, right, type TestPlane } from '../support/plane.ts';
import { suite } from '../support/suite.ts';
import { virtualClock, type VirtualClock } from '../support/virtualClock.ts';

const test = suite('reading what another process has written');

interface Two {
  readonly writer: TestPlane;
  readonly reader: ControlPlane;
  readonly gate: Gate;
  /** The reader's; it passes only when it is told to. */
  readonly clock: VirtualClock;
  readonly close: () => Promise<void>;
}

const two = async (): Promise<Two> => {
  const store = memoryStore();
  const fake = fakeBackend();
  const writer = await planeWithPool({ store: lasting(store), fake });
  const gate = gated(lasting(store));
  const clock = virtualClock(undefined, { auto: false });
  const reader = await controlPlane({ store: gate.store, backends: { fake: fake.backend }, drive: false, clock });
  const close = async (): Promise<void> => {
    gate.open();
    await reader.close();
    await writer.plane.close();
  };
  return { writer, reader, gate, clock, close };
};

const volume = (name: string) => ({ pool: 'ssd', name, sizeBytes: GIB });

/** Whether a promise has come to its end yet. */
const watched = <A>(promise: Promise<A>) => {
  const seen = { isOver: false, promise };
  void promise.finally(() => {
    seen.isOver = true;
  });
  return seen;
};

test('what one process has answered is read in another one that waited for its position, and not before [I-17]', async () => {
  const { writer, reader, gate, close } = await two();
  gate.shut();
  const { resource, position } = right(await writer.plane.createVolume(volume('db'), { wait: 'done' }));
  await turns();
  assert.is(reader.volumes.get(resource.id), undefined, 'it has not heard of it yet');
  const waiting = watched(reader.followed(position));
  await turns();
  assert.is(waiting.isOver, false);
  gate.open();
  right(await waiting.promise);
  const { name, status, number } = reader.volumes.get(resource.id)!;
  assert.equal([name, status, number], ['db', 'active', resource.number]);
  right(await reader.followed(position));
  right(await reader.followed(reader.position()));
  right(await reader.confinedTo('blue').followed(position));
  await close();
});

test('an answer names a position that covers all of it: its number and its task are seen by whoever has waited [I-17]', async () => {
  const { writer, reader, gate, close } = await two();
  gate.shut();
  const { resource, task, position, commandId } = right(await writer.plane.createVolume(volume('db'), { commandId: '00000000-0000-4000-8000-000000000009' }));
  assert.ok(position <= writer.plane.position());
  gate.open();
  right(await reader.followed(position));
  assert.equal([reader.volumes.get(resource.number!)?.id, reader.tasks.get(commandId)?.number], [resource.id, task?.number]);
  const again = right(await writer.plane.createVolume(volume('db'), { commandId }));
  assert.ok(again.repeated && again.position >= position, 'a repeat covers what it shows');
  await close();
});

test('what a process writes itself does not stand for what others wrote before [I-17]', async () => {
  const { writer, reader, gate, close } = await two();
  gate.shut();
  const { resource, position } = right(await writer.plane.createVolume(volume('db'), { wait: 'done' }));
  right(await reader.pausePool('ssd', { reason: 'disks' }));
  assert.ok(reader.position() > position);
  const waiting = watched(reader.followed(position));
  await turns();
  assert.equal([waiting.isOver, reader.volumes.get(resource.id)], [false, undefined]);
  gate.open();
  right(await waiting.promise);
  assert.is(reader.volumes.get(resource.id)?.name, 'db');
  await close();
});

test('who waits in vain is told how far the log is read here, and of a position that the log does not have [I-17]', async () => {
  const { writer, reader, gate, clock, close } = await two();
  gate.shut();
  const { position } = right(await writer.plane.createVolume(volume('db'), { wait: 'done' }));
  const behind = reader.followed(position, 200);
  const beyond = reader.followed(position + 1_000, 200);
  await turns();
  clock.advance(200);
  const late = left(await behind);
  assert.equal([late._tag, late.rule, late.value, Number(late.limit) < position], ['LogIsBehind', 'logIsFollowed', position, true]);
  const other = left(await beyond);
  assert.equal([other._tag, other.value, (other.limit as { readonly last: number }).last >= position], ['PositionNotInLog', position + 1_000, true]);
  for (const wrong of [1.5, Number.NaN, -2, '7' as never]) assert.is(left(await reader.followed(wrong))._tag, 'PositionNotInLog');
  const waiting = reader.followed(position, 60_000);
  await reader.close();
  assert.is(left(await waiting)._tag, 'PlaneIsClosed');
  await close();
});

test('a process that writes alone knows at once what it has, and what its log never had [I-17]', async () => {
  const made = await planeWithPool({ exclusive: true, clock: virtualClock(undefined, { auto: false }) });
  const { plane } = made;
  const { position } = right(await plane.pausePool('ssd', { reason: 'disks' }));
  right(await plane.followed(position));
  assert.equal(left(await plane.followed(plane.position() + 1)).limit, { first: -1, last: plane.position() });
  await plane.close();
});

test.run();
