import * as assert from 'uvu/assert';
import { eventStoreContract } from '@blockledger/domain/testing';
import { memoryStore } from '@blockledger/app/memory';
import { sampleEvent } from '../support/events.ts';
import { suite } from '../support/suite.ts';

const test = suite('event store in memory');
eventStoreContract(
  test,
  () => {
    const store = memoryStore();
    return Promise.resolve({ store, dispose: store.close });
  },
  { durable: false },
);

const shared = suite('event store in memory that several control planes share');
eventStoreContract(
  shared,
  () => {
    const store = memoryStore({ shared: true });
    return Promise.resolve({ store, dispose: store.close });
  },
  { durable: false, registers: true },
);

test('a store of one control plane alone has no registers', () => assert.is(memoryStore().registers, undefined));

test('an event that was read cannot be changed', async () => {
  const store = memoryStore();
  await store.append('volume-a', 'none', [sampleEvent(0, { list: [1] })])();
  const read = await store.readAll(0, 1)();
  assert.ok(read._tag === 'Right');
  const list = (read.right[0]?.data as { readonly list: number[] } | undefined)?.list ?? [];
  assert.throws(() => list.push(2), /not extensible/);
});

test.run();
shared.run();
