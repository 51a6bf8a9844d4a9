import * as assert from 'uvu/assert';
import type { NewEvent, StoredEvent, StoreError } from '@blockledger/domain';
import { eventStoreContract } from '@blockledger/domain/testing';
import { memoryStore, withUpcasters, type Upcaster } from '@blockledger/app/memory';
import { sampleEvent } from '../support/events.ts';
import { suite } from '../support/suite.ts';

const test = suite('events of older schema versions');

/** v1 `{ gib }` → v2 `{ bytes }` → v3 `{ bytes, unit }`. */
const upcasters: readonly Upcaster[] = [
  { type: 'VolumeResized', from: 2, up: (data) => ({ ...data, unit: 'byte' }) },
  { type: 'VolumeResized', from: 1, up: (data) => ({ bytes: (data as { readonly gib: number }).gib * 1_073_741_824 }) },
];
const versioned = (n: number, schemaVersion: number, data: object, type = 'VolumeResized'): NewEvent => ({
  ...sampleEvent(n, data),
  schemaVersion,
  type,
});
const dataOf = (answer: { readonly _tag: string; readonly right?: readonly StoredEvent[] }): readonly unknown[] =>
  (answer.right ?? []).map(({ data, schemaVersion }) => [schemaVersion, data]);

test('an event is read in the newest version, however old it is', async () => {
  const store = withUpcasters(memoryStore(), upcasters);
  await store.append('volume-a', 'none', [
    versioned(0, 1, { gib: 2 }),
    versioned(1, 2, { bytes: 5 }),
    versioned(2, 3, { bytes: 7, unit: 'byte' }),
    versioned(3, 1, { x: 1 }, 'VolumeDeleted'),
  ])();
  const newest = [
    [3, { bytes: 2_147_483_648, unit: 'byte' }],
    [3, { bytes: 5, unit: 'byte' }],
    [3, { bytes: 7, unit: 'byte' }],
    [1, { x: 1 }],
  ];
  assert.equal(dataOf(await store.readStream('volume-a', 0)()), newest);
  assert.equal(dataOf(await store.readAll(0, 10)()), newest);
  const seen = await new Promise<readonly StoredEvent[]>((resolve, reject) => {
    store.subscribe(0, { onEvents: resolve, onError: reject });
  });
  assert.equal(dataOf({ _tag: 'Right', right: seen }), newest);
  await store.close();
});

test('an event of a later version is reported with its type, version and position, and not skipped', async () => {
  const store = withUpcasters(memoryStore(), upcasters);
  await store.append('volume-a', 'none', [versioned(0, 3, { bytes: 1 }), versioned(1, 4, { bytes: 2 }), versioned(2, 3, { bytes: 3 })])();
  await store.append('volume-b', 'none', [versioned(3, 2, {}, 'VolumeDeleted')])();
  const expectCorrupt = (error: StoreError, position: number, ...words: readonly string[]): void => {
    assert.ok(error._tag === 'Corrupt' && error.position === position, JSON.stringify(error));
    for (const word of words) assert.ok(error.message.includes(word), error.message);
  };
  const all = await store.readAll(0, 10)();
  assert.ok(all._tag === 'Left');
  expectCorrupt(all.left, 1, 'VolumeResized', 'version 4');
  const other = await store.readStream('volume-b', 0)();
  assert.ok(other._tag === 'Left');
  expectCorrupt(other.left, 3, 'VolumeDeleted', 'version 2');

  const seen: number[] = [];
  const errors: StoreError[] = [];
  await new Promise<void>((resolve) => {
    store.subscribe(0, {
      onEvents: (events) => void seen.push(...events.map(({ position }) => position)),
      onError: (error) => {
        errors.push(error);
        resolve();
      },
    });
  });
  await store.append('volume-c', 'none', [versioned(9, 3, {})])();
  await store.close();
  assert.equal(seen, [0], 'what lies before it is handed over');
  assert.is(errors.length, 1);
  expectCorrupt(errors[0]!, 1, 'VolumeResized');
});

test('an upcaster that throws is reported with the position of its event', async () => {
  const broken: Upcaster = {
    type: 'VolumeResized',
    from: 1,
    up: () => {
      throw new Error('no such field');
    },
  };
  const store = withUpcasters(memoryStore(), [broken]);
  await store.append('volume-a', 'none', [versioned(0, 2, {}), versioned(1, 1, {})])();
  const read = await store.readAll(0, 10)();
  assert.ok(read._tag === 'Left' && read.left._tag === 'Corrupt' && read.left.position === 1);
  assert.match(read.left.message, 'no such field');
});

test('upcasters with a gap or a double step are a mistake of the program', () => {
  assert.throws(() => withUpcasters(memoryStore(), [{ type: 'A', from: 2, up: (data) => data }]), /version 1 of A/);
  const twice: Upcaster = { type: 'A', from: 1, up: (data) => data };
  assert.throws(() => withUpcasters(memoryStore(), [twice, twice]), /same version/);
});

test.run();

const contract = suite('event store in memory, read through upcasters');
eventStoreContract(
  contract,
  () => {
    const store = withUpcasters(memoryStore(), upcasters.map((upcaster) => ({ ...upcaster, type: 'Other' })));
    return Promise.resolve({ store, dispose: store.close });
  },
  { durable: false },
);
contract.run();
