/** Who may call the double of EventStoreDB: passwords and certificates. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventStoreDBClient } from '@eventstore/db-client';
import * as assert from 'uvu/assert';
import { makeCertificate } from '../support/certificates.ts';
import { all, append, clientOf, event, failureOf, numbered, secured, withDouble } from '../support/eventStoreDb/genuine.ts';
import { suite } from '../support/suite.ts';

const test = suite('access to the double of EventStoreDB');

test('a wrong password is refused, and so is nobody, but anybody may ask for the members [R-27]', async () => {
  const { tls } = await secured();
  await withDouble(
    async ({ client, double }) => {
      const known = { credentials: { username: 'admin', password: 'changeit' } };
      await append(client, 'volume-a', numbered(1), known);
      assert.is((await failureOf(append(client, 'volume-a', [event(1)], { credentials: { username: 'admin', password: 'guess' } }))).code, 16);
      assert.is((await failureOf(append(client, 'volume-a', [event(1)], { credentials: { username: 'constructor', password: 'guess' } }))).code, 16);
      assert.is((await failureOf(all(client.readStream('volume-a')))).type, 'access-denied');
      assert.is((await all(client.readStream('volume-a', known))).length, 1);
      assert.is(double.log.events.length, 1);
      const discovering = EventStoreDBClient.connectionString(`${double.connectionString.replace('esdb://', 'esdb+discover://')}&nodePreference=leader`);
      assert.is((await all(discovering.readStream('volume-a', known))).length, 1);
      await discovering.dispose();
      assert.ok(double.calls.includes('GossipRead'));
    },
    { tls, users: { admin: 'changeit' } },
  );
});

test('a client without the certificate that is asked for cannot call [R-27]', async () => {
  const { root, tls } = await secured();
  const user = await makeCertificate(root, 'admin');
  const folder = mkdtempSync(join(tmpdir(), 'esdb-user-'));
  writeFileSync(join(folder, 'user.crt'), user.cert);
  writeFileSync(join(folder, 'user.key'), user.key);
  await withDouble(
    async ({ client, double }) => {
      assert.is((await failureOf(append(client, 'volume-a', numbered(1)))).code, 14);
      assert.is(double.log.events.length, 0);
      const known = clientOf(double, `&userCertFile=${join(folder, 'user.crt')}&userKeyFile=${join(folder, 'user.key')}`);
      await append(known, 'volume-a', numbered(1));
      await known.dispose();
      assert.is(double.log.events.length, 1);
    },
    { tls: { ...tls, ca: root.cert } },
  );
  rmSync(folder, { recursive: true });
});

test.run();
