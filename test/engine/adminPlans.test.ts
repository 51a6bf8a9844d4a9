/** Dry runs of what is done at once, by those who run the service: pauses, tokens, webhooks, mending. */
import * as E from 'fp-ts/lib/Either.js';
import * as assert from 'uvu/assert';
import { memorySecretStore, newWebhookSecret, type AdminRequest, type ControlPlane, type Plan } from '@blockledger/app';
import { memoryStore } from '@blockledger/app/memory';
import type { EventStore } from '@blockledger/domain';
import { fakeBackend } from '../support/fakeBackend.ts';
import { barePlane, lasting, left, planeWithPool, right, snapshotOf, UUID, volumeIn } from '../support/plane.ts';
import { suite } from '../support/suite.ts';

const test = suite('plans of administrators');

const headOf = async (store: EventStore): Promise<number> => E.getOrElse(() => Number.NaN)(await store.head()());
const typesSince = async (store: EventStore, head: number): Promise<readonly string[]> => {
  const read = await store.readAll(head + 1, 1_000)();
  return E.isRight(read) ? read.right.map(({ type }) => type) : [];
};
const typesOf = ({ events }: Plan): readonly string[] => events.map(({ type }) => type);

/** Does in earnest what was planned. */
const doIt = (plane: ControlPlane, request: AdminRequest): Promise<unknown> => {
  switch (request.do) {
    case 'pauseBackend':
      return plane.pauseBackend(request.backend, request);
    case 'resumeBackend':
      return plane.resumeBackend(request.backend);
    case 'issueToken':
      return plane.tokens.issue(request.input);
    case 'revokeToken':
      return plane.tokens.revoke(request.id, request.input);
    case 'registerWebhook':
      return plane.webhooks.register(request.input);
    case 'updateWebhook':
      return plane.webhooks.update(request.id, request.input);
    case 'rotateWebhookSecret':
      return plane.webhooks.rotateSecret(request.id, request.secret);
    case 'removeWebhook':
      return plane.webhooks.remove(request.id);
    case 'rebuild':
      return plane.rebuild();
    case 'acceptRestoredLog':
      return plane.acceptRestoredLog(request.pool);
  }
};

test('a pause, a token and a webhook can be planned: the plan says the events that follow and no secret, and changes nothing [S0-16, I-24]', async () => {
  const secrets = memorySecretStore();
  const { plane, store } = await planeWithPool({ secrets });
  const [first, second] = [newWebhookSecret(), newWebhookSecret()];
  const issued = right(await plane.tokens.issue({ name: 'old', role: 'reader', tenant: null })).view;
  const hook = right(await plane.webhooks.register({ name: 'ops', url: 'https://ops.example/', secret: first }));
  const wanted: readonly (readonly [AdminRequest, readonly string[]])[] = [
    [{ do: 'pauseBackend', backend: 'fake', reason: 'upgrade' }, ['BackendPaused']],
    [{ do: 'resumeBackend', backend: 'fake' }, ['BackendResumed']],
    [{ do: 'issueToken', input: { name: 'ci', role: 'operator', tenant: 'acme' } }, ['AccessTokenIssued']],
    [{ do: 'revokeToken', id: issued.id, input: { reason: 'old' } }, ['AccessTokenRevoked']],
    [{ do: 'registerWebhook', input: { name: 'more', url: 'https://more.example/', secret: second } }, ['WebhookRegistered']],
    [{ do: 'updateWebhook', id: hook.id, input: { enabled: false, from: 'start' } }, ['WebhookMoved', 'WebhookDisabled']],
    [{ do: 'rotateWebhookSecret', id: hook.id, secret: first }, []],
    [{ do: 'rotateWebhookSecret', id: hook.id, secret: second }, ['WebhookSecretRotated']],
    [{ do: 'removeWebhook', id: hook.id }, ['WebhookRemoved']],
  ];
  for (const [request, types] of wanted) {
    const before = [await headOf(store), await secrets.refs('webhook')(), plane.actions.list().totalCount];
    const plan = right(await plane.plan(request));
    assert.equal(typesOf(plan), types, request.do);
    assert.equal(plan.work, []);
    assert.not.match(JSON.stringify(plan), /whsec_|blk_|"hash"/);
    assert.equal([await headOf(store), await secrets.refs('webhook')(), plane.actions.list().totalCount], before, `${request.do} was only planned`);
    await doIt(plane, request);
    assert.equal(await typesSince(store, before[0] as number), types, `${request.do} in earnest`);
  }
  await plane.close();
});

test('a plan is refused as the request would be [S0-16, I-12]', async () => {
  const { plane } = await planeWithPool();
  const secret = newWebhookSecret();
  const refused: readonly (readonly [AdminRequest, string])[] = [
    [{ do: 'pauseBackend', backend: 'tape', reason: 'no' }, 'BackendIsUnknown'],
    [{ do: 'issueToken', input: { name: '', role: 'reader', tenant: null } }, 'TokenNameIsNotAllowed'],
    [{ do: 'revokeToken', id: 'nobody', input: {} }, 'TokenNotFound'],
    [{ do: 'registerWebhook', input: { name: 'ops', url: 'http://ops.example/', secret } }, 'UrlIsNotAllowed'],
    [{ do: 'registerWebhook', input: { name: 'ops', url: 'https://ops.example/', secret: 'short' } }, 'SecretLengthOutOfRange'],
    [{ do: 'registerWebhook', input: { name: 'ops', url: 'https://ops.example/', secret, from: 999 } }, 'PositionNotInLog'],
    [{ do: 'updateWebhook', id: UUID(7), input: { enabled: false } }, 'WebhookNotFound'],
    [{ do: 'rotateWebhookSecret', id: 'nobody', secret }, 'WebhookNotFound'],
    [{ do: 'removeWebhook', id: UUID(7) }, 'WebhookNotFound'],
    [{ do: 'acceptRestoredLog', pool: 'nowhere' }, 'PoolNotFound'],
  ];
  for (const [request, tag] of refused) {
    assert.is(left(await plane.plan(request))._tag, tag, request.do);
    assert.is(left((await doIt(plane, request)) as never)._tag, tag, `${request.do} in earnest`);
  }
  const blue = plane.confinedTo('blue');
  for (const what of ['rebuild', 'pauseBackend', 'removeWebhook'] as const) assert.is(left(await blue.plan({ do: what } as AdminRequest))._tag, 'CallerIsConfined', what);
  assert.is(right(await blue.plan({ do: 'issueToken', input: { name: 'ci', role: 'reader', tenant: 'red' } })).events[0]?.data['tenant' as never], 'blue');
  await plane.close();
});

test('the plan of rebuilding a lost log says what would be written down, clones behind their parents [I-27]', async () => {
  const fake = fakeBackend();
  const before = await planeWithPool({ fake });
  const source = await volumeIn(before, 'source');
  const snapshot = await snapshotOf(before, source.id, 'monday');
  const clone = right(await before.plane.createVolume({ pool: 'ssd', name: 'clone', snapshot: snapshot.id }, { wait: 'done' })).resource;
  await before.plane.idle();
  await before.plane.close();
  for (const image of fake.images.values()) {
    if (image.parent === snapshot.id) image.identity = { ...image.identity, parentSnapshotId: snapshot.id as never, parentVolumeId: source.id as never };
  }
  const { plane, store } = await barePlane({ fake, installationId: before.plane.installationId });
  right(await plane.registerPool({ name: 'ssd', placement: { backend: 'fake', pool: 'ssd' } }));
  await plane.idle();
  const head = await headOf(store);
  const plan = right(await plane.plan({ do: 'rebuild' }));
  assert.is(await headOf(store), head);
  assert.is(plane.volumes.list().totalCount, 0);
  assert.equal(right(await plane.rebuild()).volumes, [source.id, clone.id]);
  await plane.idle();
  const inOrder = (types: readonly string[]): readonly string[] => types.filter((type) => /^(?:Volume|Snapshot)/.test(type)).toSorted();
  assert.equal(inOrder(typesOf(plan)), inOrder(await typesSince(store, head)));
  const requested = plan.events.filter(({ type }) => /^Volume(?:Recover|Request)/.test(type)).map(({ stream }) => stream);
  assert.equal(requested, [`volume-${source.id}`, `volume-${clone.id}`]);
  assert.equal(typesOf(right(await plane.plan({ do: 'rebuild' }))), [], 'nothing is left to write down');
  await plane.close();
});

test('the plan of accepting a restored log says which destructive work waits for that [I-27, R-9]', async () => {
  const fake = fakeBackend();
  const store = memoryStore();
  const made = await planeWithPool({ fake, store: lasting(store) });
  const volume = await volumeIn(made, 'db');
  await made.plane.idle();
  assert.equal(right(await made.plane.plan({ do: 'acceptRestoredLog', pool: 'ssd' })).work, [], 'nothing waits');
  await made.plane.close();
  fake.marks.set('ssd', 1_000_000);
  const { plane } = await barePlane({ fake, store, clock: made.clock });
  right(await plane.deleteVolume(volume.id));
  const head = await headOf(store);
  const plan = right(await plane.plan({ do: 'acceptRestoredLog', pool: 'ssd' }));
  assert.equal([plan.work[0]?.step, plan.work[0]?.performs?.action.do], ['remove', 'ensureVolumeGone']);
  assert.ok(typesOf(plan).includes('VolumeDeleted'));
  assert.equal([await headOf(store), fake.images.size], [head, 1]);
  right(await plane.acceptRestoredLog('ssd'));
  await plane.idle();
  assert.is(fake.images.size, 0);
  await plane.close();
});

test.run();
