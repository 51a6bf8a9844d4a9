import {
  DISABLE_AFTER_MS,
  MAX_FILTER_ENTRIES,
  MAX_SECRET_BYTES,
  MAX_URL_LENGTH,
  MAX_WEBHOOKS,
  MIN_SECRET_BYTES,
  SECRET_GRACE_MS,
  webhook,
  type DeliveryOutcome,
  type WebhookCommand,
  type WebhookEvent,
  type WebhookFilter,
} from '@blockledger/domain';
import * as assert from 'uvu/assert';
import { given, metaOf, NOON, uuid } from '../../support/decider.ts';
import { moment, secretRefOf, webhookFacts as facts, webhookIdOf } from '../../support/samples.ts';
import { suite } from '../../support/suite.ts';

const test = suite('webhooks');
const webhookId = webhookIdOf(1);
const everything: WebhookFilter = { kinds: null, ids: null, types: null, tenant: null };
const url = 'https://ops.example/hooks';
const register = (changes: Partial<Extract<WebhookCommand, { type: 'RegisterWebhook' }>> = {}): WebhookCommand => ({
  type: 'RegisterWebhook',
  webhookId,
  name: 'ops',
  url,
  filter: everything,
  secretRef: secretRefOf(1),
  position: 7,
  ...changes,
});
const update = (changes: Extract<WebhookCommand, { type: 'UpdateWebhook' }>['changes']): WebhookCommand => ({ type: 'UpdateWebhook', webhookId, changes });
const record = (outcome: DeliveryOutcome, position = 20, round = 0): WebhookCommand => ({ type: 'RecordDelivery', webhookId, round, position, outcome });
const registered: WebhookEvent = { type: 'WebhookRegistered', webhookId, name: 'ops', tenant: 'default', url, filter: everything, secretRef: secretRefOf(1), position: 7, at: NOON };
const failing: WebhookEvent = { type: 'DeliveryFailing', position: 20, status: 503, message: 'the receiver answered 503', at: NOON };
const no: DeliveryOutcome = { _tag: 'failing', status: 503, message: 'the receiver answered 503' };

test('a webhook is registered with where it begins, and the log knows only a reference of its secret [I-24, S0-16]', () => {
  const answer = given(webhook).when(register(), facts(), metaOf(1)).then('WebhookRegistered').owes();
  assert.equal(answer.events, [registered]);
  assert.is(webhook.answer(answer.state, metaOf(1).commandId), 'accepted');
  assert.equal([answer.state.webhook?.position, answer.state.webhook?.disabled, answer.state.webhook?.failing], [7, null, null]);
  given(webhook, registered).when(register(), facts()).refused('WebhookAlreadyExists', { value: webhookId });
  given(webhook).when(register({ name: 'a/b' }), facts()).refused('NameIsNotAllowed', { value: 'a/b' });
});

test('an installation has at most 100 webhooks [I-12]', () => {
  assert.is(MAX_WEBHOOKS, 100);
  given(webhook).when(register(), facts({ registered: 99 })).then('WebhookRegistered');
  given(webhook).when(register(), facts({ registered: 100 })).refused('TooManyWebhooks', { value: 100, limit: 100 });
});

test('a webhook is reached over https; plain http stays on this machine unless the configuration allows it [I-12]', () => {
  const plain = { protocol: 'http:', isLoopback: false, hasCredentials: false };
  const at = (changes: Parameters<typeof facts>[0], address = url) => given(webhook).when(register({ url: address }), facts(changes));
  at({ url: plain }).refused('UrlIsNotAllowed', { value: url });
  at({ url: plain, plainHttpAllowed: true }).then('WebhookRegistered');
  at({ url: { ...plain, isLoopback: true } }).then('WebhookRegistered');
  at({ url: { ...plain, protocol: 'ftp:', isLoopback: true } }).refused('UrlIsNotAllowed');
  at({ url: null }, 'nowhere').refused('UrlIsNotAllowed', { value: 'nowhere' });
  assert.is(MAX_URL_LENGTH, 2048);
  at({}, url.padEnd(2048, 'x')).then('WebhookRegistered');
  at({}, url.padEnd(2049, 'x')).refused('UrlIsNotAllowed');
});

test('an address with a password in it is refused, and the refusal does not repeat it [I-24]', () => {
  const secret = { protocol: 'https:', isLoopback: false, hasCredentials: true };
  const refusal = given(webhook).when(register({ url: 'https://me:hunter2@ops.example/' }), facts({ url: secret })).refused('UrlIsNotAllowed');
  assert.not.match(JSON.stringify(refusal), /hunter2/);
});

test('a signing secret has 24 to 64 bytes and is kept before anything refers to it [I-24]', () => {
  assert.equal([MIN_SECRET_BYTES, MAX_SECRET_BYTES], [24, 64]);
  for (const secretBytes of [24, 64]) given(webhook).when(register(), facts({ secretBytes })).then('WebhookRegistered');
  given(webhook).when(register(), facts({ secretBytes: 23 })).refused('SecretLengthOutOfRange', { value: 23, limit: 24 });
  given(webhook).when(register(), facts({ secretBytes: 65 })).refused('SecretLengthOutOfRange', { value: 65, limit: 64 });
  given(webhook).when(register(), facts({ secretBytes: null })).refused('SecretIsMissing');
});

test('a filter names kinds and types of events that there are, and not too many [I-12]', () => {
  const filtered = (filter: Partial<WebhookFilter>) => given(webhook).when(register({ filter: { ...everything, ...filter } }), facts());
  filtered({ kinds: ['volume'], types: ['VolumeCreated'], ids: [uuid('a', 1)], tenant: 'blue' }).then('WebhookRegistered');
  filtered({ kinds: ['webhook'] }).refused('FilterIsInvalid', { value: 'webhook' });
  filtered({ types: ['VolumeExploded'] }).refused('FilterIsInvalid', { value: 'VolumeExploded' });
  assert.is(MAX_FILTER_ENTRIES, 256);
  const ids = Array.from({ length: 257 }, (_, n) => uuid('a', n));
  filtered({ ids: ids.slice(1) }).then('WebhookRegistered');
  filtered({ ids }).refused('FilterIsInvalid', { value: 257, limit: 256 });
});

test('what changes is recorded, what stays is neither recorded nor judged again [S0-38]', () => {
  const it = given(webhook, registered);
  it.when(update({}), facts()).then();
  it.when(update({ url, filter: { ...everything }, enabled: true }), facts()).then();
  const changed = it.when(update({ filter: { ...everything, types: ['VolumeCreated'] } }), facts({ url: null })).then('WebhookUpdated');
  assert.is(changed.state.webhook?.url, url);
  given(webhook, registered, ...changed.events).when(update({ filter: { ...everything, types: ['PoolPaused'] } }), facts()).then('WebhookUpdated');
  given(webhook, registered, ...changed.events).when(update({ filter: everything }), facts()).then('WebhookUpdated');
  it.when(update({ url: 'http://else.example/' }), facts({ url: { protocol: 'http:', isLoopback: false, hasCredentials: false } })).refused('UrlIsNotAllowed');
  it.when(update({ filter: { ...everything, kinds: ['stone'] } }), facts()).refused('FilterIsInvalid');
});

test('a webhook that is disabled can be enabled again, behind an event that nobody can deliver if need be [I-26]', () => {
  const off = given(webhook, registered, failing).when(update({ enabled: false }), facts()).then('WebhookDisabled');
  assert.is(off.state.webhook?.disabled?.because, 'asked');
  const again = given(webhook, registered, failing, ...off.events);
  again.when(update({ enabled: false }), facts()).then();
  again.when(record(no), facts()).then();
  const on = again.when(update({ enabled: true, position: 21 }), facts()).then('WebhookMoved', 'WebhookEnabled');
  assert.equal([on.state.webhook?.position, on.state.webhook?.round, on.state.webhook?.failing, on.state.webhook?.disabled], [21, 1, null, null]);
});

test('a webhook that is asked to deliver again does so, also from the position that stands on record [I-16]', () => {
  // The record lags behind what was delivered: standing there on record is not standing there.
  const moved = given(webhook, registered).when(update({ position: 7 }), facts()).then('WebhookMoved');
  assert.equal([moved.state.webhook?.position, moved.state.webhook?.round], [7, 1]);
});

test('how far deliveries got is recorded once, and what an earlier round delivered is out of date [I-16]', () => {
  const done = given(webhook, registered, failing).when(record({ _tag: 'delivered', count: 3 }), facts()).then('DeliveriesRecorded');
  assert.equal([done.state.webhook?.position, done.state.webhook?.delivered, done.state.webhook?.failing], [20, 3, null]);
  const it = given(webhook, registered, ...done.events);
  it.when(record({ _tag: 'delivered', count: 3 }), facts()).then();
  it.when(record({ _tag: 'delivered', count: 1 }, 19), facts()).then();
  const moved = given(webhook, registered, { type: 'WebhookMoved', position: -1, at: NOON });
  for (const outcome of [{ _tag: 'delivered', count: 1 }, no, { _tag: 'gone' }] as const) moved.when(record(outcome), facts()).then();
  moved.when(record({ _tag: 'delivered', count: 1 }, 3, 1), facts()).then('DeliveriesRecorded');
});

test('the first failure is on record, those that follow are not, and after three days the webhook is disabled [I-1, I-26]', () => {
  assert.is(DISABLE_AFTER_MS, 3 * 24 * 3_600_000);
  const first = given(webhook, registered).when(record(no), facts(), metaOf(5)).then('DeliveryFailing');
  const it = given(webhook, registered, ...first.events);
  it.when(record(no), facts(), metaOf(6, NOON + DISABLE_AFTER_MS - 1)).then();
  const off = it.when(record(no), facts(), metaOf(7, NOON + DISABLE_AFTER_MS)).then('WebhookDisabled');
  assert.is(off.state.webhook?.disabled?.because, 'failing');
  assert.match(off.state.webhook?.disabled?.message ?? '', /72 hours.*503/);
});

test('a receiver that is gone gets nothing more [I-26]', () => {
  const off = given(webhook, registered).when(record({ _tag: 'gone' }), facts()).then('WebhookDisabled');
  assert.is(off.state.webhook?.disabled?.because, 'gone');
  given(webhook, registered, ...off.events).when(record({ _tag: 'gone' }), facts()).then();
});

test('after a rotation both secrets sign for a day [I-24]', () => {
  assert.is(SECRET_GRACE_MS, 24 * 3_600_000);
  const rotate = (n: number): WebhookCommand => ({ type: 'RotateSecret', webhookId, secretRef: secretRefOf(n) });
  const it = given(webhook, registered);
  it.when(rotate(1), facts({ secretBytes: null })).then();
  const rotated = it.when(rotate(2), facts(), metaOf(4)).then('WebhookSecretRotated');
  assert.equal(rotated.state.webhook?.previousSecret, { secretRef: secretRefOf(1), until: moment(NOON + SECRET_GRACE_MS) });
  it.when(rotate(3), facts({ secretBytes: 5 })).refused('SecretLengthOutOfRange');
});

test('a webhook that was removed, or never was, takes no orders [S0-16]', () => {
  const gone = given(webhook, registered).when({ type: 'RemoveWebhook', webhookId }, facts()).then('WebhookRemoved');
  for (const it of [given(webhook), given(webhook, registered, ...gone.events)]) {
    it.when({ type: 'RemoveWebhook', webhookId }, facts()).refused('WebhookNotFound', { value: webhookId });
    it.when(update({ enabled: false }), facts()).refused('WebhookNotFound');
    it.when(record(no), facts()).refused('WebhookNotFound');
  }
  given(webhook, registered, ...gone.events).when(register(), facts()).refused('WebhookAlreadyExists');
});

test.run();
