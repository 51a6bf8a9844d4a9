/** Subscriptions: catch up, go live, no gap and no duplicate. */
import type { EventStore, StoredEvent, Subscription } from '../../ports/eventStore.ts';
import { check, deferred, ok, same } from './check.ts';
import { collector, event, events, idOf, idsOf, put, type OnStore } from './samples.ts';

const numbered = (first: number, count: number): readonly string[] => Array.from({ length: count }, (_, at) => idOf(first + at));

/** Appends one event after another to a stream of its own, and lets others run between them. */
const trickle = async (store: EventStore, stream: string, first: number, count: number): Promise<void> => {
  for (let at = 0; at < count; at += 1) await put(store, stream, at === 0 ? 'none' : at - 1, [event(first + at)]);
};

/** Registers the tests of subscriptions. */
export const subscribing = (test: OnStore): void => {
  test('a subscription hands over what is stored, says that it caught up, then goes live', async ({ store }) => {
    await put(store, 'volume-a', 'none', events(0, 600));
    const sink = collector();
    const subscription = store.subscribe(0, sink);
    check((await sink.caughtUp.promise) >= 600, 'caught up before everything stored was handed over');
    await put(store, 'volume-a', 599, events(600, 3));
    await sink.have(603);
    await subscription.close();
    same(idsOf(sink.seen), numbered(0, 603), 'events handed over');
  });

  test('a subscription of an empty log says at once that it caught up', async ({ store }) => {
    const sink = collector();
    const subscription = store.subscribe(0, sink);
    same(await sink.caughtUp.promise, 0, 'events before it caught up');
    await put(store, 'volume-a', 'none', [event(0)]);
    await sink.have(1);
    await subscription.close();
  });

  test('a subscription starts at its position', async ({ store }) => {
    await put(store, 'volume-a', 'none', events(0, 5));
    const { position } = await put(store, 'volume-a', 4, [event(5)]);
    const sink = collector();
    const subscription = store.subscribe(position, sink);
    await put(store, 'volume-a', 5, [event(6)]);
    await sink.have(2);
    await subscription.close();
    same(idsOf(sink.seen), [idOf(5), idOf(6)], 'events from the position on');
  });

  test('no event is lost or doubled while appends go on during the switch to live', async ({ store }) => {
    await put(store, 'volume-old', 'none', events(0, 300));
    const sinks = Array.from({ length: 20 }, collector);
    const writing = Promise.all([trickle(store, 'volume-a', 300, 100), trickle(store, 'volume-b', 400, 100)]);
    const subscriptions = [];
    for (const sink of sinks) {
      subscriptions.push(store.subscribe(0, sink));
      ok(await store.head()(), 'head');
    }
    await writing;
    for (const sink of sinks) await sink.have(500);
    await put(store, 'volume-c', 'none', [event(500)]);
    for (const sink of sinks) await sink.have(501);
    await Promise.all(subscriptions.map(({ close }) => close()));
    const log = idsOf(ok(await store.readAll(0, 1000)(), 'readAll'));
    for (const sink of sinks) same(idsOf(sink.seen), log, 'events handed over');
  });

  test('a slow handler gets one batch at a time and holds nobody else up', async ({ store }) => {
    const gate = deferred<void>();
    const slow = collector();
    const fast = collector();
    let running = 0;
    let most = 0;
    const subscriptions = [
      store.subscribe(0, {
        ...slow,
        onEvents: async (batch) => {
          running += 1;
          most = Math.max(most, running);
          await gate.promise;
          slow.onEvents(batch);
          running -= 1;
        },
      }),
      store.subscribe(0, fast),
    ];
    await trickle(store, 'volume-a', 0, 50);
    await fast.have(50);
    same(slow.seen.length, 0, 'events the slow handler has finished');
    gate.resolve();
    await slow.have(50);
    await Promise.all(subscriptions.map(({ close }) => close()));
    same(most, 1, 'calls of the slow handler at one time');
    same(idsOf(slow.seen), numbered(0, 50), 'events of the slow handler');
  });

  test('after a subscription was closed its handler is not called again', async ({ store }) => {
    const entered = deferred<void>();
    const gate = deferred<void>();
    const calls: (readonly StoredEvent[])[] = [];
    let finished = 0;
    const subscription = store.subscribe(0, {
      onError: () => undefined,
      onEvents: async (batch) => {
        calls.push(batch);
        entered.resolve();
        await gate.promise;
        finished += 1;
      },
    });
    await put(store, 'volume-a', 'none', [event(0)]);
    await entered.promise;
    const closing = subscription.close();
    await put(store, 'volume-a', 0, [event(1)]);
    gate.resolve();
    await closing;
    same(finished, 1, 'the call that was running has ended when close has');
    const witness = collector();
    const other = store.subscribe(0, witness);
    await put(store, 'volume-a', 1, [event(2)]);
    await witness.have(3);
    await other.close();
    await subscription.close();
    same(calls.length, 1, 'calls of the closed handler');
  });

  test('a handler that fails ends its subscription with an error, and another can go on from there', async ({ store }) => {
    await put(store, 'volume-a', 'none', events(0, 2));
    for (const fail of [
      (): void => {
        throw new Error('disk on fire');
      },
      (): Promise<void> => Promise.reject(new Error('disk on fire')),
    ]) {
      const failed = deferred<string>();
      let calls = 0;
      const subscription = store.subscribe(0, {
        onError: (error) => failed.resolve('message' in error ? error.message : error._tag),
        onEvents: () => {
          calls += 1;
          return fail();
        },
      });
      check((await failed.promise).includes('disk on fire'), 'the error names the cause');
      const { length } = ok(await store.readStream('volume-a', 0)(), 'readStream');
      await put(store, 'volume-a', length - 1, [event(100 + length)]);
      await subscription.close();
      same(calls, 1, 'calls of the handler that failed');
    }
    const sink = collector();
    const again = store.subscribe(0, sink);
    await sink.have(4);
    await again.close();
  });

  test('a subscription that is ended after any event and begun again behind it misses nothing and doubles nothing [I-12]', async ({ store }) => {
    const count = 40;
    await put(store, 'volume-a', 'none', events(0, count / 2));
    const seen: string[] = [];
    let next = 0;
    const writing = trickle(store, 'volume-b', count / 2, count / 2);
    while (seen.length < count) {
      const one = deferred<string | undefined>();
      let isOver = false;
      const subscription: Subscription = store.subscribe(next, {
        onError: (error) => one.resolve(`the subscription ended: ${JSON.stringify(error)}`),
        onEvents: ([first]) => {
          if (first === undefined || isOver) return;
          // Of what comes together only the first is taken: all others are asked for again.
          isOver = true;
          seen.push(first.eventId);
          next = first.position + 1;
          one.resolve(undefined);
        },
      });
      same((await one.promise) ?? null, null, 'what went wrong');
      await subscription.close();
    }
    await writing;
    same(seen, idsOf(ok(await store.readAll(0, 1000)(), 'readAll')), 'events taken, one by one');
  });

  test('closing the store ends its subscriptions quietly', async ({ store }) => {
    const sink = collector();
    store.subscribe(0, sink);
    await put(store, 'volume-a', 'none', [event(0)]);
    await sink.have(1);
    await store.close();
    same(sink.errors, [], 'errors of the subscription');
  });
};
