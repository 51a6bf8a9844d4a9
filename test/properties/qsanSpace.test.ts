/** Whatever is asked of a simulated array in whatever order: its space adds up, and what it refuses changes nothing. */
import * as fc from 'fast-check';
import { startQsanArray, type QsanArray } from '@blockledger/adapters-qsan/simulator';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';

const test = suite('space of a simulated QSAN array');

const GIB = 2 ** 30;
const TOTAL = 64 * GIB;
const TAKEN = 4 * GIB;
const POOL = { name: 'Pool-1', totalBytes: TOTAL, takenBytes: TAKEN };
const OVER_SUBSCRIPTION = 3;

type Step =
  | { readonly do: 'create'; readonly name: string; readonly size: number; readonly thin: boolean }
  | { readonly do: 'extend'; readonly name: string; readonly size: number }
  | { readonly do: 'write'; readonly name: string; readonly size: number }
  | { readonly do: 'clone'; readonly name: string; readonly to: string; readonly snapshot: string | undefined }
  | { readonly do: 'cloneSnapshot'; readonly name: string; readonly to: string; readonly snapshot: string; readonly size: number | undefined }
  | { readonly do: 'delete' | 'map' | 'unmap'; readonly name: string }
  | { readonly do: 'snapshot' | 'deleteSnapshot'; readonly name: string; readonly snapshot: string };

const name = fc.constantFrom('volume-a', 'volume-b', 'volume-c', 'volume-d');
const snapshot = fc.constantFrom('snapshot-1', 'snapshot-2');
/** Odd bytes as well as whole GiB, and now and then more than there is. */
const size = fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 1, max: 24 }).map((gib) => gib * GIB) }, { weight: 2, arbitrary: fc.integer({ min: 1, max: 3 * GIB }) }, { weight: 1, arbitrary: fc.integer({ min: 30, max: 200 }).map((gib) => gib * GIB) });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('create'), name, size, thin: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('extend'), name, size }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('write'), name, size }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('clone'), name, to: name, snapshot: fc.option(snapshot, { nil: undefined }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cloneSnapshot'), name, to: name, snapshot, size: fc.option(size, { nil: undefined }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('snapshot', 'deleteSnapshot'), name, snapshot }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('delete', 'delete', 'map', 'unmap'), name }) },
);

/** What a step is to the array: `undefined` is a host's writing. */
const requestOf = (asked: Step): readonly [string, string, unknown?] | undefined => {
  const path = `/api/volumes/${asked.name}`;
  switch (asked.do) {
    case 'create':
      return ['POST', '/api/volumes', { pool: POOL.name, name: asked.name, size: asked.size, thin_provision: asked.thin }];
    case 'extend':
      return ['PUT', path, { size: asked.size }];
    case 'clone':
      return ['POST', `${path}/clone`, { name: asked.to, ...(asked.snapshot === undefined ? {} : { snapshot: asked.snapshot }) }];
    case 'cloneSnapshot':
      return ['POST', `${path}/snapshots/${asked.snapshot}/clone`, { name: asked.to, ...(asked.size === undefined ? {} : { size: asked.size }) }];
    case 'snapshot':
      return ['POST', `${path}/snapshots`, { name: asked.snapshot }];
    case 'deleteSnapshot':
      return ['DELETE', `${path}/snapshots/${asked.snapshot}`];
    case 'delete':
      return ['DELETE', path];
    case 'map':
      return ['POST', '/api/iscsi/targets/target-001/luns', { volume: asked.name }];
    case 'unmap':
      return ['DELETE', `/api/iscsi/targets/target-001/luns/0`];
    case 'write':
      return undefined;
  }
};

/** What the walks have met; the closing test wants all of it. */
const met = new Set<string>();

interface Shown {
  readonly size: number;
  readonly used_size: number;
  readonly thin_provision: boolean;
}

const volumesOf = (array: QsanArray): readonly Shown[] => array.state().volumes.map(({ name: one }) => array.operate('GET', `/api/volumes/${one}`).body as Shown);
const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

/** What must hold at any time, by what the API itself shows. */
const checkSpace = (array: QsanArray): void => {
  const pool = array.operate('GET', '/api/pools/Pool-1').body as Readonly<Record<string, number>>;
  const volumes = volumesOf(array);
  assert.is(pool['total_capacity'], TOTAL);
  assert.is((pool['used_capacity'] ?? -1) + (pool['free_capacity'] ?? -1), TOTAL, 'total = used + free');
  assert.is(pool['used_capacity'], TAKEN + sum(volumes.map(({ used_size: used }) => used)), 'what is used is what the volumes use');
  assert.ok((pool['free_capacity'] ?? -1) >= 0);
  assert.ok(volumes.every(({ used_size: used, size: all, thin_provision: isThin }) => used <= all && (isThin || used === all)));
  if (volumes.some(({ thin_provision: isThin }) => isThin)) assert.ok(TAKEN + sum(volumes.map(({ size: all }) => all)) <= TOTAL * OVER_SUBSCRIPTION + TOTAL);
};

/** What the free space must change by when a step is accepted; undefined where it depends on what is copied. */
const takes = (asked: Step, before: Shown | undefined): number | undefined => {
  switch (asked.do) {
    case 'create':
      return asked.thin ? 0 : asked.size;
    case 'extend':
      return before?.thin_provision === true ? 0 : asked.size - (before?.size ?? 0);
    case 'delete':
      return -(before?.used_size ?? 0);
    case 'write':
      return before?.thin_provision === true ? asked.size : 0;
    case 'clone':
      return asked.snapshot === undefined ? (before?.used_size ?? 0) : undefined;
    case 'cloneSnapshot':
      return before?.thin_provision === false ? (asked.size ?? undefined) : undefined;
    default:
      return 0;
  }
};

const play = (array: QsanArray, asked: Step): void => {
  const [stateBefore, freeBefore] = [array.state(), array.space('Pool-1')?.freeBytes ?? 0];
  const found = array.operate('GET', `/api/volumes/${asked.name}`);
  const before = found.status === 200 ? (found.body as Shown) : undefined;
  const request = requestOf(asked);
  const said = request === undefined ? { status: array.write(asked.name, asked.do === 'write' ? asked.size : 0) ? 200 : 409, body: { error: 'not written' } } : array.operate(...request);
  if (said.status === 200) {
    const change = takes(asked, before);
    if (change !== undefined) assert.is(freeBefore - (array.space('Pool-1')?.freeBytes ?? 0), change, JSON.stringify(asked));
    met.add(asked.do);
  } else {
    assert.is(array.state(), stateBefore, `what was refused changed something: ${JSON.stringify(asked)}`);
    met.add((said.body as { readonly error: string }).error);
    if (asked.do === 'create' && !asked.thin && before === undefined) assert.ok(asked.size > freeBefore, 'a thick volume that fits was refused');
    if (asked.do === 'extend' && before?.thin_provision === false && asked.size > before.size) assert.ok(asked.size - before.size > freeBefore, 'an extension that fits was refused');
    if (asked.do === 'write' && before?.thin_provision === true && asked.size <= before.size - before.used_size) assert.ok(asked.size > freeBefore, 'data that fits was refused');
  }
  checkSpace(array);
};

const array = await startQsanArray({ pools: [POOL], overSubscription: OVER_SUBSCRIPTION });
test.after(() => array.stop());

/** Everything goes again, so that the next walk begins with an empty pool. */
const clear = (): void => {
  const { snapshots, volumes, targets } = array.state();
  for (const { lun } of targets[0]?.luns ?? []) array.operate('DELETE', `/api/iscsi/targets/target-001/luns/${lun}`);
  for (const one of snapshots) array.operate('DELETE', `/api/volumes/${one.volume}/snapshots/${one.name}`);
  for (const one of volumes) array.operate('DELETE', `/api/volumes/${one.name}`);
  assert.is(array.space('Pool-1')?.freeBytes, TOTAL - TAKEN, 'what is all deleted is all free');
};

test('after any run of creating, deleting, extending, cloning and writing, total is used plus free, and what is refused changed nothing [S1-1, S1-5, S1-15]', () => {
  array.operate('POST', '/api/iscsi/targets', { name: 'target-1' });
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 60, size: 'max' }), (steps) => {
      for (const one of steps) play(array, one);
      clear();
    }),
    { numRuns: 300 },
  );
});

test('the walks reach everything that can be done, and every way to be refused [S1-5]', () => {
  const wanted = ['create', 'extend', 'write', 'clone', 'cloneSnapshot', 'snapshot', 'deleteSnapshot', 'delete', 'map', 'unmap', 'Insufficient space', 'Volume not found', 'Volume already exists', 'Volume is in use', 'Snapshot not found', 'Snapshot already exists', 'LUN not found', 'Invalid size', 'not written'];
  assert.equal(wanted.filter((one) => !met.has(one)), []);
});

test('a clone takes what was written to its source, and one of a snapshot what was written by then [S1-12, S1-13, S1-9]', () => {
  const usedBy = (volume: string): number => (array.operate('GET', `/api/volumes/${volume}`).body as Shown).used_size;
  array.operate('POST', '/api/volumes', { pool: 'Pool-1', name: 'volume-a', size: 8 * GIB });
  array.write('volume-a', GIB);
  array.operate('POST', '/api/volumes/volume-a/snapshots', { name: 'snapshot-1' });
  array.write('volume-a', 2 * GIB);
  array.operate('POST', '/api/volumes/volume-a/clone', { name: 'volume-b' });
  array.operate('POST', '/api/volumes/volume-a/clone', { name: 'volume-c', snapshot: 'snapshot-1' });
  array.operate('POST', '/api/volumes/volume-a/snapshots/snapshot-1/clone', { name: 'volume-d', size: 9 * GIB });
  assert.equal(['volume-a', 'volume-b', 'volume-c', 'volume-d'].map(usedBy), [3 * GIB, 3 * GIB, GIB, GIB]);
  checkSpace(array);
  clear();
});

test('a pool that is full of thin data refuses a thick volume and says how much is free [S1-5, S1-6]', async () => {
  const full = await startQsanArray({ pools: [{ name: 'Pool-1', totalBytes: 10 * GIB }] });
  full.operate('POST', '/api/volumes', { pool: 'Pool-1', name: 'volume-a', size: 100 * GIB });
  assert.ok(full.write('volume-a', 9.5 * GIB));
  assert.not.ok(full.write('volume-a', GIB));
  assert.is(full.operate('POST', '/api/volumes', { pool: 'Pool-1', name: 'volume-thick', size: 0.25 * GIB, thin_provision: false }).status, 200);
  assert.ok(full.write('volume-a', 0.25 * GIB));
  assert.ok(full.write('volume-thick', 0.25 * GIB), 'a thick volume has its space already');
  const said = full.operate('POST', '/api/volumes', { pool: 'Pool-1', name: 'volume-b', size: GIB, thin_provision: false });
  assert.equal(said, { status: 400, body: { error: 'Insufficient space', code: 400, details: "Pool 'Pool-1' has only 0GB free, requested 1GB" } });
  const promised = full.operate('POST', '/api/volumes', { pool: 'Pool-1', name: 'volume-b', size: 101 * GIB });
  assert.equal(promised.body, { error: 'Insufficient space', code: 400, details: "Pool 'Pool-1' has only 99.75GB free, requested 101GB" });
  await full.stop();
});

test.run();
