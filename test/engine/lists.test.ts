/** Lists in any order: pages that stay true while things come and go, and what is not well asked. */
import * as assert from 'uvu/assert';
import { QueryRefused, type PageQuery, type Sorted, type TaskView, type VolumeSortField, type VolumeView } from '@blockledger/app';
import { seeded } from '@blockledger/adapters-rbd/simulator';
import { GIB, left, planeWithPool, right, snapshotOf, volumeIn, type TestPlane } from '../support/plane.ts';
import { suite } from '../support/suite.ts';

const test = suite('lists');

type VolumeQuery = PageQuery & Sorted<VolumeSortField>;

const namesOf = ({ plane }: TestPlane, query: VolumeQuery): readonly string[] => plane.volumes.list(query).items.map(({ name }) => name);

/** All pages of a query, one after the other. */
const walked = ({ plane }: TestPlane, query: VolumeQuery, between: () => Promise<void> = () => Promise.resolve()) => {
  const pages = async (): Promise<readonly VolumeView[]> => {
    const seen: VolumeView[] = [];
    for (let next: string | null | undefined; next !== null; ) {
      const page = right(plane.volumes.page({ ...query, ...(next === undefined ? {} : { cursor: next }) }));
      seen.push(...page.items);
      next = page.next;
      await between();
    }
    return seen;
  };
  return pages();
};

test('volumes are listed by any field, up or down, by several in order, and by number between equals [S0-4]', async () => {
  const made = await planeWithPool();
  const { plane, clock } = made;
  right(await plane.registerPool({ name: 'hdd', placement: { backend: 'fake', pool: 'hdd' } }));
  for (const [name, gib, pool] of [['b', 3, 'ssd'], ['c', 1, 'hdd'], ['a', 3, 'ssd'], ['Z', 2, 'hdd']] as const) {
    clock.advance(1_000);
    right(await plane.createVolume({ pool, name, sizeBytes: gib * GIB }, { wait: 'done' }));
  }
  assert.equal(namesOf(made, { sort: [{ by: 'name' }] }), ['Z', 'a', 'b', 'c']);
  assert.equal(namesOf(made, { sort: [{ by: 'name', descending: true }] }), ['c', 'b', 'a', 'Z']);
  assert.equal(namesOf(made, { sort: [{ by: 'sizeBytes', descending: true }] }), ['b', 'a', 'Z', 'c']);
  assert.equal(namesOf(made, { sort: [{ by: 'sizeBytes', descending: true }, { by: 'name' }] }), ['a', 'b', 'Z', 'c']);
  assert.equal(namesOf(made, { sort: [{ by: 'createdAt', descending: true }] }), ['Z', 'a', 'c', 'b']);
  assert.equal(namesOf(made, { sort: [{ by: 'number', descending: true }] }), ['Z', 'a', 'c', 'b']);
  assert.equal(namesOf(made, { sort: [{ by: 'poolNumber', descending: true }, { by: 'number', descending: true }, { by: 'name' }] }), ['Z', 'c', 'a', 'b']);
  assert.equal(namesOf(made, { sort: [{ by: 'name' }], offset: 1, limit: 2 }), ['a', 'b']);
  assert.equal(namesOf(made, { sort: [{ by: 'number', descending: true }], offset: 1, limit: 2 }), ['a', 'c']);
  assert.equal(namesOf(made, { sort: [] }), ['b', 'c', 'a', 'Z']);
  right(await plane.deleteVolume(1, { retainMs: 10 ** 9 }, { wait: 'done' }));
  assert.equal(plane.volumes.list({ sort: [{ by: 'status', descending: true }, { by: 'updatedAt' }] }).items[0]?.status, 'trashed');
  await plane.close();
});

test('pages of a sorted list are the list, cut, whatever the order and the size of the page [S0-4]', async () => {
  const made = await planeWithPool();
  const random = seeded(4);
  for (let n = 0; n < 40; n += 1) await volumeIn(made, `${'abc'[n % 3]} ${n}`, (1 + Math.floor(random() * 4)) * GIB);
  const fields: readonly VolumeSortField[] = ['number', 'name', 'status', 'sizeBytes', 'createdAt', 'updatedAt', 'poolNumber'];
  for (let round = 0; round < 60; round += 1) {
    const chosen = fields.filter(() => random() < 0.3);
    const sort = chosen.map((by) => ({ by, descending: random() < 0.5 }));
    const limit = 1 + Math.floor(random() * 12);
    const whole = made.plane.volumes.list({ sort, limit: -1 });
    assert.is(whole.totalCount, 40);
    assert.equal((await walked(made, { sort, limit })).map(({ number }) => number), whole.items.map(({ number }) => number), JSON.stringify({ sort, limit }));
    const filtered = { sort, limit, q: 'b ' };
    assert.equal((await walked(made, filtered)).map(({ name }) => name), whole.items.filter(({ name }) => name.startsWith('b')).map(({ name }) => name));
  }
  await made.plane.close();
});

test('a sorted walk sees everything that stays, once, while others come and go and the last one seen is deleted [S0-4, I-25]', async () => {
  for (const sort of [[{ by: 'name' }], [{ by: 'sizeBytes', descending: true }], [{ by: 'number', descending: true }]] as const) {
    const made = await planeWithPool();
    const { plane } = made;
    for (let n = 0; n < 30; n += 1) await volumeIn(made, `volume ${String((n * 7) % 30).padStart(2, '0')}`, (1 + ((n * 11) % 5)) * GIB);
    const stay = new Set(plane.volumes.list({ limit: -1 }).items.map(({ id }) => id));
    let turn = 0;
    const seen: string[] = [];
    for (let next: string | null | undefined; next !== null; turn += 1) {
      const page = right(plane.volumes.page({ sort, limit: 4, ...(next === undefined ? {} : { cursor: next }) }));
      seen.push(...page.items.map(({ id }) => id));
      next = page.next;
      const last = page.items.at(-1)!;
      right(await plane.deleteVolume(last.id, {}, { wait: 'done' }));
      right(await plane.createVolume({ pool: 'ssd', name: `volume ${10 + turn} again`, sizeBytes: 3 * GIB }, { wait: 'done' }));
    }
    assert.is(new Set(seen).size, seen.length);
    for (const id of stay) assert.ok(seen.includes(id), `${JSON.stringify(sort)}: one that was there all the time was not seen`);
    await plane.close();
  }
});

test('snapshots and pools are sorted, too, by what they have; what is null comes last [S0-4]', async () => {
  const made = await planeWithPool();
  const { plane } = made;
  right(await plane.registerPool({ name: 'archive', placement: { backend: 'fake', pool: 'hdd' } }));
  const [one, two] = [await volumeIn(made, 'one'), await volumeIn(made, 'two', 2 * GIB)];
  for (const [volume, name] of [[two, 'x'], [one, 'y'], [two, 'w']] as const) await snapshotOf(made, volume.id, name);
  assert.equal(plane.snapshots.list({ sort: [{ by: 'name' }] }).items.map(({ name }) => name), ['w', 'x', 'y']);
  assert.equal(plane.snapshots.list({ sort: [{ by: 'volumeNumber' }, { by: 'name', descending: true }] }).items.map(({ name }) => name), ['y', 'x', 'w']);
  made.fake.before = (action) => (action.do === 'ensureSnapshot' ? { _tag: 'Permanent', code: 'Broken', message: 'no' } : undefined);
  left(await plane.createSnapshot({ volume: one.id, name: 'never taken' }, { wait: 'done' }));
  assert.is(plane.snapshots.list({ sort: [{ by: 'sizeBytes' }] }).items.at(-1)?.name, 'never taken');
  assert.is(plane.snapshots.list({ sort: [{ by: 'sizeBytes', descending: true }] }).items[0]?.name, 'never taken');
  assert.equal(plane.snapshots.list({ sort: [{ by: 'status' }] }).items.map(({ status }) => status), ['active', 'active', 'active', 'error']);
  assert.equal(plane.pools.list({ sort: [{ by: 'name' }] }).items.map(({ name }) => name), ['archive', 'ssd']);
  assert.equal(plane.pools.list({ sort: [{ by: 'volumeCount', descending: true }] }).items.map(({ name }) => name), ['ssd', 'archive']);
  await plane.close();
});

test('tasks are listed the newest first where somebody asks so, a page at a time [S0-135]', async () => {
  const made = await planeWithPool();
  const { plane } = made;
  for (let n = 0; n < 7; n += 1) await volumeIn(made, `v${n}`);
  const sort = [{ by: 'number', descending: true }] as const;
  const all = plane.tasks.list({ limit: -1 }).items.map(({ number }) => number);
  const seen: TaskView[] = [];
  for (let next: string | null | undefined; next !== null; ) {
    const page = right(plane.tasks.page({ sort, limit: 3, ...(next === undefined ? {} : { cursor: next }) }));
    seen.push(...page.items);
    next = page.next;
  }
  assert.equal(seen.map(({ number }) => number), all.toReversed());
  assert.equal(plane.tasks.list({ sort: [{ by: 'type' }, { by: 'startedAt', descending: true }], limit: 1 }).items[0]?.type, 'CreateBlockVolume');
  await plane.close();
});

test('tasks are found by several statuses, kind, tenant, principal and time [S0-135]', async () => {
  const made = await planeWithPool();
  const { plane, clock, fake } = made;
  const first = right(await plane.createVolume({ pool: 'ssd', name: 'a', sizeBytes: GIB }, { wait: 'done', issuedBy: 'token:ci', tenant: 'red' })).resource;
  clock.advance(60_000);
  const noon = clock.nowMs();
  await snapshotOf(made, first.id, 'monday');
  fake.before = () => ({ _tag: 'Permanent', code: 'Broken', message: 'no' });
  left(await plane.createVolume({ pool: 'ssd', name: 'b', sizeBytes: GIB }, { wait: 'done', issuedBy: 'token:ci' }));
  left(await plane.createVolume({ pool: 'ssd', name: 'a', sizeBytes: GIB }, { wait: 'done', tenant: 'red' }));
  const found = (query: Parameters<typeof plane.tasks.list>[0]): readonly string[] => plane.tasks.list(query).items.map(({ type, status }) => `${type} ${status}`);
  assert.equal(found({ status: ['failed', 'refused'] }), ['CreateBlockVolume failed', 'CreateBlockVolume refused']);
  assert.equal(found({ status: 'failed' }), ['CreateBlockVolume failed']);
  assert.equal(found({ status: [] }), []);
  assert.equal(found({ kind: 'snapshot' }), ['CreateBlockSnapshot succeeded']);
  assert.equal(found({ kind: 'pool' }), ['CreatePool succeeded']);
  assert.equal(found({ tenant: 'red', kind: 'volume' }), ['CreateBlockVolume succeeded', 'CreateBlockVolume refused']);
  assert.equal(found({ issuedBy: 'token:ci' }), ['CreateBlockVolume succeeded', 'CreateBlockVolume failed']);
  assert.equal(found({ issuedBy: 'token:ci', since: noon }), ['CreateBlockVolume failed']);
  assert.equal(found({ until: noon, kind: 'volume' }), ['CreateBlockVolume succeeded']);
  assert.is(plane.tasks.list({ resourceId: first.id, until: noon }).totalCount, 1);
  await plane.close();
});

test('a query from outside that is not well formed is refused with the field, the value and the limit; a cursor of another list or order is recognised [S0-4]', async () => {
  const made = await planeWithPool();
  const { plane } = made;
  for (const name of ['a', 'b', 'c']) await volumeIn(made, name);
  const byName = right(plane.volumes.page({ sort: [{ by: 'name' }], limit: 1 })).next!;
  const byNumber = right(plane.volumes.page({ limit: 1 })).next!;
  const foreign: readonly (readonly [VolumeQuery, string])[] = [
    [{ cursor: byName }, 'by name in a list by number'],
    [{ cursor: byNumber, sort: [{ by: 'name' }] }, 'by number in a list by name'],
    [{ cursor: byName, sort: [{ by: 'name', descending: true }] }, 'the other way round'],
    [{ cursor: byName, sort: [{ by: 'name' }, { by: 'sizeBytes' }] }, 'fewer keys'],
    [{ cursor: 'nonsense', sort: [{ by: 'name' }] }, 'nonsense'],
    [{ cursor: '' }, 'empty'],
    [{ cursor: 'x'.repeat(10_000), sort: [{ by: 'name' }] }, 'endless'],
    [{ cursor: Buffer.from('["volumes +name",[{}],1]').toString('base64url'), sort: [{ by: 'name' }] }, 'values that are none'],
  ];
  for (const [query, why] of foreign) {
    const refusal = left(plane.volumes.page(query));
    assert.is(refusal._tag, 'CursorIsForeign', why);
    assert.throws(() => plane.volumes.list(query), (thrown: unknown) => thrown instanceof QueryRefused && thrown.refusal.message === refusal.message, why);
  }
  assert.is(left(plane.snapshots.page({ cursor: byName, sort: [{ by: 'name' }] }))._tag, 'CursorIsForeign');
  const bad = [
    { limit: -2 }, { limit: 1.5 }, { limit: 'all' }, { offset: -1 }, { offset: Number.NaN }, { sort: 'name' }, { sort: [{ by: 'colour' }] }, { sort: [null] },
    { sort: [{ by: 'name', descending: 'yes' }] }, { sort: [{ by: 'name' }, { by: 'name' }] }, { q: 'x'.repeat(1_025) }, { q: 7 },
  ];
  for (const query of bad) {
    const refusal = left(plane.volumes.page(query as never));
    assert.is(refusal._tag, 'QueryIsInvalid', JSON.stringify(query));
    assert.ok(refusal.message.startsWith(Object.keys(query)[0]!), refusal.message);
  }
  assert.equal(left(plane.volumes.page({ sort: [{ by: 'colour' as never }] })).limit, ['number', 'name', 'status', 'sizeBytes', 'createdAt', 'updatedAt', 'poolNumber']);
  for (const status of ['deleted', 'blue', 7, null]) assert.is(left(plane.volumes.page({ status: status as never }))._tag, 'StatusIsNotListed');
  assert.is(left(plane.tasks.page({ status: ['failed', 'trashed'] as never }))._tag, 'StatusIsNotListed');
  assert.is(left(plane.tasks.page({ since: -1 }))._tag, 'QueryIsInvalid');
  assert.is(left(plane.tasks.page({ until: 'now' as never }))._tag, 'QueryIsInvalid');
  await plane.close();
});

test.run();
