/** Looking at what is gone, at the past, and at backends, through REST. */
import * as assert from 'uvu/assert';
import { httpFixture, volumeCalled } from '../support/httpFixture.ts';
import { suite } from '../support/suite.ts';

const test = suite('looking');
const { ask, settle, plane, close } = await httpFixture();

type Rows = readonly Readonly<Record<string, unknown>>[];

test('a deleted volume is found with gone, listed by its status, and told by its history [I-16, S0-4]', async () => {
  await settle('POST', '/block-volumes', volumeCalled('short-lived'));
  await settle('DELETE', '/block-volumes/1');
  assert.is((await ask('GET', '/block-volumes/1')).status, 404);
  const gone = await ask('GET', '/block-volumes/1?gone=true');
  assert.is(gone.status, 200);
  assert.is(gone.json['block_volume']?.['status'], 'deleted');
  const listed = await ask('GET', '/block-volumes?status=deleted');
  assert.equal((listed.json['block_volumes'] as unknown as Rows).map(({ name }) => name), ['short-lived']);
  assert.equal((await ask('GET', '/block-volumes')).json['block_volumes'], []);
  const events = (await ask('GET', '/block-volumes/1/history')).json['events'] as unknown as Rows;
  assert.is(events.at(0)?.['request'], 'createVolume');
  assert.is((await ask('GET', '/block-volumes/99?gone=true')).status, 404);
});

test('a moment before the volume was there is refused by its rule [S0-136]', async () => {
  const early = await ask('GET', '/block-volumes/1?at=2001-01-01T00:00:00Z');
  assert.is(early.status, 404);
  assert.match(early.text, /"rule":"existedThen"/);
  assert.is((await ask('GET', '/block-volumes/1?at=yesterday')).status, 400);
});

test('a paused backend keeps its work, says why, and runs it when it is resumed [S0-53]', async () => {
  const paused = await ask('POST', '/backends/ceph:pause', { body: { backend: { reason: 'new disks' } } });
  assert.is(paused.status, 200);
  assert.match(paused.text, /"paused":\{"reason":"new disks"/);
  const made = await settle('POST', '/block-volumes', volumeCalled('patient'));
  assert.is(made.status, 202);
  assert.is((await ask('GET', '/block-volumes/2')).json['block_volume']?.['status'], 'creating');
  const seen = await ask('GET', '/backends/ceph');
  assert.is(seen.json['backend']?.['waiting'], 1);
  assert.is((await ask('POST', '/backends/ceph:resume')).status, 200);
  await plane.idle();
  assert.is((await ask('GET', '/block-volumes/2')).json['block_volume']?.['status'], 'active');
  assert.is((await ask('GET', '/backends/nowhere')).status, 422);
  assert.is((await ask('POST', '/backends/ceph:explode')).status, 404);
});

test('lists come in the order that is asked for, and a cursor of another order is refused [S0-4]', async () => {
  for (const [name, size] of [['small', 1], ['large', 9], ['middle', 4]] as const) await settle('POST', '/block-volumes', volumeCalled(name, { size: size * 2 ** 30 }));
  const names = async (query: string): Promise<readonly unknown[]> => ((await ask('GET', `/block-volumes?${query}`)).json['block_volumes'] as unknown as Rows).map(({ name }) => name);
  assert.equal((await names('sort=-size,name')).slice(0, 2), ['large', 'middle']);
  const page = await ask('GET', '/block-volumes?sort=-size&limit=1');
  const next = String(page.json['paging']?.['next']);
  assert.equal(await names(`sort=-size&limit=1&cursor=${next}`), ['middle']);
  const foreign = await ask('GET', `/block-volumes?sort=name&cursor=${next}`);
  assert.match(foreign.text, /CursorIsForeign/);
  assert.is(foreign.status, 400);
  assert.is((await ask('GET', '/block-volumes?sort=colour')).status, 400);
  assert.is((await ask('GET', '/block-volumes?sort=name,-name')).status, 400);
});

test('tasks are found by several statuses, by who asked and by when, the newest first [S0-135]', async () => {
  const tasks = async (query: string): Promise<Rows> => (await ask('GET', `/tasks?limit=-1&${query}`)).json['tasks'] as unknown as Rows;
  const newest = await tasks('sort=-id&status=succeeded,failed&resource_type=block_volume');
  assert.is(newest[0]?.['type'], 'CreateBlockVolume');
  assert.ok(Number(newest[0]?.['id']) > Number(newest[1]?.['id']));
  assert.is((await tasks('user=token:nobody')).length, 0);
  assert.ok((await tasks('user=token:tester')).length > 0);
  assert.is((await tasks('since=2100-01-01T00:00:00Z')).length, 0);
});

test('tasks and actions are asked for about one resource: two at once are refused, not half looked at [S0-4, S0-135]', async () => {
  for (const list of ['tasks', 'actions']) {
    assert.is((await ask('GET', `/${list}?block_volume_id=2`)).status, 200);
    const refused = await ask('GET', `/${list}?block_volume_id=2&pool_id=1`);
    assert.equal([refused.status, refused.json['value']], [400, ['block_volume_id', 'pool_id']]);
    assert.match(refused.text, /ParameterIsInvalid/);
  }
});

test('a pool that is reported in error takes no new volumes until it is reported online again [S0-53]', async () => {
  const report = async (health: string): Promise<unknown> => (await ask('POST', '/pools/1:report-health', { body: { pool: { health } } })).json['pool']?.['health'];
  assert.is(await report('error'), 'error');
  const refused = await ask('POST', '/block-volumes', volumeCalled('unlucky'));
  assert.is(refused.status, 409);
  assert.match(refused.text, /PoolIsUnhealthy/);
  assert.is(await report('degraded'), 'degraded');
  assert.is((await settle('POST', '/block-volumes', volumeCalled('lucky'))).status, 202);
  assert.is(await report('online'), 'online');
  assert.is((await ask('POST', '/pools/1:report-health', { body: { pool: { health: 'well' } } })).status, 400);
});

test('a task tells the correlation id of its log lines and events [S0-135, S0-136]', async () => {
  const made = await settle('POST', '/block-volumes', { ...volumeCalled('traced'), headers: { 'x-correlation-id': 'the-trace-of-today' } });
  assert.is(made.json['task']?.['correlation_id'], 'the-trace-of-today');
  const events = (await ask('GET', `/block-volumes/${String(made.json['block_volume']?.['uuid'])}/history`)).json['events'] as unknown as Rows;
  assert.ok(events.length > 2);
  assert.ok(events.every(({ correlation_id: id }) => id === 'the-trace-of-today'));
});

test('who takes a restored log as the truth, or rebuilds a lost one, is among the actions [S0-136]', async () => {
  assert.is((await ask('POST', '/pools/1:accept-restored-log')).status, 200);
  assert.is((await ask('POST', '/rebuild')).status, 200);
  const actions = (await ask('GET', '/actions?limit=-1&user=token:tester')).json['actions'] as unknown as Rows;
  assert.equal(actions.slice(-2).map(({ action, status }) => [action, status]), [['acceptRestoredLog', 'accepted'], ['rebuild', 'accepted']]);
});

test('what is done at once can be planned, too: nothing is issued, sent or stored for it [S0-16, I-24]', async () => {
  const hook = { name: 'ops', url: 'https://ops.example/', secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' };
  const before = (await ask('GET', '/actions?limit=1')).json['paging']?.['total_count'];
  const planned = async (method: string, path: string, body?: object): Promise<readonly unknown[]> => {
    const { status, json, text } = await ask(method, `${path}?plan=true`, body === undefined ? {} : { body });
    assert.is(status, 200, text);
    assert.not.match(text, /whsec_|blk_|"hash"|"secret"/);
    return (json['plan'] as { readonly events: readonly { readonly type: string }[] }).events.map(({ type }) => type);
  };
  assert.equal(await planned('POST', '/backends/ceph:pause', { backend: { reason: 'upgrade' } }), ['BackendPaused']);
  assert.equal(await planned('POST', '/backends/ceph:resume'), []);
  assert.equal(await planned('POST', '/tokens', { token: { name: 'ci', role: 'reader' } }), ['AccessTokenIssued']);
  assert.equal(await planned('POST', '/webhooks', { webhook: hook }), ['WebhookRegistered']);
  assert.equal(await planned('POST', '/rebuild'), []);
  assert.equal(await planned('POST', '/pools/1:accept-restored-log'), []);
  assert.is((await ask('DELETE', '/webhooks/00000000-0000-4000-8000-000000000000?plan=true')).status, 404);
  assert.equal([(await ask('GET', '/tokens')).json['tokens'], (await ask('GET', '/webhooks')).json['webhooks'], (await ask('GET', '/actions?limit=1')).json['paging']?.['total_count']], [[], [], before]);
});

test.after(close);
test.run();
