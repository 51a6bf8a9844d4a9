import { openEventStoreDb } from '@blockledger/app/eventstoredb';
import { eventStoreContract, type StoreUnderTest } from '@blockledger/domain/testing';
import { eventStoreDbDouble } from '../support/eventStoreDb/double.ts';
import { right } from '../support/plane.ts';
import { suite } from '../support/suite.ts';

/** 500 writers at once are slow on a machine that does something else, too. */
const PATIENT_MS = 60_000;

/** A store over a double of EventStoreDB that keeps its log; each opening is another client. */
const overDouble = async (options: Parameters<typeof eventStoreDbDouble>[0]): Promise<StoreUnderTest> => {
  const double = await eventStoreDbDouble(options);
  const open = async () => right(await openEventStoreDb({ connectionString: double.connectionString, timeoutMs: PATIENT_MS }));
  let store = await open();
  return {
    store,
    faults: {
      loseReply: () => double.faults.next('Append', { do: 'commitThenDrop' }),
      cut: (after) => {
        double.faults.next('ReadAll', { do: 'cut', after });
        double.faults.next('SubscribeToAll', { do: 'cut', after });
      },
    },
    reopen: async () => {
      await store.close();
      store = await open();
      return store;
    },
    dispose: async () => {
      await store.close();
      await double.stop();
    },
  };
};

const test = suite('event store in EventStoreDB (a double)');
// A server that takes the largest event of the contract, which with what the client adds is above the default. An event costs the double a millisecond:
// the log of 100 000 is for a real server.
eventStoreContract(test, () => overDouble({ maxAppendBytes: 4 * 1_048_576 }), { registers: true, isRemote: true, longLogEvents: 5_000 });
test.run();

const beside = suite('event store in EventStoreDB beside others, on a server that says less');
// As servers before 23.10, and with what the system and others write between our events.
eventStoreContract(beside, () => overDouble({ maxAppendBytes: 4 * 1_048_576, saysCaughtUp: false, systemEvents: 3 }), { registers: true, isRemote: true, longLogEvents: 1_000 });
beside.run();
