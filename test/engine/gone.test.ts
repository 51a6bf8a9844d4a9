/** What is gone is still found, and listed when asked for: as it stood at its end. */
import * as assert from 'uvu/assert';
import { memoryStore } from '@blockledger/app/memory';
import { QueryRefused, type PageQuery, type VolumeFilter } from '@blockledger/app';
import { fakeBackend } from '../support/fakeBackend.ts';
import { barePlane, GIB, lasting, left, planeWithPool, right, snapshotOf, UUID, volumeIn, type TestPlane } from '../support/plane.ts';
import { suite } from '../support/suite.ts';

const test = suite('what is gone');

const deleted = async (made: TestPlane, name: string) => {
  const volume = await volumeIn(made, name);
  right(await made.plane.deleteVolume(volume.id, { cascade: true }, { wait: 'done' }));
  await made.plane.idle();
  return volume;
};

test('a deleted volume is found by UUID and by number as it stood at its end, and is no longer there for others [S0-136, I-26]', async () => {
  const made = await planeWithPool();
  const { plane } = made;
  const { id, number } = await deleted(made, 'db');
  for (const ref of [id, number!, String(number)]) {
    assert.is(plane.volumes.get(ref), undefined);
    assert.is(plane.volumes.idOf(ref), id);
    const found = right(await plane.volumes.find(ref));
    assert.equal([found.id, found.number, found.name, found.status, found.actionStatus], [id, number, 'db', 'deleted', 'idle']);
  }
  assert.is(plane.tasks.list({ resourceId: id }).items.at(-1)?.resource.number, number);
  const living = await volumeIn(made, 'db');
  assert.is(right(await plane.volumes.find(living.id)).status, 'active');
  await plane.close();
});

test('what never was is refused as not found, and leaves nothing behind in memory [S0-52, I-12]', async () => {
  const made = await planeWithPool();
  for (const ref of [UUID(4711), 4711, 'no such name']) {
    assert.is(left(await made.plane.volumes.find(ref))._tag, 'VolumeNotFound');
    assert.is(left(await made.plane.snapshots.find(ref))._tag, 'SnapshotNotFound');
    assert.is(left(await made.plane.pools.find(ref))._tag, 'PoolNotFound');
  }
  await made.plane.close();
});

test('a refused volume and a volume that was let go are found, too [S0-16, I-27]', async () => {
  const made = await planeWithPool();
  const { plane } = made;
  await volumeIn(made, 'db');
  const commandId = UUID(5);
  left(await plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }, { commandId }));
  await plane.idle();
  const refused = plane.tasks.get(commandId)!.resource.id;
  assert.is(right(await plane.volumes.find(refused)).status, 'refused');
  const { id } = await volumeIn(made, 'own');
  right(await plane.disownVolume(id, { wait: 'done' }));
  await plane.idle();
  assert.is(right(await plane.volumes.find(id)).status, 'disowned');
  assert.equal(right(await plane.volumes.listGone({ status: 'disowned' })).items.map((volume) => volume.id), [id]);
  assert.equal(right(await plane.volumes.listGone({ status: 'deleted' })).items, []);
  await plane.close();
});

test('what is gone is listed in pages, by name, pool, tenant, kind of end and text [S0-4, S0-130]', async () => {
  const made = await planeWithPool();
  const { plane } = made;
  right(await plane.registerPool({ name: 'hdd', placement: { backend: 'fake', pool: 'hdd' } }));
  const volumes = [];
  for (const name of ['a-one', 'b-two', 'a-three', 'b-four', 'a-five']) volumes.push(await deleted(made, name));
  await volumeIn(made, 'a-living');
  const hidden = right(await plane.createVolume({ pool: 'hdd', name: 'a-hidden', sizeBytes: GIB, hidden: true }, { wait: 'done', tenant: 'blue' })).resource;
  right(await plane.deleteVolume(hidden.id, {}, { wait: 'done', tenant: 'blue' }));
  await plane.idle();
  const namesOf = async (query: Parameters<typeof plane.volumes.listGone>[0]) => right(await plane.volumes.listGone(query)).items.map(({ name }) => name);
  const first = right(await plane.volumes.listGone({ limit: 2 }));
  assert.equal(first.items.map(({ id }) => id), volumes.slice(0, 2).map(({ id }) => id));
  assert.equal([first.totalCount, first.truncated, first.limit], [5, true, 2]);
  assert.equal(await namesOf({ limit: 2, cursor: first.next! }), ['a-three', 'b-four']);
  assert.equal(await namesOf({ limit: -1 }), ['a-one', 'b-two', 'a-three', 'b-four', 'a-five']);
  assert.is(right(await plane.volumes.listGone({ limit: -1 })).limit, 1000);
  assert.equal(await namesOf({ q: 'A-', name: 'a-five' }), ['a-five']);
  assert.equal(await namesOf({ q: 'a-' }), ['a-one', 'a-three', 'a-five']);
  assert.equal(await namesOf({ q: volumes[1]!.id.slice(0, 20) }), ['b-two']);
  assert.equal(await namesOf({ hidden: 'all', tenant: 'blue' }), ['a-hidden']);
  assert.equal(await namesOf({ hidden: true, pool: 'hdd' }), ['a-hidden']);
  assert.equal(await namesOf({ hidden: 'all', pool: 'nowhere' }), []);
  await plane.close();
});

test('snapshots and pools that are gone are found and listed in the same way [S0-132, S0-136]', async () => {
  const made = await planeWithPool();
  const { plane } = made;
  const volume = await volumeIn(made, 'db');
  const one = await snapshotOf(made, volume.id, 'monday');
  const two = await snapshotOf(made, volume.id, 'tuesday');
  right(await plane.deleteSnapshot(one.id, {}, { wait: 'done' }));
  await plane.idle();
  assert.is(right(await plane.snapshots.find(one.number!)).status, 'deleted');
  assert.equal(right(await plane.snapshots.listGone({ volume: volume.id, pool: 'ssd' })).items.map(({ name }) => name), ['monday']);
  right(await plane.deleteVolume(volume.id, { cascade: true }, { wait: 'done' }));
  await plane.idle();
  assert.equal(right(await plane.snapshots.listGone({ volume: volume.number!, pool: 'ssd' })).items.map(({ id }) => id), [one.id, two.id]);
  const pool = plane.pools.get('ssd')!;
  right(await plane.retirePool('ssd', { wait: 'done' }));
  await plane.idle();
  assert.is(plane.pools.get(pool.id), undefined);
  assert.is(right(await plane.pools.find(pool.id)).status, 'retired');
  assert.equal(right(await plane.pools.listGone({ status: 'retired' })).items.map(({ name }) => name), ['ssd']);
  await plane.close();
});

test('what was gone before a restart is found after it [I-6, I-27]', async () => {
  const [store, fake] = [memoryStore(), fakeBackend()];
  const first = await planeWithPool({ store: lasting(store), fake });
  const { id, number } = await deleted(first, 'db');
  await first.plane.close();
  const { plane } = await barePlane({ store: lasting(store), fake });
  assert.is(right(await plane.volumes.find(number!)).id, id);
  assert.equal(right(await plane.volumes.listGone()).items.map(({ name }) => name), ['db']);
  await plane.close();
});

test('a list of what is there does not pass for a list of what is gone: a wrong status is refused by name [S0-4, I-12]', async () => {
  const made = await planeWithPool();
  const { plane } = made;
  await deleted(made, 'db');
  const untyped = { status: 'deleted' } as unknown as PageQuery & VolumeFilter;
  assert.throws(() => plane.volumes.list(untyped), (thrown: unknown) => thrown instanceof QueryRefused && thrown.refusal._tag === 'StatusIsNotListed');
  for (const status of ['active', 'refused'] as const) {
    const refusal = left(await plane.volumes.listGone({ status: status as 'deleted' }));
    assert.is(refusal._tag, 'StatusIsNotListed');
    assert.equal(refusal.limit, ['deleted', 'disowned']);
  }
  await plane.close();
});

test.run();
