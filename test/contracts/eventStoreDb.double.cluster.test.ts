/** Several doubles of EventStoreDB over one log, and one double for several processes. */
import { EventStoreDBClient, NO_STREAM } from '@eventstore/db-client';
import * as assert from 'uvu/assert';
import { cluster } from '../support/eventStoreDb/cluster.ts';
import { all, append, clientOf, event, failureOf, numbered, numbersOf } from '../support/eventStoreDb/genuine.ts';
import { serveEventStoreDb } from '../support/eventStoreDb/served.ts';
import { suite } from '../support/suite.ts';

const test = suite('a cluster of doubles of EventStoreDB');

test('a client finds the leader of a cluster, and the next one when that is lost [R-27]', async () => {
  const { doubles, seeds, lead, stop } = await cluster(3);
  const client = EventStoreDBClient.connectionString(`esdb://${seeds}?tls=false&nodePreference=leader`);
  await append(client, 'volume-a', [event(0)]);
  assert.ok(doubles[0]!.calls.includes('Append'));
  await doubles[0]!.stop();
  lead(2);
  assert.is((await failureOf(append(client, 'volume-a', [event(1)]))).code, 14);
  assert.is((await append(client, 'volume-a', [event(1)])).nextExpectedRevision, 1n);
  assert.ok(doubles[2]!.calls.includes('Append'));
  await client.dispose();
  await stop();
});

test('a follower that is asked for the leader says where it is, and passes on what may be passed on [R-27]', async () => {
  const { doubles, stop } = await cluster(2);
  const client = clientOf(doubles[1]!);
  await append(client, 'volume-a', [event(0)]);
  const refused = await failureOf(append(client, 'volume-a', [event(1)], { requiresLeader: true }));
  assert.is(refused.type, 'not-leader');
  assert.equal(refused['leader'], { address: doubles[0]!.address.host, port: doubles[0]!.address.port });
  await append(client, 'volume-a', [event(1)], { requiresLeader: true });
  assert.equal(doubles[0]!.calls, ['Append']);
  assert.is(doubles[1]!.log.events.length, 2);
  await client.dispose();
  await stop();
});

test('two processes share the store of a double that runs by itself [I-17]', async () => {
  const { connectionString, program } = await serveEventStoreDb();
  const [one, two] = [EventStoreDBClient.connectionString(connectionString), EventStoreDBClient.connectionString(connectionString)];
  await append(one, 'volume-a', numbered(2), { expectedRevision: NO_STREAM });
  assert.is((await failureOf(append(two, 'volume-a', [event(2)], { expectedRevision: NO_STREAM }))).type, 'wrong-expected-version');
  assert.equal(numbersOf(await all(two.readStream('volume-a'))), [0, 1]);
  await one.dispose();
  await two.dispose();
  assert.is(await program.stop(), 'SIGTERM');
});

test.run();
