/** Who asked for what, and what came of it, through REST. */
import * as E from 'fp-ts/lib/Either.js';
import * as assert from 'uvu/assert';
import { httpFixture, volumeCalled } from '../support/httpFixture.ts';
import { suite } from '../support/suite.ts';

const test = suite('actions over REST');
const { ask, settle, plane, close } = await httpFixture();

type Row = Readonly<Record<string, unknown>>;
const rows = async (query: string, headers: Readonly<Record<string, string>> = {}): Promise<readonly Row[]> => (await ask('GET', `/actions?${query}`, { headers })).json['actions'] as unknown as readonly Row[];
const briefly = async (query: string, headers?: Readonly<Record<string, string>>): Promise<readonly (readonly unknown[])[]> => (await rows(query, headers)).map(({ action, status, resource_type: type }) => [action, status, type]);
const tokenOf = async (name: string, tenant: string): Promise<Readonly<Record<string, string>>> => {
  const issued = await plane.tokens.issue({ name, role: 'operator', tenant });
  if (E.isLeft(issued)) throw new Error(JSON.stringify(issued.left));
  return { 'xms-auth-token': issued.right.token };
};

const night = { 'x-correlation-id': 'night-shift' };

test.before(async () => {
  await settle('POST', '/block-volumes', volumeCalled('Ledger-7'));
  await settle('POST', '/block-volumes', volumeCalled('other'));
  await settle('POST', '/block-snapshots', { body: { block_snapshot: { block_volume_id: 1, name: 'monday' } }, headers: night });
  await settle('DELETE', '/block-volumes/1', { headers: night });
});

test('an action says what else it is about, where it came from, its correlation id and what its events tell [S0-136]', async () => {
  const [snapshot] = await rows('action=createSnapshot');
  const volume = plane.volumes.idOf(1);
  assert.equal([snapshot?.['resource_type'], snapshot?.['related_resources'], snapshot?.['correlation_id'], snapshot?.['client_ip'], snapshot?.['message']], ['block_snapshot', [{ resource_type: 'block_volume', resource_id: volume }], 'night-shift', '127.0.0.1', null]);
  const told = snapshot?.['told'] as readonly { readonly type: string; readonly data: Row }[];
  assert.equal(told.map(({ type }) => type), snapshot?.['events']);
  assert.is(told[0]?.data['name'], 'monday');
  const [refused] = await rows('status=refused');
  assert.match(String(refused?.['message']), /snapshot/);
  assert.equal([refused?.['action'], refused?.['told'], (refused?.['problem'] as Row | undefined)?.['rule']], ['deleteVolume', [], 'noSnapshots']);
});

test('actions are found by resource, principal, time, correlation id, result and words, oldest first unless another order is asked for [S0-136, S0-4]', async () => {
  const volume = String(plane.volumes.idOf(1));
  const ofVolume = [['createVolume', 'accepted', 'block_volume'], ['createSnapshot', 'accepted', 'block_snapshot'], ['deleteVolume', 'refused', 'block_volume']];
  for (const query of ['block_volume_id=1', `block_volume_id=${volume}`, `resource_id=${volume}`]) assert.equal(await briefly(query), ofVolume, query);
  assert.equal(await briefly('block_volume_id=1&sort=-order'), ofVolume.toReversed());
  assert.equal(await briefly('block_snapshot_id=1'), [ofVolume[1]]);
  assert.equal(await briefly('block_volume_id=99'), []);
  assert.equal(await briefly('correlation_id=night-shift&sort=-action'), [ofVolume[2], ofVolume[1]]);
  assert.equal(await briefly('q=LEDGER-7&status=accepted'), [ofVolume[0]]);
  assert.equal(await briefly('user=token:nobody'), []);
  assert.equal(await briefly('since=2100-01-01T00:00:00Z'), []);
  assert.equal((await briefly('until=2100-01-01T00:00:00Z&user=token:tester')).length, 4);
  assert.equal(await briefly('tenant=elsewhere'), []);
});

test('pages of actions follow their cursor, and what is no order, moment or cursor of this one is refused by name [S0-4, I-12]', async () => {
  const first = await ask('GET', '/actions?limit=2&sort=-order');
  const next = String(first.json['paging']?.['next']);
  assert.equal((await briefly(`limit=2&sort=-order&cursor=${next}`)).length, 2);
  for (const [query, told] of [[`sort=start&cursor=${next}`, /CursorIsForeign/], ['sort=colour', /must be some of order, start/], ['since=noon', /must be a moment/], ['status=done', /must be one of accepted, refused/]] as const) {
    const refused = await ask('GET', `/actions?${query}`);
    assert.is(refused.status, 400, query);
    assert.match(refused.text, told);
  }
});

test('a tenant finds its own actions by whatever it looks for, and nobody else’s [I-12, S0-136]', async () => {
  const [red, blue] = [await tokenOf('red', 'RED'), await tokenOf('blue', 'BLUE')];
  await settle('POST', '/block-volumes', { ...volumeCalled('crimson'), headers: red });
  await settle('POST', '/block-volumes', { ...volumeCalled('crimson'), headers: { ...red, ...night } });
  const volume = String(plane.volumes.list({ tenant: 'RED' }).items[0]?.id);
  assert.equal(await briefly('action=createVolume', red), [['createVolume', 'accepted', 'block_volume'], ['createVolume', 'refused', 'block_volume']]);
  for (const query of ['action=createVolume', 'q=crimson', 'tenant=RED', 'user=token:red', `resource_id=${volume}`, `block_volume_id=${volume}`, 'correlation_id=night-shift', 'status=refused', 'sort=-user&action=createVolume']) {
    assert.equal(await briefly(query, blue), [], query);
    assert.not.match((await ask('GET', `/actions?${query}`, { headers: blue })).text, new RegExp(`crimson|${volume}|127\\.`));
  }
  assert.equal((await briefly('tenant=RED&action=createVolume')).length, 2);
  for (const { command_id: id } of await rows('tenant=RED&action=createVolume')) {
    assert.equal([(await ask('GET', `/actions/${String(id)}`, { headers: red })).status, (await ask('GET', `/actions/${String(id)}`, { headers: blue })).status], [200, 404]);
  }
});

test('one action shows its resource before and after it, the end of its work included [S0-136]', async () => {
  await settle('PATCH', '/block-volumes/2', { body: { block_volume: { size: 2 ** 31, description: 'grown' } } });
  const one = async (query: string): Promise<Row> => {
    const [row] = await rows(`${query}&sort=-order`);
    const answered = await ask('GET', `/actions/${String(row?.['command_id'])}`);
    assert.is(answered.status, 200, answered.text);
    const { old_data: before, new_data: after, ...rest } = answered.json['action'] as Row;
    assert.equal(rest, row);
    return { before, after };
  };
  const brief = (data: unknown): readonly unknown[] => ['name', 'size', 'description', 'status'].map((field) => (data as Row)[field]);
  const grown = await one('action=updateVolume&block_volume_id=2');
  assert.equal([brief(grown['before']), brief(grown['after'])], [['other', 2 ** 30, '', 'active'], ['other', 2 ** 31, 'grown', 'active']]);
  const made = await one('action=createVolume&block_volume_id=2');
  assert.equal([made['before'], brief(made['after'])], [null, ['other', 2 ** 30, '', 'active']]);
  const taken = await one('action=createSnapshot');
  assert.equal([taken['before'], (taken['after'] as Row)['name'], (taken['after'] as Row)['status']], [null, 'monday', 'active']);
  assert.equal(await one('action=deleteVolume&status=refused'), { before: null, after: null });
  for (const nobody of ['00000000-0000-4000-8000-000000000000', '7']) assert.is((await ask('GET', `/actions/${nobody}`)).status, 404);
});

test('what was asked about tokens and webhooks is shown to admins only: it tells where events are sent, and who may ask [S0-136, S0-16]', async () => {
  const issued = await plane.tokens.issue({ name: 'looker', role: 'reader', tenant: null });
  const reader = { 'xms-auth-token': E.isRight(issued) ? issued.right.token : '' };
  const hook = { url: 'https://ops.example/hooks/9f3a', secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' };
  const made = await ask('POST', '/webhooks', { body: { webhook: { name: 'ops', ...hook } } });
  const { uuid } = made.json['webhook'] as { readonly uuid: string };
  for (const [method, path, body] of [
    ['POST', '/webhooks', { webhook: { name: 'bad', ...hook, from: 999_999 } }],
    ['PATCH', `/webhooks/${uuid}`, { webhook: { enabled: false } }],
    ['POST', `/webhooks/${uuid}:rotate-secret`, { webhook: { secret: hook.secret } }],
    ['DELETE', `/webhooks/${uuid}`, undefined],
    ['POST', '/tokens', { token: { name: 'ci', role: 'reader' } }],
    ['DELETE', `/tokens/${plane.tokens.list().items[0]?.id}`, undefined],
  ] as const) await ask(method, path, body === undefined ? {} : { body });
  const about = async (headers: Readonly<Record<string, string>>): Promise<readonly unknown[]> =>
    (await rows('limit=-1', headers)).map(({ action }) => action).filter((action) => /Token|Webhook/.test(String(action)));
  assert.equal(new Set(await about({})), new Set(['issueToken', 'registerWebhook', 'updateWebhook', 'rotateWebhookSecret', 'removeWebhook', 'revokeToken']));
  assert.equal(await about(reader), []);
  for (const query of ['limit=-1', 'action=registerWebhook', 'q=ops.example', `resource_id=${uuid}`]) assert.not.match((await ask('GET', `/actions?${query}`, { headers: reader })).text, /ops\.example|token:ci|"token"/, query);
  for (const { command_id: id } of await rows('action=registerWebhook')) {
    assert.equal([(await ask('GET', `/actions/${String(id)}`)).status, (await ask('GET', `/actions/${String(id)}`, { headers: reader })).status], [200, 404]);
  }
  assert.ok((await rows('limit=-1', reader)).length > 3);
});

test.after(close);
test.run();
