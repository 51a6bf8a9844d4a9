/** Tenants beside each other: what is called alike, what is counted, and what nobody sees of the other. */
import * as assert from 'uvu/assert';
import * as E from 'fp-ts/lib/Either.js';
import { GIB, left, planeWithPool, right, UUID } from '../support/plane.ts';
import { suite } from '../support/suite.ts';

const test = suite('tenants');

test('two tenants call volumes of one pool by one name, each of them once [S0-16, I-12]', async () => {
  const { plane, store } = await planeWithPool();
  const input = { pool: 'ssd', name: 'db', sizeBytes: GIB };
  const made = [];
  for (const tenant of ['default', 'red', 'blue', 'red@blue']) {
    made.push(right(await plane.createVolume(input, { tenant, wait: 'done' })).resource);
    assert.is(left(await plane.createVolume(input, { tenant }))._tag, 'NameIsTaken');
  }
  assert.equal(made.map(({ tenant }) => tenant), ['default', 'red', 'blue', 'red@blue']);
  for (const { id, tenant } of made) {
    const { items, totalCount } = plane.confinedTo(tenant).volumes.list({ name: 'db' });
    assert.equal([items.map((found) => found.id), totalCount], [[id], 1], `${tenant} finds and counts its own`);
  }
  assert.is(new Set(made.map(({ serial }) => serial)).size, 4);
  const all = await store.readAll(0, 10_000)();
  const streams = new Set((E.isRight(all) ? all.right : []).map(({ stream }) => stream).filter((stream) => stream.startsWith('name-') && !stream.startsWith('name-all')));
  const pool = made[0]?.poolId;
  assert.equal(streams, new Set([`name-${pool}-volume-db`, `name-${pool}-volume@red@db`, `name-${pool}-volume@blue@db`, `name-${pool}-volume@red%40blue@db`]));
  await plane.close();
});

test('a name that a tenant gave up is free for it again, whatever others are called [S0-16, S0-43]', async () => {
  const { plane } = await planeWithPool();
  const input = { pool: 'ssd', name: 'db', sizeBytes: GIB };
  const red = right(await plane.createVolume(input, { tenant: 'red', wait: 'done' })).resource;
  const blue = right(await plane.createVolume(input, { tenant: 'blue', wait: 'done' })).resource;
  right(await plane.updateVolume(red.id, { name: 'old' }, { wait: 'done' }));
  await plane.idle();
  const again = right(await plane.createVolume(input, { tenant: 'red', wait: 'done' })).resource;
  assert.is(left(await plane.updateVolume(red.id, { name: 'db' }))._tag, 'NameIsTaken');
  right(await plane.deleteVolume(again.id, {}, { wait: 'done' }));
  await plane.idle();
  right(await plane.updateVolume(red.id, { name: 'db' }, { wait: 'done' }));
  assert.is(plane.volumes.get(blue.id)?.name, 'db');
  await plane.close();
});

test('the longest name of the longest tenant, in any script, fits a stream’s name [S0-16]', async () => {
  const { plane } = await planeWithPool();
  for (const [tenant, name] of [['名'.repeat(128), '名'.repeat(255)], ['😀'.repeat(128), '😀'.repeat(127)]] as const) {
    right(await plane.createVolume({ pool: 'ssd', name, sizeBytes: GIB }, { tenant, wait: 'done' }));
    assert.is(left(await plane.createVolume({ pool: 'ssd', name, sizeBytes: GIB }, { tenant }))._tag, 'NameIsTaken');
  }
  assert.is(left(await plane.createVolume({ pool: 'ssd', name: 'x', sizeBytes: GIB }, { tenant: '名'.repeat(129) }))._tag, 'OptionIsInvalid');
  assert.is(left(await plane.createVolume({ pool: 'ssd', name: 'x', sizeBytes: GIB }, { tenant: '' }))._tag, 'OptionIsInvalid');
  await plane.close();
});

test('what belongs to another tenant is refused exactly as what does not exist, by UUID, by number and by name [I-12]', async () => {
  const made = await planeWithPool();
  const { plane } = made;
  const theirs = right(await plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }, { tenant: 'blue', wait: 'done' })).resource;
  const taken = right(await plane.createSnapshot({ volume: theirs.id, name: 'monday' }, { wait: 'done' })).resource;
  assert.is(taken.tenant, 'blue');
  const red = plane.confinedTo('red');
  const own = right(await red.createVolume({ pool: 'ssd', name: 'mine', sizeBytes: GIB }, { tenant: 'blue', wait: 'done' })).resource;
  assert.is(own.tenant, 'red');
  for (const [ref, none] of [[theirs.id, UUID(4)], [theirs.number!, 4_000], [String(theirs.number), '4000'], ['db', 'no such name']] as const) {
    const said = left(await red.updateVolume(ref, { description: 'x' }));
    const saidOfNothing = left(await red.updateVolume(none, { description: 'x' }));
    assert.equal({ ...said, value: 0, message: said.message.replace(String(ref), '?') }, { ...saidOfNothing, value: 0, message: saidOfNothing.message.replace(String(none), '?') });
    assert.is(red.volumes.get(ref), undefined);
    assert.is(left(await red.history({ kind: 'volume', ref }))._tag, 'VolumeNotFound');
  }
  for (const snapshot of [taken.id, taken.number!]) {
    assert.is(left(await red.createVolume({ pool: 'ssd', name: 'clone', snapshot }))._tag, 'SnapshotNotFound');
    assert.is(left(await red.rollBackVolume(own.id, { snapshot }))._tag, 'SnapshotNotFound');
  }
  const task = plane.tasks.list({ resourceId: theirs.id }).items[0]!;
  assert.is(left(await red.tasks.retry(task.number))._tag, 'TaskNotFound');
  assert.is(left(await red.tasks.await(task.id))._tag, 'TaskNotFound');
  await plane.close();
});

test('a pool is everybody’s: a tenant looks at it with its own counts, and changes nothing of it [I-12]', async () => {
  const { plane } = await planeWithPool();
  for (const tenant of ['blue', 'blue', 'red']) right(await plane.createVolume({ pool: 'ssd', name: `db ${Math.random()}`, sizeBytes: GIB }, { tenant, wait: 'done' }));
  const red = plane.confinedTo('red');
  assert.equal([red.pools.get('ssd')?.volumeCount, red.pools.get('ssd')?.provisionedBytes], [1, GIB]);
  assert.is(plane.pools.get('ssd')?.volumeCount, 3);
  assert.is(right(await red.pools.stats('ssd')).totalBytes > 0, true);
  right(await red.updateVolume(1 + 2, { sizeBytes: 5 * GIB }, { wait: 'done' }));
  assert.is(red.pools.list().items[0]?.provisionedBytes, 5 * GIB);
  for (const refused of [
    await red.registerPool({ name: 'hdd', placement: { backend: 'fake', pool: 'hdd' } }),
    await red.updatePool('ssd', { overSubscriptionRatio: 2 }),
    await red.pausePool('ssd', { reason: 'x' }),
    await red.resumePool('ssd'),
    await red.retirePool('no such pool'),
    await red.request({ do: 'reportPoolHealth', pool: 'ssd', input: { health: 'error' } }),
    await red.adoptVolume({ pool: 'ssd', backendName: 'x', name: 'x', sizeBytes: GIB }),
    await red.history({ kind: 'pool', ref: 'ssd' }),
    await red.rebuild(),
    await red.acceptRestoredLog('ssd'),
    await red.pauseBackend('fake', { reason: 'x' }),
    await red.resumeBackend('fake'),
  ]) {
    assert.is(left<unknown>(refused)._tag, 'CallerIsConfined');
    assert.is(left<unknown>(refused).limit, 'red');
  }
  await plane.close();
});

test('one command id from two tenants is two commands, and no tenant learns that another one used it [I-16, I-32]', async () => {
  const { plane } = await planeWithPool();
  const [red, blue] = [plane.confinedTo('red'), plane.confinedTo('blue')];
  const input = { pool: 'ssd', name: 'db', sizeBytes: GIB };
  for (const options of [{ commandId: UUID(1) }, { idempotencyKey: 'k', issuedBy: 'token:ci' }]) {
    const wish = { ...input, name: `${'commandId' in options}` };
    const mine = right(await red.createVolume(wish, { ...options, wait: 'done' }));
    const theirs = right(await blue.createVolume({ ...wish, sizeBytes: 2 * GIB }, { ...options, wait: 'done' }));
    assert.is.not(mine.resource.id, theirs.resource.id);
    assert.is.not(mine.resource.serial, theirs.resource.serial);
    assert.is(right(await red.createVolume(wish, options)).resource.id, mine.resource.id);
    assert.is(left(await red.createVolume({ ...wish, sizeBytes: 3 * GIB }, options))._tag, 'CommandIdReused');
  }
  await plane.close();
});

test('a clone belongs to the tenant of its snapshot, whoever asks for it [I-12, S0-14]', async () => {
  const { plane } = await planeWithPool();
  const source = right(await plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }, { tenant: 'blue', wait: 'done' })).resource;
  const { id: snapshot } = right(await plane.createSnapshot({ volume: source.id, name: 'monday' }, { wait: 'done' })).resource;
  const clone = right(await plane.createVolume({ pool: 'ssd', name: 'clone', snapshot }, { wait: 'done' }));
  assert.is(clone.resource.tenant, 'blue');
  assert.is(clone.task?.tenant, 'blue');
  assert.is(left(await plane.createVolume({ pool: 'ssd', name: 'other', snapshot }, { tenant: 'red' }))._tag, 'SnapshotIsOfAnotherTenant');
  await plane.close();
});

test('what an operator does to a tenant’s volume is the tenant’s to know; what the operator was refused is not [S0-136, I-12]', async () => {
  const { plane } = await planeWithPool();
  const { id } = right(await plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }, { tenant: 'blue', wait: 'done' })).resource;
  right(await plane.updateVolume(id, { description: 'seen by ops' }, { issuedBy: 'token:ops', wait: 'done' }));
  left(await plane.updateVolume(id, { sizeBytes: 2 ** 52 }, { issuedBy: 'token:ops' }));
  const blue = plane.confinedTo('blue');
  assert.equal(blue.actions.list().items.map(({ action, issuedBy, tenant }) => [action, issuedBy, tenant]), [['createVolume', 'embedder', 'blue'], ['updateVolume', 'token:ops', 'blue']]);
  assert.is(plane.actions.list().items.length, 4);
  assert.equal(blue.tasks.list().items.map(({ tenant, type }) => [tenant, type]), [['blue', 'CreateBlockVolume'], ['blue', 'UpdateBlockVolume']]);
  assert.is(plane.confinedTo('default').tasks.list().totalCount, 0);
  assert.is(plane.confinedTo('default').actions.list().totalCount, 0);
  await plane.close();
});

test('a view of a view stays with its tenant, and closing one closes nothing [I-12]', async () => {
  const { plane } = await planeWithPool();
  right(await plane.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }, { tenant: 'blue', wait: 'done' }));
  const red = plane.confinedTo('red').confinedTo('blue');
  assert.is(red.volumes.list().totalCount, 0);
  await red.close();
  right(await red.createVolume({ pool: 'ssd', name: 'db', sizeBytes: GIB }, { wait: 'done' }));
  assert.is(left(await plane.confinedTo('').createVolume({ pool: 'ssd', name: 'x', sizeBytes: GIB }))._tag, 'OptionIsInvalid');
  await plane.close();
});

test.run();
