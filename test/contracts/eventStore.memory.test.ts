import { eventStoreContract } from '@blockledger/domain/testing';
import { memoryStore } from '@blockledger/app/memory';
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
test.run();
