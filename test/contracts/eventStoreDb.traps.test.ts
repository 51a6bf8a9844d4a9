/** What its client does to those who trust it, and what the store makes of it: against a double that can be made to fail. */
import { setTimeout as pause } from 'node:timers/promises';
import { openEventStoreDb, type EventStoreDbOptions } from '@blockledger/app/eventstoredb';
import type { EventStore, StoredEvent, StoreError } from '@blockledger/domain';
import { status } from '@grpc/grpc-js';
import * as E from 'fp-ts/lib/Either.js';
import * as assert from 'uvu/assert';
import { eventStoreDbDouble, type EventStoreDbDouble } from '../support/eventStoreDb/double.ts';
import { secured } from '../support/eventStoreDb/genuine.ts';
import { sampleEvent } from '../support/events.ts';
import { right } from '../support/plane.ts';
import { suite } from '../support/suite.ts';

const test = suite('EventStoreDB when it fails');

/** Of the stores that are made to wait for it in vain. */
const HASTY = { timeoutMs: 300 } as const;

const events = (first: number, count: number) => Array.from({ length: count }, (_, at) => sampleEvent(first + at));
const idsOf = (stored: readonly StoredEvent[]): readonly string[] => stored.map(({ eventId }) => eventId);

interface Given {
  readonly double: EventStoreDbDouble;
  readonly store: EventStore;
  readonly open: (options?: Partial<EventStoreDbOptions>) => Promise<EventStore>;
}

/** A test over one double, with as many stores as it opens. */
const over = (name: string, run: (given: Given) => Promise<void>, options: Parameters<typeof eventStoreDbDouble>[0] = {}): void =>
  test(name, async () => {
    const double = await eventStoreDbDouble(options);
    const stores: EventStore[] = [];
    const open = async (more: Partial<EventStoreDbOptions> = {}): Promise<EventStore> => {
      const store = right(await openEventStoreDb({ connectionString: double.connectionString, ...more }));
      stores.push(store);
      return store;
    };
    try {
      await run({ double, store: await open(), open });
    } finally {
      for (const store of stores) await store.close();
      await double.stop();
    }
  });

/** A subscription from the beginning that keeps what it is given; an error of it fails whoever waits. */
const follow = (store: EventStore) => {
  const seen: StoredEvent[] = [];
  const errors: StoreError[] = [];
  const subscription = store.subscribe(0, { onEvents: (batch) => void seen.push(...batch), onError: (error) => void errors.push(error) });
  return {
    seen,
    have: async (count: number): Promise<void> => {
      while (seen.length < count && errors.length === 0) await pause(5);
      assert.equal(errors, []);
    },
    end: subscription.close,
  };
};

const trouble = (answer: E.Either<StoreError, unknown>): Extract<StoreError, { readonly _tag: 'Unavailable' }> => {
  if (E.isRight(answer)) throw new Error(`it succeeded: ${JSON.stringify(answer.right)}`);
  if (answer.left._tag !== 'Unavailable') throw new Error(`not Unavailable: ${JSON.stringify(answer.left)}`);
  return answer.left;
};

over('an append is one call of its own, and asks for nothing before [I-12]', async ({ double, store }) => {
  const before = double.calls.length;
  right(await store.append('volume-a', 'none', events(0, 2))());
  assert.equal(double.calls.slice(before), ['Append']);
});

over('an append to a server that says nothing has an end, and may have landed [I-12]', async ({ double, store, open }) => {
  const hasty = await open(HASTY);
  double.faults.next('Append', { do: 'hang' });
  assert.ok(trouble(await hasty.append('volume-a', 'none', events(0, 1))()).outcomeUnknown);
  double.faults.next('Append', { do: 'commitThenHang' });
  assert.ok(trouble(await hasty.append('volume-a', 'none', events(0, 1))()).outcomeUnknown);
  assert.equal(right(await store.append('volume-a', 'none', events(0, 1))()).revision, 0);
  assert.is(double.log.stream('blockledger.volume-a').length, 1);
});

over('an append whose answer was lost is recognised when it is sent again, and stored once [I-15]', async ({ double, store }) => {
  double.faults.next('Append', { do: 'commitThenDrop' });
  assert.ok(trouble(await store.append('volume-a', 'none', events(0, 3))()).outcomeUnknown);
  const repeated = right(await store.append('volume-a', 'none', events(0, 3))());
  assert.equal([repeated.revision, right(await store.head()())], [2, repeated.position]);
  assert.is(double.log.stream('blockledger.volume-a').length, 3);
});

over('the failing connection of one store is not the failure of another in the same process [I-12]', async ({ store }) => {
  const other = await eventStoreDbDouble();
  const beside = right(await openEventStoreDb({ connectionString: other.connectionString }));
  other.faults.always('Append', { do: 'drop' });
  const [failed, ...stored] = await Promise.all([beside.append('volume-a', 'none', events(0, 1))(), ...Array.from({ length: 8 }, (_, n) => store.append(`volume-${n}`, 'none', events(8 + n, 1))())]);
  trouble(failed ?? E.right(undefined));
  for (const answer of stored) right(answer);
  await beside.close();
  await other.stop();
});

over('an append that the server ends without an answer is not the end of all appends [I-12]', async ({ double, store, open }) => {
  const hasty = await open(HASTY);
  double.faults.next('Append', { do: 'end' });
  assert.ok(trouble(await hasty.append('volume-a', 'none', events(0, 1))()).outcomeUnknown);
  assert.is(right(await store.append('volume-a', 'none', events(0, 1))()).revision, 0);
});

over('a read that goes silent is an error, not a short history [I-12]', async ({ double, store, open }) => {
  const hasty = await open(HASTY);
  right(await store.append('volume-a', 'none', events(0, 50))());
  for (const after of [0, 1, 49]) {
    double.faults.next('ReadStream', { do: 'stall', after });
    trouble(await hasty.readStream('volume-a', 0)());
    double.faults.next('ReadAll', { do: 'stall', after });
    trouble(await hasty.readAll(0, 100)());
  }
  assert.is(right(await store.readStream('volume-a', 0)()).length, 50);
  assert.is(right(await store.readAll(0, 100)()).length, 50);
});

over('a read whose connection is cut is an error, wherever it is cut [I-12]', async ({ double, store }) => {
  right(await store.append('volume-a', 'none', events(0, 8))());
  for (let after = 0; after < 8; after += 1) {
    double.faults.next('ReadStream', { do: 'cut', after });
    trouble(await store.readStream('volume-a', 0)());
    double.faults.next('ReadAll', { do: 'cut', after });
    trouble(await store.readAll(0, 100)());
  }
  assert.is(right(await store.readStream('volume-a', 0)()).length, 8);
});

over('a subscription that is cut at any point gives every event once, in order [I-12]', async ({ double, store }) => {
  right(await store.append('volume-a', 'none', events(0, 6))());
  const log = idsOf(right(await store.readAll(0, 100)()));
  for (let after = 0; after <= 6; after += 1) {
    double.faults.next('ReadAll', { do: 'cut', after });
    const sink = follow(store);
    await sink.have(6);
    await sink.end();
    assert.equal(idsOf(sink.seen), log, `cut after ${after} events`);
  }
});

over('a subscription whose server stops telling of what is new, again and again, misses nothing of what is written meanwhile [I-12]', async ({ double, store }) => {
  const sink = follow(store);
  for (let after = 0; after <= 3; after += 1) double.faults.next('SubscribeToAll', { do: 'cut', after });
  for (let stored = 0; stored < 20; ) {
    const appended = await store.append('volume-a', stored === 0 ? 'none' : stored - 1, events(stored, 1))();
    // The connection that is cut may be the one that carries this append: then it is sent again.
    if (E.isRight(appended)) stored += 1;
  }
  await sink.have(20);
  await sink.end();
  assert.equal(idsOf(sink.seen), idsOf(right(await store.readAll(0, 100)())));
});

over('a subscription goes on when the server has been away [I-12]', async ({ double, store }) => {
  const sink = follow(store);
  right(await store.append('volume-a', 'none', events(0, 1))());
  await sink.have(1);
  await double.stop();
  trouble(await store.append('volume-a', 0, events(1, 1))());
  await double.restart();
  while (E.isLeft(await store.append('volume-a', 0, events(1, 1))())) await pause(20);
  await sink.have(2);
  assert.equal(sink.seen.map(({ revision }) => revision), [0, 1]);
});

over('what somebody else appended is seen although the server stopped telling of it [I-12]', async ({ double, store, open }) => {
  double.faults.always('SubscribeToAll', { do: 'stall', after: 0 });
  const sink = follow(store);
  const other = await open();
  right(await other.append('volume-a', 'none', events(0, 1))());
  await sink.have(1);
  assert.is(sink.seen.length, 1);
});

over('a cluster that could not be found is found when it is there again, by the same store [I-12]', async ({ double, open }) => {
  const { host, port } = double.address;
  const store = await open({ connectionString: `esdb://${host}:${port},${host}:${port}?tls=false&maxDiscoverAttempts=2&discoveryInterval=10` });
  await double.stop();
  for (let tries = 0; tries < 3; tries += 1) trouble(await store.head()());
  await double.restart();
  let head = await store.head()();
  for (let tries = 0; tries < 20 && E.isLeft(head); tries += 1) head = await store.head()();
  assert.is(right(head), -1);
});

over('errors of a server are told apart: what cannot be, and what may be later [I-12]', async ({ double, store }) => {
  double.faults.next('Append', { do: 'error', code: status.INTERNAL, details: 'out of order' });
  const internal = trouble(await store.append('volume-a', 'none', events(0, 1))());
  assert.ok(internal.outcomeUnknown);
  assert.match(internal.message, /out of order/);
  double.faults.next('Append', { do: 'error', code: status.PERMISSION_DENIED, details: 'no', metadata: { exception: 'access-denied' } });
  assert.is(trouble(await store.append('volume-a', 'none', events(0, 1))()).outcomeUnknown, false);
  const large = Array.from({ length: 8 }, (_, n) => sampleEvent(n, { text: 'x'.repeat(200_000) }));
  const refused = await store.append('volume-a', 'none', large)();
  if (E.isRight(refused) || refused.left._tag !== 'Invalid') throw new Error(`not Invalid: ${JSON.stringify(refused)}`);
  assert.match(refused.left.message, /1048576 bytes.*MaxAppendSize/);
});

test('a user of a connection string is who calls, whatever stands in its password [S0-16]', async () => {
  const { tls } = await secured();
  const double = await eventStoreDbDouble({ tls, users: { admin: 'change/it' } });
  const as = (user: string): ReturnType<typeof openEventStoreDb> => openEventStoreDb({ connectionString: double.connectionString.replace('esdb://', `esdb://${user}@`) });
  const store = right(await as('admin:change/it'));
  assert.is(right(await store.append('volume-a', 'none', events(0, 1))()).revision, 0);
  assert.is(right(await store.readAll(0, 10)()).length, 1);
  await store.close();
  for (const stranger of ['admin:change', 'admin:guess']) assert.ok(E.isLeft(await as(stranger)), stranger);
  await double.stop();
});

over('the same event id with other content, decided by two processes at once, is no repeat [I-32]', async ({ store, open }) => {
  const mine = sampleEvent(0);
  const other = await open();
  const theirs = { ...mine, meta: { ...mine.meta, issuedBy: 'somebody else' } };
  const answers = await Promise.all([store.append('volume-a', 'none', [mine])(), other.append('volume-a', 'none', [theirs])()]);
  assert.equal(answers.map((answer) => (E.isRight(answer) ? 'stored' : answer.left._tag)).toSorted(), ['Invalid', 'stored']);
});

over('an event of somebody else in one of our streams is corrupt, with its position, and so is a stream that was cut [R-27]', async ({ double, store }) => {
  const { position } = right(await store.append('volume-a', 'none', events(0, 3))());
  double.log.append({ stream: '$$blockledger.volume-a', expected: -1, events: [{ id: '00000000-0000-4000-8000-000000000009', type: '$metadata', json: true, data: Buffer.from('{"$tb":2}'), metadata: new Uint8Array() }] });
  const cut = await store.readStream('volume-a', 0)();
  assert.equal(E.isLeft(cut) && [cut.left._tag, 'position' in cut.left && cut.left.position], ['Corrupt', position]);
  double.log.append({ stream: 'blockledger.volume-b', expected: -1, events: [{ id: '00000000-0000-4000-8000-000000000008', type: 'Surprise', json: true, data: Buffer.from('{}'), metadata: new Uint8Array() }] });
  const foreign = await store.readStream('volume-b', 0)();
  assert.equal(E.isLeft(foreign) && foreign.left._tag, 'Corrupt');
  assert.equal(E.isLeft(foreign) && 'position' in foreign.left && foreign.left.position > position, true);
});

over('two namespaces share a server and nothing else [S0-130]', async ({ store, open }) => {
  const other = await open({ namespace: 'staging' });
  right(await store.append('volume-a', 'none', events(0, 2))());
  right(await other.append('volume-a', 'none', events(0, 1))());
  assert.equal([right(await store.readAll(0, 10)()).length, right(await other.readAll(0, 10)()).length], [2, 1]);
  assert.is(right(await store.head()()) < right(await other.head()()), true);
});

test('a password in a connection string is in no error [S0-16]', async () => {
  for (const connectionString of ['esdb://admin:hunter2-secret@', 'esdb://admin:hunter2-secret@host:port', 'esdb://:hunter2-secret@host', 'esdb://admin:hunter2-secret@h?nodePreference=none', 'esdb://admin:hunter2-secret@127.0.0.1:1?tls=false']) {
    const answer = await openEventStoreDb({ connectionString });
    assert.ok(E.isLeft(answer), connectionString);
    assert.not.match(JSON.stringify(answer), /hunter2/);
  }
});

test('a namespace or a timeout that cannot be is refused [S0-130]', async () => {
  for (const wrong of [{ namespace: '$system' }, { namespace: '' }, { namespace: 'a-b' }, { timeoutMs: 0 }, { timeoutMs: 1.5 }]) {
    const answer = await openEventStoreDb({ connectionString: 'esdb://127.0.0.1:1?tls=false', ...wrong });
    assert.equal(E.isLeft(answer) && answer.left._tag, 'Invalid', JSON.stringify(wrong));
  }
});

test.run();
