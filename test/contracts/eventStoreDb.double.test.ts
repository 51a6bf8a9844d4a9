/** The double of EventStoreDB, asked by the genuine client: it stands for a server in other tests, so it is held to what a server does. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ANY, BACKWARDS, END, excludeSystemEvents, jsonEvent, NO_STREAM, START, STREAM_EXISTS, streamNameFilter, eventTypeFilter, type AllStreamRecordedEvent } from '@eventstore/db-client';
import * as assert from 'uvu/assert';
import { eventStoreDbDouble, jsonOf } from '../support/eventStoreDb/double.ts';
import { all, append, clientOf, event, failureOf, numbered, numbersOf, secured, UNARY, withDouble } from '../support/eventStoreDb/genuine.ts';
import { suite } from '../support/suite.ts';

const test = suite('the double of EventStoreDB');

for (const [path, options] of [['the unary call', UNARY], ['the batch call', {}]] as const) {
  test(`an append at a wrong revision is refused with both revisions, by ${path} [R-27]`, () =>
    withDouble(async ({ client, double }) => {
      const written = await client.appendToStream('volume-a', numbered(3), { ...options, expectedRevision: NO_STREAM });
      assert.is(written.nextExpectedRevision, 2n);
      assert.is(written.position?.commit, BigInt(double.log.events[2]!.position));
      assert.is(written.position?.prepare, written.position?.commit);
      const refused = await failureOf(client.appendToStream('volume-a', [event(9)], { ...options, expectedRevision: 1n }));
      assert.is(refused.type, 'wrong-expected-version');
      assert.is(refused['expectedVersion'], 1n);
      assert.is(refused['actualVersion'], 2n);
      const onNothing = await failureOf(client.appendToStream('volume-b', [event(9)], { ...options, expectedRevision: 4n }));
      assert.is(onNothing['actualVersion'], 'no_stream');
      assert.is(double.log.events.length, 3);
    }));

  test(`of racing appends at one revision exactly one is written, by ${path} [I-17]`, () =>
    withDouble(async ({ client, double }) => {
      const tries = await Promise.allSettled(Array.from({ length: 40 }, (_, number) => client.appendToStream('volume-a', [event(number)], { ...options, expectedRevision: NO_STREAM })));
      assert.is(tries.filter(({ status }) => status === 'fulfilled').length, 1);
      assert.is(double.log.events.length, 1);
    }));

  test(`an append repeated with the same ids is answered as the first time, by ${path} [I-15]`, () =>
    withDouble(async ({ client, double }) => {
      const events = numbered(2);
      for (const expectedRevision of [NO_STREAM, ANY] as const) {
        const stream = `volume-${expectedRevision}`;
        const first = await client.appendToStream(stream, events, { ...options, expectedRevision });
        await client.appendToStream(stream, [event(7)], { ...options });
        const again = await client.appendToStream(stream, events, { ...options, expectedRevision });
        assert.equal(again, first);
        const half = await failureOf(client.appendToStream(stream, [events[0]!, event(8)], { ...options, expectedRevision }));
        assert.is(half.type, 'wrong-expected-version');
      }
      assert.is(double.log.events.length, 6);
    }));

  test(`an append that is too long is refused, and nothing of it is written, by ${path} [R-27]`, () =>
    withDouble(
      async ({ client, double }) => {
        const long = jsonEvent({ type: 'Long', data: { text: 'x'.repeat(3000) } });
        const refused = await failureOf(client.appendToStream('volume-a', [event(1), long, event(2)], { ...options }));
        assert.is(refused.type, 'maximum-append-size-exceeded');
        assert.is(refused['maxAppendSize'], 2048);
        assert.is(double.log.events.length, 0);
      },
      { maxAppendBytes: 2048 },
    ));
}

test('credentials of an append choose the call it goes by [R-27]', () =>
  withDouble(async ({ client, double }) => {
    await append(client, 'volume-a', [event(1)]);
    assert.equal(double.calls, ['Append']);
    await client.appendToStream('volume-a', [event(1)]);
    assert.equal(double.calls, ['Append', 'GetSupportedMethods', 'BatchAppend']);
  }));

test('a stream is read from a revision, that event too, in both directions [R-27]', () =>
  withDouble(async ({ client }) => {
    await append(client, 'volume-a', numbered(70));
    assert.equal(numbersOf(await all(client.readStream('volume-a', { fromRevision: 66n }))), [66, 67, 68, 69]);
    assert.equal(numbersOf(await all(client.readStream('volume-a', { fromRevision: 1n, maxCount: 40 }))).length, 40);
    assert.equal(numbersOf(await all(client.readStream('volume-a', { direction: BACKWARDS, fromRevision: END, maxCount: 2 }))), [69, 68]);
    assert.equal(numbersOf(await all(client.readStream('volume-a', { direction: BACKWARDS, fromRevision: 40n }))).length, 41);
    assert.is((await failureOf(all(client.readStream('volume-none')))).type, 'stream-not-found');
  }));

test('$all is read forwards from a position, that event too, and backwards without it [I-12]', () =>
  withDouble(
    async ({ client, double }) => {
      for (const number of [0, 1, 2, 3]) await append(client, `volume-${number}`, [event(number)]);
      const [, , third] = double.log.events;
      const fromPosition = { commit: BigInt(third!.position), prepare: BigInt(third!.position) };
      const ours = (events: readonly { readonly event?: AllStreamRecordedEvent | undefined }[]) => numbersOf(events.filter((resolved) => resolved.event?.type === 'Counted'));
      assert.equal(ours(await all(client.readAll({ fromPosition }))), [2, 3]);
      assert.equal(ours(await all(client.readAll({ fromPosition, direction: BACKWARDS }))), [1, 0]);
      assert.equal(ours(await all(client.readAll({ fromPosition: END, direction: BACKWARDS, maxCount: 6 }))), [3, 2]);
      const positions = (await all(client.readAll())).map((resolved) => resolved.event!.position.commit);
      assert.equal(positions, [...positions].toSorted((a, b) => Number(a - b)));
      assert.ok(positions.every((position, index) => index === 0 || position - positions[index - 1]! > 100n));
    },
    { systemEvents: 2 },
  ));

test('a position inside a record is refused, and one beyond the end finds nothing [I-12]', () =>
  withDouble(async ({ client, double }) => {
    await append(client, 'volume-a', numbered(2));
    const inside = { commit: BigInt(double.log.events[0]!.position + 1), prepare: BigInt(double.log.events[0]!.position + 1) };
    const read = await failureOf(all(client.readAll({ fromPosition: inside })));
    assert.is(read.code, 2);
    assert.match(read.message, 'Unexpected ReadAllResult: InvalidPosition');
    const subscribed = await failureOf(all(client.subscribeToAll({ fromPosition: inside })));
    assert.is(subscribed.code, 3);
    const beyond = { commit: BigInt(double.log.end() + 7), prepare: BigInt(double.log.end() + 7) };
    assert.equal(await all(client.readAll({ fromPosition: beyond })), []);
  }));

test('a subscription goes from what is written to what comes, without gap or repeat [I-12]', () =>
  withDouble(async ({ client, double }) => {
    await append(client, 'volume-a', numbered(100));
    const [first] = double.log.events;
    const subscription = client.subscribeToAll({ fromPosition: { commit: BigInt(first!.position), prepare: BigInt(first!.position) }, filter: streamNameFilter({ prefixes: ['volume-'] }) });
    const appends: Promise<unknown>[] = [];
    subscription.on('caughtUp', () => void appends.push(...[100, 101, 102].map((number) => append(client, 'volume-b', [event(number)]))));
    const seen: unknown[] = [];
    for await (const resolved of subscription) {
      seen.push(...numbersOf([resolved]));
      if (seen.length === 102) break;
    }
    assert.equal(seen.slice(0, 99), Array.from({ length: 99 }, (_, index) => index + 1));
    assert.equal(new Set(seen).size, 102);
    assert.is((await Promise.all(appends)).length, 3);
  }));

test('a filtered subscription says how far it looked, and can go on from there [I-12]', () =>
  withDouble(
    async ({ client }) => {
      await append(client, 'volume-a', [event(0)]);
      for (const number of [1, 2, 3]) await append(client, 'other', numbered(number));
      const checkpoints: { commit: bigint; prepare: bigint }[] = [];
      const filter = eventTypeFilter({ regex: '^Nothing$', checkpointInterval: 1, maxSearchWindow: 4, checkpointReached: (_, position) => { checkpoints.push(position); } });
      const subscription = client.subscribeToAll({ filter });
      subscription.on('error', () => undefined);
      await new Promise<void>((resolve) => {
        subscription.on('caughtUp', resolve);
        subscription.resume();
      });
      await subscription.unsubscribe();
      assert.ok(checkpoints.length >= 3);
      const resumed = client.subscribeToAll({ fromPosition: checkpoints[1]!, filter: streamNameFilter({ prefixes: ['other'] }) });
      let first: unknown;
      for await (const resolved of resumed) {
        first = resolved.event?.streamId;
        break;
      }
      assert.is(first, 'other');
    },
    { systemEvents: 3 },
  ));

test('a stream says $maxCount, and goes on with its revisions after it was deleted [R-27]', () =>
  withDouble(async ({ client }) => {
    await append(client, 'volume-a', numbered(5));
    await client.setStreamMetadata('volume-a', { maxCount: 2 });
    assert.equal(numbersOf(await all(client.readStream('volume-a'))), [3, 4]);
    await client.deleteStream('volume-a');
    assert.is((await failureOf(all(client.readStream('volume-a')))).type, 'stream-not-found');
    assert.is((await failureOf(append(client, 'volume-a', [event(9)], { expectedRevision: STREAM_EXISTS }))).type, 'stream-deleted');
    assert.is((await append(client, 'volume-a', [event(9)], { expectedRevision: NO_STREAM })).nextExpectedRevision, 5n);
    assert.equal(numbersOf(await all(client.readStream('volume-a'))), [9]);
    await client.tombstoneStream('volume-a');
    assert.is((await failureOf(append(client, 'volume-a', [event(10)]))).type, 'stream-deleted');
    assert.is((await failureOf(all(client.readStream('volume-a')))).type, 'stream-deleted');
  }));

test('a call that hangs is answered by its deadline, and is not written [R-27]', () =>
  withDouble(async ({ client, double }) => {
    double.faults.next('Append', { do: 'hang' });
    assert.is((await failureOf(append(client, 'volume-a', [event(1)], { deadline: 200 }))).code, 4);
    assert.is(double.log.events.length, 0);
    await append(client, 'volume-a', [event(1)]);
    assert.is(double.log.events.length, 1);
  }));

test('a connection is cut before or after an append is written [I-15]', () =>
  withDouble(async ({ client, double }) => {
    double.faults.next('Append', { do: 'drop' });
    assert.is((await failureOf(append(client, 'volume-a', [event(1)]))).code, 14);
    assert.is(double.log.events.length, 0);
    double.faults.next('Append', { do: 'commitThenDrop' });
    const events = numbered(1);
    assert.is((await failureOf(append(client, 'volume-a', events, { expectedRevision: NO_STREAM }))).code, 14);
    assert.is(double.log.events.length, 1);
    const again = await append(client, 'volume-a', events, { expectedRevision: NO_STREAM });
    assert.is(again.nextExpectedRevision, 0n);
    assert.is(double.log.events.length, 1);
  }));

test('a read ends early, is cut, or fails, after as many events as a test wants [I-12]', () =>
  withDouble(async ({ client, double }) => {
    await append(client, 'volume-a', numbered(10));
    double.faults.next('Read', { do: 'end', after: 3 });
    assert.is((await all(client.readStream('volume-a'))).length, 3);
    double.faults.next('ReadStream', { do: 'cut', after: 4 });
    assert.is((await failureOf(all(client.readStream('volume-a')))).code, 14);
    double.faults.next('Read', { do: 'error', code: 13, details: 'a test wants it', metadata: { exception: 'access-denied' } });
    assert.is((await failureOf(all(client.readStream('volume-a')))).type, 'access-denied');
    double.faults.next('SubscribeToStream', { do: 'stall', after: 4 });
    const seen: unknown[] = [];
    for await (const resolved of client.subscribeToStream('volume-a', { fromRevision: START })) {
      seen.push(resolved);
      if (seen.length === 4) break;
    }
    assert.is(seen.length, 4);
    assert.is((await all(client.readStream('volume-a'))).length, 10);
  }));

test('a batch connection that is cut, or fails, refuses its append [I-15]', () =>
  withDouble(async ({ client, double }) => {
    await client.appendToStream('volume-a', [event(0)]);
    double.faults.next('BatchAppend', { do: 'commitThenDrop' });
    assert.is((await failureOf(client.appendToStream('volume-a', [event(1)]))).code, 14);
    double.faults.next('BatchAppend', { do: 'error', code: 13, details: 'a test wants it' });
    assert.is((await failureOf(client.appendToStream('volume-a', [event(2)]))).code, 13);
    assert.equal(double.log.events.map(jsonOf), [{ number: 0 }, { number: 1 }]);
  }));

test('a batch connection that just ends leaves its append without an answer, and is never opened again [I-15]', async () => {
  const double = await eventStoreDbDouble();
  // It is not disposed of: the genuine client waits for ever for a connection that the server ended.
  const client = clientOf(double);
  double.faults.next('BatchAppend', { do: 'end' });
  const unanswered = [event(0), event(1)].map((lost) => client.appendToStream('volume-a', [lost]).then(() => 'answered'));
  assert.is(await Promise.race([...unanswered, sleep(300, 'nothing')]), 'nothing');
  assert.is(double.calls.filter((name) => name === 'BatchAppend').length, 1);
  await double.stop();
});

test('an answer comes late, and a rule holds until it is taken back [R-27]', () =>
  withDouble(async ({ client, double }) => {
    double.faults.next('Append', { do: 'delay', ms: 150 });
    const started = performance.now();
    await append(client, 'volume-a', [event(0)]);
    assert.ok(performance.now() - started >= 140);
    double.faults.always('Append', { do: 'error', code: 8, details: 'too much' });
    for (const number of [1, 2]) assert.is((await failureOf(append(client, 'volume-a', [event(number)]))).code, 8);
    double.faults.always('Append', undefined);
    double.faults.next('Append', { do: 'commitThenHang' });
    const written = new Promise<void>((resolve) => void double.log.watch(resolve));
    const unanswered = failureOf(append(client, 'volume-a', [event(3)]));
    await written;
    double.dropConnections();
    assert.is((await unanswered).code, 14);
    assert.is(double.log.events.length, 2);
  }));

test('open subscriptions are cut with their connections, over TLS too [I-12]', async () => {
  const { tls } = await secured();
  await withDouble(
    async ({ client, double }) => {
      const subscription = client.subscribeToAll();
      const cut = failureOf(
        (async () => {
          for await (const resolved of subscription) if (resolved.event?.streamId === 'volume-a') double.dropConnections();
        })(),
      );
      await append(client, 'volume-a', [event(0)]).catch(() => undefined);
      assert.is((await cut).code, 14);
      double.faults.next('Append', { do: 'drop' });
      assert.is((await failureOf(append(client, 'volume-a', [event(1)]))).code, 14);
      assert.is(double.log.events.length, 1);
    },
    { tls },
  );
});

test('$all does not show what the server keeps about its epochs, and an older server does not say that it caught up [I-12]', () =>
  withDouble(
    async ({ client, double }) => {
      await append(client, 'volume-a', numbered(2));
      assert.not((await all(client.readAll())).some(({ event: read }) => read?.streamId === '$epoch-information'));
      assert.is(double.log.all[0]!.stream, '$epoch-information');
      const subscription = client.subscribeToAll({ filter: excludeSystemEvents() });
      let caughtUp = false;
      subscription.on('caughtUp', () => {
        caughtUp = true;
      });
      let seen = 0;
      for await (const resolved of subscription) {
        seen += 1;
        if (seen === 2) await append(client, 'volume-b', [event(2)]);
        if (resolved.event?.streamId === 'volume-b') break;
      }
      assert.is(seen, 3);
      assert.not(caughtUp);
    },
    { saysCaughtUp: false },
  ));

test('it stops and comes back on the same port with what was written [I-12]', () =>
  withDouble(async ({ client, double }) => {
    await append(client, 'volume-a', numbered(2));
    await double.stop();
    assert.is((await failureOf(append(client, 'volume-a', [event(2)], { deadline: 2000 }))).code, 14);
    await double.restart();
    const other = clientOf(double);
    assert.is((await all(other.readStream('volume-a'))).length, 2);
    await other.dispose();
  }));

test.run();
