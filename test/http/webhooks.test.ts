/** Webhooks over REST, and over the end of the process that delivers. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import * as assert from 'uvu/assert';
import { newWebhookSecret } from '@blockledger/app';
import { apiClient, failureMessage, type ClientFailure } from '@blockledger/app/client';
import { httpFixture, volumeCalled, type Answered } from '../support/httpFixture.ts';
import { isSignedWith, startReceiver } from '../support/receiver.ts';
import { call, SERVICE_TOKEN, startService } from '../support/serviceProcess.ts';
import { temporaryFolder } from '../support/sqlite.ts';
import { suite } from '../support/suite.ts';

const test = suite('webhooks over REST');
const SECRET = newWebhookSecret();
const config = 'examples/quickstart/blockledger.config.js';
const webhook = (changes: object = {}) => ({ body: { webhook: { name: 'ops', url: 'https://ops.example/hooks', secret: SECRET, ...changes } } });
const tagOf = ({ text }: Answered): string => (JSON.parse(text) as { readonly type: string }).type.split(':').at(-1) ?? '';

const right = <A>(answer: E.Either<ClientFailure, A>): A => {
  if (E.isLeft(answer)) throw new Error(failureMessage(answer.left));
  return answer.right;
};

const registered = ({ body }: { readonly body: object }): { readonly uuid: string } => ('webhook' in body ? (body.webhook as { readonly uuid: string }) : assert.unreachable('it was planned only')) ?? { uuid: '' };

test('a webhook is registered, listed, changed, tested and removed, and no answer holds its secret [I-24, S0-2]', async () => {
  const { ask, close } = await httpFixture();
  const made = await ask('POST', '/webhooks', webhook({ filter: { kinds: ['block_volume'], types: ['VolumeCreated'] }, from: 'start' }));
  assert.is(made.status, 201);
  const { uuid, filter, status, position } = made.json['webhook'] ?? {};
  assert.is(made.headers['location'], `/api/v1/webhooks/${String(uuid)}`);
  assert.equal([filter, status, position], [{ kinds: ['block_volume'], ids: null, types: ['VolumeCreated'], tenant: null }, 'active', -1]);
  const path = `/webhooks/${String(uuid)}`;
  const answers = [
    made,
    await ask('GET', path),
    await ask('GET', '/webhooks?limit=-1'),
    await ask('PATCH', path, { body: { webhook: { enabled: false, filter: {} } } }),
    await ask('POST', `${path}:rotate-secret`, { body: { webhook: { secret: newWebhookSecret() } } }),
    await ask('POST', `${path}:test`),
    await ask('GET', `${path}/deliveries`),
    await ask('GET', '/actions?limit=-1'),
    await ask('DELETE', path),
  ];
  assert.equal(answers.map((answer) => answer.status), [201, 200, 200, 200, 200, 200, 200, 200, 200]);
  const { status: changed, disabled } = answers[3]?.json['webhook'] ?? {};
  assert.equal([changed, (disabled as { readonly because: string }).because], ['disabled', 'asked']);
  assert.is(answers[5]?.json['delivery']?.['outcome'], 'delivered');
  assert.ok(answers.every(({ text }) => !text.includes(SECRET.slice('whsec_'.length)) && !text.includes('whsec_')));
  assert.equal([await ask('GET', path), await ask('DELETE', path), await ask('GET', '/webhooks/7')].map(tagOf), ['WebhookNotFound', 'WebhookNotFound', 'WebhookNotFound']);
  await close();
});

test('what is wrong with a webhook is said with its rule and limits [I-12]', async () => {
  const { ask, close } = await httpFixture();
  const said = async (changes: object): Promise<readonly unknown[]> => {
    const answer = await ask('POST', '/webhooks', webhook(changes));
    return [answer.status, tagOf(answer)];
  };
  assert.equal(await said({ url: 'http://ops.example/' }), [422, 'UrlIsNotAllowed']);
  assert.equal(await said({ secret: 'whsec_c2hvcnQ=' }), [422, 'SecretLengthOutOfRange']);
  assert.equal(await said({ filter: { types: ['VolumeExploded'] } }), [422, 'FilterIsInvalid']);
  assert.equal(await said({ filter: { kinds: ['webhook'] } }), [400, 'FieldIsInvalid']);
  assert.equal(await said({ from: 4711 }), [422, 'PositionNotInLog']);
  assert.equal(await said({ name: 'a/b' }), [422, 'NameIsNotAllowed']);
  await close();
});

test('a service that is killed in the middle of a delivery delivers again after its restart, signed with the same secret, and loses nothing [I-3, I-16, I-24]', async () => {
  const { folder, remove } = temporaryFolder();
  const store = join(folder, 'log.db');
  const receiver = await startReceiver();
  let service = await startService({ config, store });
  const client = apiClient({ url: service.url, token: SERVICE_TOKEN });
  const { uuid } = registered(right(await client.registerWebhook(webhook({ url: receiver.url, filter: { kinds: ['block_volume'] } }))));
  for (const file of [`${store}.secrets`, `${store}.secrets.key`]) assert.is(statSync(file).mode & 0o777, 0o600);
  // The third message arrives, and its sender dies before it hears of that.
  receiver.answer = (_message, n) => (n < 2 ? 204 : 'silence');
  for (const name of ['v1', 'v2', 'v3']) assert.is((await call(service.url, 'POST', '/block-volumes', volumeCalled(name))).status, 202);
  await receiver.has(3);
  await service.stop('SIGKILL');
  receiver.answer = () => 204;
  service = await startService({ config, store });
  const distinct = (): ReadonlySet<string> => new Set(receiver.arrived.map(({ id }) => id));
  for (let n = 4; distinct().size < 12; n += 1) await receiver.has(n);
  assert.equal(receiver.arrived.filter(({ body }) => body.type === 'VolumeCreated').map(({ body }) => body.data['resource_number']).filter((number, at, all) => all.indexOf(number) === at), [1, 2, 3]);
  const positions = receiver.arrived.map(({ body }) => Number(body.data['position']));
  const firsts = [...new Set(positions)];
  assert.equal(firsts, firsts.toSorted((a, b) => a - b), 'nothing overtakes');
  assert.ok(receiver.arrived.every((message) => isSignedWith(SECRET, message)));
  assert.ok(receiver.arrived.filter(({ id }) => id === receiver.arrived[2]?.id).length >= 2, 'the one in the middle came again');
  const seen = await call(service.url, 'GET', `/webhooks/${uuid}`);
  assert.is((seen.json['webhook'] as { readonly status: string }).status, 'active');
  assert.is(await service.stop('SIGTERM'), 0, service.errors());
  for (const file of [store, `${store}.secrets`]) assert.not.ok(readFileSync(file, 'latin1').includes(SECRET.slice('whsec_'.length)), file);
  assert.not.ok(service.errors().includes(SECRET.slice('whsec_'.length)));
  await receiver.close();
  remove();
});

test('the key of the secrets can come from the environment, and then no key is written [I-24]', async () => {
  const { folder, remove } = temporaryFolder();
  const store = join(folder, 'log.db');
  const receiver = await startReceiver();
  const env = { BLOCKLEDGER_SECRET_KEY: Buffer.alloc(32, 7).toString('base64') };
  const service = await startService({ config, store, env });
  const client = apiClient({ url: service.url, token: SERVICE_TOKEN });
  const { uuid } = registered(right(await client.registerWebhook(webhook({ url: receiver.url }))));
  assert.is(right(await client.testWebhook({ path: { webhook: uuid } })).body.delivery.outcome, 'delivered');
  assert.ok(existsSync(`${store}.secrets`) && !existsSync(`${store}.secrets.key`));
  await service.stop('SIGTERM');
  const keyless = await startService({ config, store });
  const tested = await call(keyless.url, 'POST', `/webhooks/${uuid}:test`);
  assert.match(JSON.stringify(tested.json), /key file .* is gone/);
  await keyless.stop('SIGTERM');
  await receiver.close();
  remove();
});

test.run();
