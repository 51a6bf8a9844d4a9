/** How the store in EventStoreDB is reached: over TLS, by password or certificate, by gossip, and when its leader is lost. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openEventStoreDb } from '@blockledger/app/eventstoredb';
import type { StoredEvent } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import * as assert from 'uvu/assert';
import { makeCertificate } from '../support/certificates.ts';
import { cluster } from '../support/eventStoreDb/cluster.ts';
import { eventStoreDbDouble } from '../support/eventStoreDb/double.ts';
import { secured } from '../support/eventStoreDb/genuine.ts';
import { sampleEvent } from '../support/events.ts';
import { right } from '../support/plane.ts';
import { suite } from '../support/suite.ts';

const test = suite('the store in EventStoreDB is reached');
const folder = mkdtempSync(join(tmpdir(), 'esdb-reached-'));
const file = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return encodeURIComponent(join(folder, name));
};
test.after(() => rmSync(folder, { recursive: true }));

test('over TLS with the root in a file, and not by another root [S0-16]', async () => {
  const { tls } = await secured();
  const { root: stranger } = await secured();
  const double = await eventStoreDbDouble({ tls });
  const { host, port } = double.address;
  const store = right(await openEventStoreDb({ connectionString: `esdb://${host}:${port}?tls=true&tlsCAFile=${file('root.pem', tls.root)}` }));
  assert.is(right(await store.append('volume-a', 'none', [sampleEvent(0)])()).revision, 0);
  assert.is(right(await store.readAll(0, 10)()).length, 1);
  await store.close();
  const refused = await openEventStoreDb({ connectionString: `esdb://${host}:${port}?tls=true&tlsCAFile=${file('other.pem', stranger.cert)}`, timeoutMs: 2_000 });
  assert.equal(E.isLeft(refused) && refused.left._tag, 'Unavailable');
  await double.stop();
});

test('by a certificate of its user, with appends and subscriptions, and not without it [S0-16]', async () => {
  const { root, tls } = await secured();
  const user = await makeCertificate(root, 'blockledger');
  const double = await eventStoreDbDouble({ tls: { ...tls, ca: root.cert } });
  const keys = `&userCertFile=${file('user.crt', user.cert)}&userKeyFile=${file('user.key', user.key)}`;
  const store = right(await openEventStoreDb({ connectionString: double.connectionString + keys }));
  const seen: StoredEvent[] = [];
  const subscription = store.subscribe(0, { onEvents: (events) => void seen.push(...events), onError: () => undefined });
  assert.is(right(await store.append('volume-a', 'none', [sampleEvent(0), sampleEvent(1)])()).revision, 1);
  while (seen.length < 2) await pause(5);
  await subscription.close();
  await store.close();
  const refused = await openEventStoreDb({ connectionString: double.connectionString, timeoutMs: 2_000 });
  assert.equal(E.isLeft(refused) && refused.left._tag, 'Unavailable');
  assert.not(double.calls.includes('BatchAppend'));
  await double.stop();
});

test('not with a wrong password, which no error repeats [S0-16]', async () => {
  const { tls } = await secured();
  const double = await eventStoreDbDouble({ tls, users: { admin: 'changeit' } });
  const as = (user: string) => openEventStoreDb({ connectionString: double.connectionString.replace('esdb://', `esdb://${user}@`) });
  const refused = await as('admin:hunter2');
  assert.equal(E.isLeft(refused) && refused.left._tag, 'Unavailable');
  assert.not.match(JSON.stringify(refused), /hunter2/);
  await right(await as('admin:changeit')).close();
  await double.stop();
});

test('by gossip of three, through the loss of its leader, with nothing lost or told twice [I-12]', async () => {
  const { doubles, lead, stop } = await cluster(3);
  const [first, , third] = doubles;
  // The name that is discovered leads to one member; gossip tells the others.
  const { host, port } = doubles[1]!.address;
  const connectionString = `esdb+discover://${host}:${port}?tls=false&nodePreference=leader&maxDiscoverAttempts=3&discoveryInterval=20`;
  const store = right(await openEventStoreDb({ connectionString, timeoutMs: 2_000 }));
  const seen: StoredEvent[] = [];
  const subscription = store.subscribe(0, { onEvents: (events) => void seen.push(...events), onError: (error) => assert.unreachable(JSON.stringify(error)) });
  let expected = -1;
  const put = async (): Promise<void> => {
    const events = [sampleEvent(expected + 1)];
    for (let tries = 0; ; tries += 1) {
      const answer = await store.append('volume-a', expected < 0 ? 'none' : expected, events)();
      if (E.isRight(answer)) break;
      assert.is(answer.left._tag, 'Unavailable', JSON.stringify(answer.left));
      if (tries > 50) assert.unreachable(JSON.stringify(answer.left));
      await pause(20);
    }
    expected += 1;
  };
  for (let n = 0; n < 10; n += 1) await put();
  assert.ok(first?.calls.includes('Append'));
  await first?.stop();
  lead(2);
  for (let n = 0; n < 10; n += 1) await put();
  assert.ok(third?.calls.includes('Append'));
  while (seen.length < 20) await pause(5);
  assert.equal(seen.map(({ revision }) => revision), Array.from({ length: 20 }, (_, n) => n));
  await subscription.close();
  await store.close();
  await stop();
});

test.run();
