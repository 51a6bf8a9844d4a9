/** Webhooks: what is delivered, in which order, how often, and over which crashes. */
import { setTimeout as pause } from 'node:timers/promises';
import * as fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import * as assert from 'uvu/assert';
import { memorySecretStore, newWebhookSecret, type RegisterWebhookInput, type Sending, type WebhookSender } from '@blockledger/app';
import type { EventStore } from '@blockledger/domain';
import { filledStore, pauses } from '../support/longLog.ts';
import { barePlane, lasting, left, right, UUID, volumeIn } from '../support/plane.ts';
import { isSignedWith, startReceiver } from '../support/receiver.ts';
import { suite } from '../support/suite.ts';
import { virtualClock } from '../support/virtualClock.ts';
import { hookTo, never, scene, SECRET, until } from '../support/webhookScene.ts';

const test = suite('webhooks of a control plane');

test('what happens to a volume arrives in order, signed, with the id of the event [I-24, S0-136]', async () => {
  const { plane, receiver, hook, end, ...made } = await scene({ filter: { kinds: ['volume'] } }, { clock: virtualClock(Date.now()) });
  await volumeIn({ ...made, plane }, 'db-1');
  await receiver.has(4);
  assert.equal(receiver.arrived.map(({ body }) => body.type), ['VolumeRequested', 'VolumeReserved', 'VolumeMade', 'VolumeCreated']);
  const [first] = receiver.arrived;
  assert.equal(Object.keys(first!.body), ['type', 'timestamp', 'data']);
  assert.is(first!.headers['webhook-id'], first!.body.data['event_id']);
  assert.is(first!.headers['content-type'], 'application/json');
  for (const message of receiver.arrived) {
    assert.ok(isSignedWith(SECRET, message));
    assert.not.ok(isSignedWith(newWebhookSecret(), message));
    assert.not.ok(isSignedWith(SECRET, { ...message, text: message.text.replace('olume', 'olvme') }));
  }
  assert.is(plane.webhooks.get(hook.id)?.status, 'active');
  await end();
});

test('a webhook gets what its filter lets through, and nothing of webhooks, tokens and reservations [S0-136]', async () => {
  const { plane, receiver, end, ...made } = await scene({ from: 'start', filter: { types: ['PoolRequested', 'VolumeCreated'], tenant: 'blue' } });
  const all = right(await plane.webhooks.register(hookTo(`${receiver.url}/all`, { from: 'start' })));
  await volumeIn({ ...made, plane }, 'ours');
  right(await plane.createVolume({ pool: 'ssd', name: 'theirs', sizeBytes: 2 ** 30 }, { wait: 'done', tenant: 'blue' }));
  right(await plane.tokens.issue({ name: 'ci', role: 'reader', tenant: null }));
  right(await plane.pausePool('ssd', { reason: 'last' }));
  await until(() => receiver.arrived.some(({ body }) => body.type === 'PoolPaused') && receiver.arrived.some(({ body }) => body.data['tenant'] === 'blue'));
  const kinds = new Set(receiver.arrived.map(({ body }) => body.data['resource_type']));
  assert.equal(kinds, new Set(['pool', 'block_volume']));
  await until(() => plane.webhooks.deliveries(all.id).some(({ type }) => type === 'PoolPaused'));
  const blue = receiver.arrived.filter(({ body }) => body.type === 'VolumeCreated' && body.data['tenant'] === 'blue');
  assert.is(blue.length, 2, 'one for each webhook');
  await end();
});

test('a receiver that fails is tried again with growing pauses until it answers, and nothing overtakes [I-1]', async () => {
  const pauses: number[] = [];
  const clock = virtualClock();
  const counting = { ...clock, sleep: (ms: number, signal?: Parameters<typeof clock.sleep>[1]) => (pauses.push(ms), clock.sleep(ms, signal)) };
  const { plane, receiver, hook, end } = await scene({}, { clock: counting });
  receiver.answer = (_message, n) => ([500, 'hangUp', 302, 404, 503] as const)[n] ?? 200;
  right(await plane.pausePool('ssd', { reason: 'disks' }));
  right(await plane.resumePool('ssd'));
  await receiver.has(7);
  await until(() => plane.webhooks.get(hook.id)?.failing === null && plane.webhooks.deliveries(hook.id).length === 2);
  assert.equal(receiver.arrived.map(({ body }) => body.type), [...Array.from({ length: 6 }, () => 'PoolPaused'), 'PoolResumed']);
  assert.is(new Set(receiver.arrived.slice(0, 6).map(({ id }) => id)).size, 1, 'each attempt has the same id');
  const [last, first] = plane.webhooks.deliveries(hook.id);
  assert.equal([first?.outcome, first?.attempts, first?.status], ['delivered', 6, 200]);
  assert.equal([last?.outcome, last?.attempts], ['delivered', 1]);
  const grown = pauses.filter((ms) => ms < 30_000 && ms !== 5_000);
  assert.ok(grown.length >= 5 && grown.slice(0, 5).every((ms, n) => ms >= 500 * 2 ** n && ms <= 1_000 * 2 ** n), grown.join());
  const types = right(await plane.events().started) > 0 ? (await readTypes(plane.events({ from: 'start', filter: { ids: [hook.id], kinds: ['webhook'] } }), 3)) : [];
  assert.equal(types, ['WebhookRegistered', 'DeliveryFailing', 'DeliveriesRecorded'], 'only the first failure is an event');
  await end();
});

const readTypes = async (feed: AsyncIterable<{ readonly type: string }>, count: number): Promise<readonly string[]> => {
  const types: string[] = [];
  for await (const { type } of feed) {
    types.push(type);
    if (types.length === count) break;
  }
  return types;
};

test('a redirect is not followed, a long answer harms nobody, and a receiver is left alone for as long as it asks [I-12]', async () => {
  const { plane, receiver, hook, end } = await scene();
  const other = await startReceiver();
  const before = Date.now();
  receiver.answer = (_message, n) =>
    n === 0
      ? { status: 307, headers: { location: other.url } }
      : n === 1
        ? { status: 503, headers: { 'retry-after': '120' } }
        : { status: 200, body: 'x'.repeat(10_000_000) };
  right(await plane.pausePool('ssd', { reason: 'disks' }));
  await receiver.has(3);
  await until(() => plane.webhooks.deliveries(hook.id)[0]?.outcome === 'delivered');
  assert.is(other.arrived.length, 0);
  const [, second, third] = receiver.arrived.map(({ headers }) => Number(headers['webhook-timestamp']));
  assert.ok(third! - second! >= 120, 'virtual seconds');
  assert.ok(Date.now() - before < 60_000);
  await other.close();
  await end();
});

test('a receiver that never answers is given up after its time, and tried again [I-1]', async () => {
  const { plane, receiver, hook, end } = await scene({}, { webhooks: { timeoutMs: 50 } });
  receiver.answer = (_message, n) => (n === 0 ? 'silence' : 200);
  right(await plane.pausePool('ssd', { reason: 'disks' }));
  await until(() => plane.webhooks.deliveries(hook.id)[0]?.outcome === 'delivered');
  assert.is(receiver.arrived.length, 2);
  await end();
});

test('a receiver that says that it is gone disables its webhook; enabled again, it gets what it missed [I-26]', async () => {
  const { plane, receiver, hook, end } = await scene();
  receiver.answer = () => 410;
  right(await plane.pausePool('ssd', { reason: 'disks' }));
  await until(() => plane.webhooks.get(hook.id)?.status === 'disabled');
  assert.is(plane.webhooks.get(hook.id)?.disabled?.because, 'gone');
  assert.is(plane.warnings().find(({ code }) => code === 'WebhookDisabled')?.since, plane.webhooks.get(hook.id)?.disabled?.at);
  right(await plane.resumePool('ssd'));
  await pause(20);
  assert.is(receiver.arrived.length, 1);
  receiver.answer = () => 200;
  right(await plane.webhooks.update(hook.id, { enabled: true }));
  await receiver.has(3);
  assert.equal(receiver.arrived.map(({ body }) => body.type), ['PoolPaused', 'PoolPaused', 'PoolResumed']);
  assert.equal(plane.warnings(), []);
  await end();
});

test('a webhook that fails for three days is disabled, with the reason, and can go on behind the event that nobody takes [I-26]', async () => {
  const { plane, receiver, hook, end } = await scene();
  receiver.answer = ({ body }) => (body.type === 'PoolPaused' ? 400 : 200);
  right(await plane.pausePool('ssd', { reason: 'disks' }));
  await until(() => plane.webhooks.get(hook.id)?.status === 'disabled');
  const off = plane.webhooks.get(hook.id);
  assert.is(off?.disabled?.because, 'failing');
  assert.match(off?.disabled?.message ?? '', /7\d hours.*400/);
  assert.ok(receiver.arrived.length < 1000, `${receiver.arrived.length} attempts`);
  const position = plane.webhooks.deliveries(hook.id)[0]?.position ?? -1;
  right(await plane.webhooks.update(hook.id, { enabled: true, from: position }));
  right(await plane.resumePool('ssd'));
  await until(() => receiver.arrived.at(-1)?.body.type === 'PoolResumed');
  await end();
});

/** A promise and how to keep it. */
const promised = (): { readonly kept: Promise<void>; readonly keep: () => void } => {
  let keep = (): void => undefined;
  const kept = new Promise<void>((resolve) => {
    keep = resolve;
  });
  return { kept, keep };
};

test('a crash between a delivery and its record sends the event again, with the same id, and loses none [I-16, I-3]', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 130 }), { maxLength: 5 }), async (crashes) => {
      const { store } = await filledStore(300);
      const secrets = memorySecretStore();
      const stored = await store.readAll(0, 300)();
      const wanted = E.isRight(stored) ? stored.right.map(({ eventId }) => eventId) : [];
      const arrived: string[] = [];
      /** One process: it lives until everything is delivered, or dies in the middle of a delivery that arrives. Nothing that it does afterwards reaches the store. */
      const live = async (dyingAfter: number): Promise<'died' | 'done'> => {
        const [death, end] = [promised(), promised()];
        let isDead = false;
        let count = 0;
        const send: WebhookSender = async ({ headers }: Sending) => {
          if (isDead) return never();
          const id = headers['webhook-id']!;
          arrived.push(id);
          count += 1;
          isDead = count === dyingAfter;
          if (isDead) death.keep();
          else if (id === wanted.at(-1)) end.keep();
          return isDead ? never() : E.right({ status: 200, retryAfterMs: 0 });
        };
        const mortal: EventStore = { ...lasting(store), append: (...given) => (isDead ? () => never() : store.append(...given)) };
        const { plane } = await barePlane({ store: mortal, secrets, webhooks: { send } });
        if (plane.webhooks.list().totalCount === 0) right(await plane.webhooks.register(hookTo('https://ops.example/', { from: 'start' })));
        await Promise.race([death.kept, end.kept]);
        if (isDead) return 'died';
        await plane.close();
        return 'done';
      };
      for (const dyingAfter of [...crashes, Number.POSITIVE_INFINITY]) if ((await live(dyingAfter)) === 'done') break;
      assert.equal([...new Set(arrived)], wanted, 'every event, the first time in order');
      assert.ok(arrived.length <= wanted.length + crashes.length * 101, `${arrived.length - wanted.length} repeats after ${crashes.length} crashes`);
      // An ordinary end is no crash: everything is on record, and nothing comes again.
      const before = arrived.length;
      const { plane } = await barePlane({ store: lasting(store), secrets, webhooks: { send: async ({ headers }) => (arrived.push(headers['webhook-id']!), E.right({ status: 200, retryAfterMs: 0 })) } });
      await pause(5);
      assert.is(arrived.length, before);
      await plane.close();
    }),
    { numRuns: 12, endOnFailure: true },
  );
});

test('a process that ended in order goes on where it was, and delivers what came meanwhile [I-16]', async () => {
  const { store, append } = await filledStore(20);
  const secrets = memorySecretStore();
  const receiver = await startReceiver();
  const first = await barePlane({ store: lasting(store), secrets });
  right(await first.plane.webhooks.register(hookTo(receiver.url, { from: 'start' })));
  await receiver.has(20);
  await first.plane.close();
  await append(pauses(6));
  const second = await barePlane({ store, secrets });
  await receiver.has(26);
  await second.plane.close();
  assert.is(receiver.arrived.length, 26);
  assert.is(new Set(receiver.arrived.map(({ id }) => id)).size, 26);
  await receiver.close();
});

test('a webhook that is sent back to where it began delivers everything again, though the log does not know yet that it was delivered [I-16]', async () => {
  const { store } = await filledStore(6);
  const receiver = await startReceiver();
  const { plane } = await barePlane({ store, clock: virtualClock(Date.now(), { auto: false }) });
  const hook = right(await plane.webhooks.register(hookTo(receiver.url, { from: 'start' })));
  await receiver.has(6);
  right(await plane.webhooks.update(hook.id, { from: 'start' }));
  await receiver.has(12);
  assert.equal(receiver.arrived.slice(6).map(({ id }) => id), receiver.arrived.slice(0, 6).map(({ id }) => id));
  await plane.close();
  await receiver.close();
});

test('a webhook for a tenant records that it passed over the events of others: a restart does not read them again [I-16, I-12]', async () => {
  const { store, append } = await filledStore(10_000);
  const { plane } = await barePlane({ store, webhooks: { send: () => never() } });
  const hook = right(await plane.webhooks.register(hookTo('https://ops.example/', { from: 'start', filter: { tenant: 'blue' } })));
  const isPast = (): boolean => (plane.webhooks.get(hook.id)?.position ?? -1) >= 10_000;
  // It looks how far it got whenever the log has grown by a thousand.
  for (let tries = 0; tries < 100 && !isPast(); tries += 1) {
    await append(pauses(1_000));
    await pause(2);
  }
  assert.ok(isPast(), `it stands at ${plane.webhooks.get(hook.id)?.position}`);
  await plane.close();
});

test('a receiver that stands still holds up nobody else: neither another webhook nor the engine [I-25]', async () => {
  const { plane, receiver, end, ...made } = await scene();
  const slow = await startReceiver();
  slow.answer = () => 'silence';
  right(await plane.webhooks.register(hookTo(slow.url)));
  const volume = await volumeIn({ ...made, plane }, 'quick');
  await until(() => receiver.arrived.some(({ body }) => body.type === 'VolumeCreated'));
  assert.is(plane.volumes.get(volume.id)?.status, 'active');
  assert.is(slow.arrived.length, 1);
  await end();
  await slow.close();
});

test('a test message tells how a receiver answers, also where the webhook is disabled, and moves nothing [S0-136]', async () => {
  const { plane, receiver, hook, end } = await scene();
  right(await plane.webhooks.update(hook.id, { enabled: false }));
  receiver.answer = () => 503;
  const tested = right(await plane.webhooks.test(hook.id));
  assert.equal([tested.outcome, tested.status, tested.position, tested.message], ['failing', 503, null, 'the receiver answered 503']);
  assert.equal([receiver.arrived[0]?.body.type, receiver.arrived[0]?.body.data], ['blockledger.ping', { webhook: hook.id }]);
  assert.equal(plane.webhooks.deliveries(hook.id), [tested]);
  assert.is(plane.webhooks.get(hook.id)?.position, hook.position);
  assert.is(left(await plane.webhooks.test(UUID(9)))._tag, 'WebhookNotFound');
  await end();
});

test('the same registration sent again makes one webhook; with another secret it is another request [I-16, I-32]', async () => {
  const { plane } = await barePlane();
  const options = { idempotencyKey: 'once' };
  const first = right(await plane.webhooks.register(hookTo('https://ops.example/'), options));
  const again = right(await plane.webhooks.register(hookTo('https://ops.example/'), options));
  assert.is(again.id, first.id);
  assert.is(left(await plane.webhooks.register(hookTo('https://ops.example/', { secret: newWebhookSecret() }), options))._tag, 'CommandIdReused');
  assert.is(plane.webhooks.list().totalCount, 1);
  await plane.close();
});

test('what no rule allows is refused with its rule, and changes nothing [I-12]', async () => {
  const { plane, store } = await barePlane();
  const head = right(await plane.events().started);
  const refused = async (changes: Partial<RegisterWebhookInput>): Promise<string> => left(await plane.webhooks.register(hookTo('https://ops.example/', changes)))._tag;
  assert.is(await refused({ url: 'http://ops.example/' }), 'UrlIsNotAllowed');
  assert.is(await refused({ url: 'ops.example' }), 'UrlIsNotAllowed');
  assert.is(await refused({ filter: { kinds: ['webhook'] } }), 'FilterIsInvalid');
  assert.is(await refused({ from: 99 }), 'PositionNotInLog');
  assert.is(await refused({ name: '' }), 'NameIsNotAllowed');
  assert.is(await refused({ secret: 'whsec_not base64!' }), 'SecretLengthOutOfRange');
  assert.is(await refused({ url: 7 as unknown as string }), 'InvalidCommand');
  assert.is(left(await plane.webhooks.update('nobody', {}))._tag, 'WebhookNotFound');
  assert.is(left(await plane.webhooks.update(UUID(3), {}))._tag, 'WebhookNotFound');
  assert.is(left(await plane.webhooks.remove(UUID(3)))._tag, 'WebhookNotFound');
  assert.is(left(await plane.webhooks.rotateSecret(UUID(3), SECRET))._tag, 'WebhookNotFound');
  assert.equal(E.map((last: number) => last)(await store.head()()), E.right(head));
  await plane.close();
  assert.is(left(await plane.webhooks.register(hookTo('https://ops.example/')))._tag, 'PlaneIsClosed');
});

test.run();
