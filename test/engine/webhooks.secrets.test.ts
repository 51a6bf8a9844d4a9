/** Secrets of webhooks: rotated, lost, and never told. */
import { setTimeout as pause } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import * as assert from 'uvu/assert';
import { memorySecretStore, newWebhookSecret, type Sending, type WebhookSender } from '@blockledger/app';
import { secret as wrap } from '@blockledger/domain';
import { filledStore, LONG_POOL } from '../support/longLog.ts';
import { barePlane, lasting, left, right, type TestPlane } from '../support/plane.ts';
import { isSignedWith } from '../support/receiver.ts';
import { suite } from '../support/suite.ts';
import { virtualClock } from '../support/virtualClock.ts';
import { hookTo, never, scene, SECRET, until } from '../support/webhookScene.ts';

const test = suite('secrets of webhooks');

test('after a rotation both secrets sign for a day, and then only the new one [I-24]', async () => {
  const clock = virtualClock(Date.now(), { auto: false });
  const secrets = memorySecretStore();
  const { plane, receiver, hook, end } = await scene({}, { clock, secrets });
  const fresh = newWebhookSecret();
  const rotated = right(await plane.webhooks.rotateSecret(hook.id, fresh));
  assert.is(rotated.previousSecretUntil, clock.nowMs() + 86_400_000);
  assert.is(right(await plane.webhooks.test(hook.id)).outcome, 'delivered');
  const [both] = receiver.arrived;
  assert.ok(isSignedWith(SECRET, both!) && isSignedWith(fresh, both!));
  clock.advance(86_400_000);
  right(await plane.webhooks.test(hook.id));
  const later = receiver.arrived[1]!;
  // The verifier's clock is the real one; what counts here is how many signatures there are.
  assert.is(String(both!.headers['webhook-signature']).split(' ').length, 2);
  assert.is(String(later.headers['webhook-signature']).split(' ').length, 1);
  right(await plane.webhooks.rotateSecret(hook.id, newWebhookSecret()));
  right(await plane.webhooks.remove(hook.id));
  await pause(5);
  assert.equal(await secrets.refs('webhook')(), E.right([]), 'secrets of a removed webhook are forgotten');
  await end();
});

test('secrets given to a webhook at the same time are all kept until their turn: each rotation is accepted, and the last one signs [I-24, I-15]', async () => {
  const secrets = memorySecretStore();
  const { plane, receiver, hook, end } = await scene({}, { clock: virtualClock(Date.now(), { auto: false }), secrets });
  const fresh = [newWebhookSecret(), newWebhookSecret(), newWebhookSecret()];
  const rotated = await Promise.all(fresh.map((one) => plane.webhooks.rotateSecret(hook.id, one)));
  assert.equal(rotated.map(({ _tag }) => _tag), ['Right', 'Right', 'Right']);
  assert.is(right(await plane.webhooks.test(hook.id)).outcome, 'delivered');
  assert.equal(fresh.map((one) => isSignedWith(one, receiver.arrived[0]!)), [false, true, true]);
  await pause(5);
  const refs = await secrets.refs('webhook')();
  assert.is(E.isRight(refs) && refs.right.length, 2, 'those that sign');
  await end();
});

test('no secret of a webhook stands in an event, an answer, a list, a record or a message [I-24]', async () => {
  const { plane, store, hook, receiver, end } = await scene({ secret: wrap(SECRET) });
  const fresh = newWebhookSecret();
  right(await plane.webhooks.rotateSecret(hook.id, fresh));
  left(await plane.webhooks.register(hookTo('https://me:hunter2@ops.example/')));
  const short = left(await plane.webhooks.register(hookTo(receiver.url, { secret: 'whsec_aHVudGVyMg==' })));
  assert.is(short._tag, 'SecretLengthOutOfRange');
  right(await plane.webhooks.test(hook.id));
  const entries = await readAll(plane);
  const everything = JSON.stringify([await store.readAll(0, 1_000)(), plane.webhooks.list(), plane.actions.list(), plane.webhooks.deliveries(hook.id), receiver.arrived, entries, short]);
  for (const planted of [SECRET, fresh, 'hunter2', 'aHVudGVyMg']) assert.not.ok(everything.includes(planted.replace('whsec_', '')), planted);
  await end();
});

const readAll = async (plane: TestPlane['plane']): Promise<readonly unknown[]> => {
  const entries: unknown[] = [];
  const head = right(await plane.events().started);
  for await (const entry of plane.events({ from: 'start', filter: { kinds: ['webhook', 'pool'] } })) {
    entries.push(entry);
    if (entry.position >= head - 1) break;
  }
  return entries;
};

test('a webhook whose secret is lost fails visibly, and delivers when it gets another one [I-24]', async () => {
  const { store } = await filledStore(2);
  const first = await barePlane({ store: lasting(store), webhooks: { send: () => never() } });
  const hook = right(await first.plane.webhooks.register(hookTo('https://ops.example/')));
  right(await first.plane.pausePool(LONG_POOL, { reason: 'disks' }));
  await first.plane.close();
  const sent: Sending[] = [];
  const send: WebhookSender = async (sending) => (sent.push(sending), E.right({ status: 200, retryAfterMs: 0 }));
  const second = await barePlane({ store, webhooks: { send } });
  await until(() => second.plane.webhooks.get(hook.id)?.status === 'failing');
  assert.match(second.plane.warnings().map(({ message }) => message).join(), /secret store does not have/);
  right(await second.plane.webhooks.rotateSecret(hook.id, newWebhookSecret()));
  await until(() => sent.length > 0);
  await second.plane.close();
});

test.run();
