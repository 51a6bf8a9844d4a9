/** Tenants beside each other: what is called alike, what is counted, and what nobody sees of the other. */
import * as assert from 'uvu/assert';
import * as E from 'fp-ts/lib/Either.js';
import { GIB, left, planeWithPool, right } from '../support/plane.ts';
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

test.run();
