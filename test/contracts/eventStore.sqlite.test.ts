import { join } from 'node:path';
import { eventStoreContract, type StoreUnderTest } from '@blockledger/domain/testing';
import { openedStore, temporaryFolder } from '../support/sqlite.ts';
import { suite } from '../support/suite.ts';

const test = suite('event store in SQLite');
const make = async (): Promise<StoreUnderTest> => {
  const { folder, remove } = temporaryFolder();
  const path = join(folder, 'log.db');
  let store = await openedStore(path);
  return {
    store,
    reopen: async () => {
      await store.close();
      store = await openedStore(path);
      return store;
    },
    dispose: async () => {
      await store.close();
      remove();
    },
  };
};
eventStoreContract(test, make);
test.run();
