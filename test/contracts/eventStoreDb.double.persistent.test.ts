/** Persistent subscriptions of the double of EventStoreDB. */
import { START, streamNameFilter, persistentSubscriptionToAllSettingsFromDefaults, persistentSubscriptionToStreamSettingsFromDefaults, type PersistentSubscriptionToStreamSettings } from '@eventstore/db-client';
import * as assert from 'uvu/assert';
import { append, failureOf, numbered, numbersOf, withDouble } from '../support/eventStoreDb/genuine.ts';
import { suite } from '../support/suite.ts';

const test = suite('persistent subscriptions of the double of EventStoreDB');

const groupSettings = (settings: Partial<PersistentSubscriptionToStreamSettings>) => persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: START, ...settings });

test('two consumers of a persistent subscription share its events, and what is refused comes again [I-12]', () =>
  withDouble(async ({ client }) => {
    await append(client, 'volume-a', numbered(20));
    await client.createPersistentSubscriptionToStream('volume-a', 'group', groupSettings({}));
    assert.is((await failureOf(client.createPersistentSubscriptionToStream('volume-a', 'group', groupSettings({})))).type, 'persistent-subscription-exists');
    const retried = new Set<string>();
    const done: unknown[] = [];
    const consume = async (): Promise<number> => {
      const subscription = client.subscribeToPersistentSubscriptionToStream('volume-a', 'group', { bufferSize: 3 });
      let given = 0;
      for await (const resolved of subscription) {
        given += 1;
        const { id } = resolved.event!;
        if (retried.has(id) || done.length % 3 === 1) {
          await subscription.ack(resolved);
          done.push(...numbersOf([resolved]));
        } else {
          retried.add(id);
          await subscription.nack('retry', 'once more', resolved);
          done.push('refused');
        }
        if (new Set(done.filter((item) => typeof item === 'number')).size === 20) break;
      }
      return given;
    };
    // The one that is given the last event ends; the other waits for events that do not come.
    const first = await Promise.race([consume(), consume()]);
    assert.ok(first > 0 && first < 20 + retried.size);
    assert.ok(retried.size > 0);
  }));

test('what a persistent subscription parks is kept until it is replayed [I-12]', () =>
  withDouble(async ({ client, double }) => {
    await append(client, 'volume-a', numbered(2));
    await client.createPersistentSubscriptionToStream('volume-a', 'group', groupSettings({ maxRetryCount: 0 }));
    const given: unknown[] = [];
    const subscription = client.subscribeToPersistentSubscriptionToStream('volume-a', 'group', { bufferSize: 1 });
    for await (const resolved of subscription) {
      given.push(...numbersOf([resolved]));
      if (given.length === 1) await subscription.nack('park', 'not now', resolved);
      if (given.length === 2) {
        await subscription.ack(resolved);
        const info = await client.getPersistentSubscriptionToStreamInfo('volume-a', 'group');
        assert.is(info.stats.parkedMessageCount, 1n);
        assert.is(info.settings.startFrom, START);
        assert.equal(double.log.stream('$persistentsubscription-volume-a::group-parked').map(({ data }) => Buffer.from(data).toString()), ['0@volume-a']);
        await client.replayParkedMessagesToStream('volume-a', 'group');
      }
      if (given.length === 3) break;
    }
    assert.equal(given, [0, 1, 0]);
    assert.is((await client.listAllPersistentSubscriptions()).length, 1);
    await client.deletePersistentSubscriptionToStream('volume-a', 'group');
    assert.is((await failureOf(client.getPersistentSubscriptionToStreamInfo('volume-a', 'group'))).type, 'persistent-subscription-does-not-exist');
  }));

test('a consumer hears that its persistent subscription to $all is gone [I-12]', () =>
  withDouble(async ({ client }) => {
    await client.createPersistentSubscriptionToAll('group', persistentSubscriptionToAllSettingsFromDefaults({ startFrom: START }), { filter: streamNameFilter({ prefixes: ['volume-'] }) });
    await append(client, 'volume-a', numbered(1));
    const subscription = client.subscribeToPersistentSubscriptionToAll('group');
    const gone = await failureOf(
      (async () => {
        for await (const resolved of subscription) {
          assert.is(resolved.event?.streamId, 'volume-a');
          await subscription.ack(resolved);
          await client.deletePersistentSubscriptionToAll('group');
        }
      })(),
    );
    assert.is(gone.type, 'persistent-subscription-does-not-exist');
    assert.is((await failureOf(client.deletePersistentSubscriptionToAll('group'))).type, 'persistent-subscription-does-not-exist');
  }));

test.run();
