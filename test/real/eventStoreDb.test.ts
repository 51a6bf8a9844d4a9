/**
 * The contract of event stores over a real cluster of EventStoreDB. Each test has a namespace of its own, and leaves its streams behind. The server
 * is to take appends of 4 MiB (MaxAppendSize): the largest event of the contract is above its default.
 */
import { randomBytes } from 'node:crypto';
import { openEventStoreDb } from '@blockledger/app/eventstoredb';
import { eventStoreContract } from '@blockledger/domain/testing';
import { requireGiven } from '../support/real.ts';
import { right } from '../support/plane.ts';
import { suite } from '../support/suite.ts';

const connectionString = requireGiven({ what: 'a cluster of EventStoreDB', variable: 'BLOCKLEDGER_TEST_ESDB', example: 'esdb://admin:changeit@127.0.0.1:2113?tlsCAFile=/etc/ca.crt' });
const longLogEvents = Number(process.env['BLOCKLEDGER_TEST_ESDB_EVENTS'] ?? 100_000);

const test = suite('event store in EventStoreDB (a real cluster)');
eventStoreContract(
  test,
  async () => {
    const namespace = `test_${randomBytes(8).toString('hex')}`;
    const open = async () => right(await openEventStoreDb({ connectionString, namespace, timeoutMs: 60_000 }));
    let store = await open();
    return {
      store,
      reopen: async () => {
        await store.close();
        store = await open();
        return store;
      },
      dispose: () => store.close(),
    };
  },
  { registers: true, longLogEvents },
);
test.run();
