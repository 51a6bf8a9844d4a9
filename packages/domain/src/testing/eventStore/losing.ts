/** What a store behind a network does when replies are lost and connections are cut. */
import { check, ok, refused, same } from './check.ts';
import { collector, event, events, idsOf, put, wholeLog, type Faults, type OnStore, type StoreUnderTest } from './samples.ts';

const faultsOf = ({ faults }: StoreUnderTest): Faults => {
  if (faults === undefined) throw new Error('a store behind a network needs faults');
  return faults;
};

/** Events that are stored before a subscription is cut. */
const STORED = 7;

/** Registers the tests of lost replies and cut connections. */
export const losing = (test: OnStore): void => {
  test('an append whose reply was lost is recognised when it is sent again, and is there once [I-15]', async (given) => {
    const { store } = given;
    for (let n = 0; n < 8; n += 2) {
      const expected = n === 0 ? 'none' : n - 1;
      faultsOf(given).loseReply();
      const lost = refused(await store.append('volume-a', expected, events(n, 2))(), 'Unavailable', 'the append without a reply');
      same(lost.outcomeUnknown, true, 'whether it may have landed');
      same(ok(await store.readStream('volume-a', n)(), 'readStream').length, 2, 'events that landed');
      const { revision, position } = await put(store, 'volume-a', expected, events(n, 2));
      same([revision, position], [n + 1, ok(await store.head()(), 'head')], 'the answer to the repeat');
    }
    same(idsOf(await wholeLog(store)), events(0, 8).map(({ eventId }) => eventId), 'the log');
  });

  test('a lost reply is recognised although others have appended behind it, and its like is a conflict [I-15, I-17]', async (given) => {
    const { store } = given;
    faultsOf(given).loseReply();
    refused(await store.append('volume-a', 'none', events(0, 2))(), 'Unavailable', 'the append without a reply');
    await put(store, 'volume-a', 1, events(2, 3));
    same((await put(store, 'volume-a', 'none', events(0, 2))).revision, 1, 'the answer to the repeat');
    refused(await store.append('volume-a', 'none', events(10, 2))(), 'Conflict', 'other events at the same revision');
    same((await wholeLog(store)).length, 5, 'events in all');
  });

  test('a subscription whose connection is cut at any point goes on without gap or duplicate [I-12]', async (given) => {
    const { store } = given;
    await put(store, 'volume-a', 'none', events(0, STORED));
    for (let after = 0; after <= STORED; after += 1) {
      const sink = collector();
      faultsOf(given).cut(after);
      const subscription = store.subscribe(0, sink);
      await sink.have(STORED + after);
      faultsOf(given).cut(1);
      // The connection that is cut may be the one that carries the append: then it is sent again, as every caller does.
      const next = { stream: 'volume-a', expected: STORED - 1 + after, events: [event(STORED + after)] } as const;
      let tries = 0;
      for (;;) {
        const answer = await store.append(next.stream, next.expected, next.events)();
        if (answer._tag === 'Right') break;
        same(answer.left._tag, 'Unavailable', 'an append beside a cut');
        tries += 1;
        check(tries < 10, 'the store does not come back after a cut');
      }
      await sink.have(STORED + after + 1);
      await subscription.close();
      same(idsOf(sink.seen), idsOf(await wholeLog(store)), `events handed over, cut after ${after}`);
    }
  });
};
