/** Attachments over REST: one life, over simulated gateways, and who may be told what. */
import * as assert from 'uvu/assert';
import { volumeCalled, type Answered, type Asking } from '../support/httpFixture.ts';
import { addressOf, hostCalled, pathFixture } from '../support/pathFixture.ts';
import { right, UUID } from '../support/plane.ts';
import { suite } from '../support/suite.ts';

const test = suite('attachments over REST');
const { plane, ask, settle, gateways, close } = await pathFixture();

const SECRET = 'forward-12345';
const ALL = '/block-volumes/1/attachments';
const FIRST = `${ALL}/${UUID(1)}`;
const node = (n: number): string => `iqn.1994-05.com.redhat:node${n}`;

/** Carries a request out to its end. */
const done = async (method: string, path: string, asking: Asking = {}): Promise<Answered> => {
  const answered = await settle(method, path, { ...asking, headers: { prefer: 'wait=10', ...asking.headers } });
  assert.is(answered.status, 200, answered.text);
  assert.is(answered.json['task']?.['status'] ?? 'succeeded', 'succeeded', answered.text);
  return answered;
};
const refused = async (status: number, tag: string, [method, path, asking]: readonly [string, string, Asking?]): Promise<void> => {
  const answered = await settle(method, path, asking);
  assert.equal([answered.status, answered.json['type']], [status, `urn:blockledger:refusal:${tag}`], answered.text);
};
const stageOf = async (path: string): Promise<unknown> => (await ask('GET', path)).json['attachment']?.['stage'];
const connection = (n: number): Asking => ({ body: { connection: { access_path_id: 1, connector: { initiator: node(n), host: `node${n}`, multipath: true } } } });

test('a volume is reserved, connected, completed, detached and released, each step answered with the attachment [S4-1, S4-2, S4-3, S4-4, S4-5, S4-6, S4-7]', async () => {
  for (const n of [1, 2]) await done('POST', '/hosts', hostCalled(`gw${n}`, addressOf(n)));
  await done('POST', '/access-paths', { body: { access_path: { name: 'gold', host_ids: [1, 2], chap: true, tname: 'forward-user', tsecret: SECRET } } });
  await done('POST', '/block-volumes', volumeCalled('db'));
  const reserved = await done('POST', ALL, { body: { attachment: { uuid: UUID(1), shared: true, instance: 'vm-1' } } });
  assert.equal([reserved.json['attachment']?.['uuid'], reserved.json['attachment']?.['stage'], reserved.json['task']], [UUID(1), 'reserved', null]);
  await refused(409, 'AttachmentIsNotConnected', ['GET', `${FIRST}/connection-info`]);
  const connected = await done('POST', `${FIRST}:connect`, connection(1));
  assert.equal([connected.json['attachment']?.['stage'], connected.json['attachment']?.['lun_id'], connected.json['task']?.['type']], ['connected', 0, 'AttachBlockVolume']);
  for (const host of ['gw1', 'gw2']) assert.ok(gateways.shows(host).includes(node(1)), host);
  const completed = await done('POST', `${FIRST}:complete`, { body: { attachment: { mount_point: '/dev/vdb' } } });
  assert.equal([completed.json['attachment']?.['stage'], completed.json['attachment']?.['mount_point'], completed.json['attachment']?.['instance']], ['attached', '/dev/vdb', 'vm-1']);
  assert.equal((await ask('GET', '/block-volumes/1')).json['block_volume']?.['attachments'], [UUID(1)]);
  await refused(409, 'VolumeIsAttached', ['DELETE', '/block-volumes/1']);
  assert.is((await done('POST', `${FIRST}:begin-detaching`)).json['attachment']?.['stage'], 'detaching');
  assert.is((await done('POST', `${FIRST}:disconnect`)).json['attachment']?.['stage'], 'disconnected');
  for (const host of ['gw1', 'gw2']) assert.not.ok(gateways.shows(host).includes(node(1)), host);
  assert.is((await done('DELETE', FIRST)).json['attachment'], null);
  await refused(404, 'AttachmentNotFound', ['GET', FIRST]);
});

test('letting go of what is gone succeeds, connecting it does not [I-22]', async () => {
  for (const [method, path] of [['POST', `${FIRST}:begin-detaching`], ['POST', `${FIRST}:disconnect?force=true`], ['DELETE', FIRST], ['POST', `${ALL}:disconnect`]] as const) {
    assert.is((await done(method, path)).json['task'], null, path);
  }
  await refused(404, 'AttachmentNotFound', ['POST', `${FIRST}:connect`, connection(1)]);
  await refused(404, 'AttachmentNotFound', ['POST', `${FIRST}:complete`, { body: { attachment: {} } }]);
});

test('one request reserves and connects, or neither; its repeat is the same attachment [S4-8, I-15, I-16]', async () => {
  const body = { attachment: { shared: true, access_path_id: 1, connector: { initiator: node(1) } } };
  const made = await done('POST', ALL, { body, headers: { 'idempotency-key': 'attach' } });
  const again = await settle('POST', ALL, { body, headers: { 'idempotency-key': 'attach' } });
  assert.is(made.json['attachment']?.['stage'], 'connected');
  assert.equal([again.json['attachment']?.['uuid'], again.headers['idempotent-replayed']], [made.json['attachment']?.['uuid'], 'true']);
  await refused(400, 'FieldIsInvalid', ['POST', ALL, { body: { attachment: { shared: true, access_path_id: 1 } } }]);
  await refused(422, 'ConnectorIsIncomplete', ['POST', ALL, { body: { attachment: { shared: true, access_path_id: 1, connector: { ip: '10.0.0.7' } } } }]);
  await refused(404, 'AccessPathNotFound', ['POST', ALL, { body: { attachment: { shared: true, access_path_id: 99, connector: { initiator: node(3) } } } }]);
  await refused(409, 'MappingNeedsShared', ['POST', ALL, { body: { attachment: { instance: 'alone' } } }]);
  assert.is(plane.attachments.list({ volume: 1 }).length, 1);
});

test('attachments are listed by stage, purpose, initiator and instance [R-28, S4-8]', async () => {
  await done('POST', ALL, { body: { attachment: { shared: true, purpose: 'backup', instance: 'nightly' } } });
  const count = async (query: string): Promise<number> => ((await ask('GET', `${ALL}${query}`)).json['attachments'] as unknown as readonly unknown[]).length;
  assert.equal([await count(''), await count('?stage=connected'), await count('?purpose=backup'), await count(`?initiator=${node(1)}`), await count('?instance=nightly'), await count('?stage=attached')], [2, 1, 1, 1, 1, 0]);
  await refused(400, 'ParameterIsInvalid', ['GET', `${ALL}?stage=gone`]);
  await refused(404, 'VolumeNotFound', ['GET', '/block-volumes/99/attachments']);
});

test('the secret of the account is told by one answer, which is kept nowhere, to operators; readers and everything else have none of it [I-24, S1-34, S0-16]', async () => {
  const [{ id } = { id: '' }] = plane.attachments.list({ initiator: node(1) });
  const told = await ask('GET', `${ALL}/${id}/connection-info`);
  assert.equal([told.json['connection_info']?.['tsecret'], told.headers['cache-control']], [SECRET, 'no-store']);
  const { token } = right(await plane.tokens.issue({ name: 'looks', role: 'reader', tenant: null }));
  const headers = { 'xms-auth-token': token };
  assert.is((await ask('GET', `${ALL}/${id}/connection-info`, { headers })).status, 403);
  assert.is((await ask('GET', `${ALL}/${id}`, { headers })).status, 200);
  assert.is((await ask('POST', `${ALL}/${id}:disconnect`, { headers })).status, 403);
  const others = await Promise.all([`${ALL}/${id}`, ALL, '/block-volumes/1', '/block-volumes/1/history', '/access-paths/1', '/access-paths/1/history', '/actions?limit=-1', '/tasks?limit=-1'].map(async (path) => ask('GET', path)));
  for (const { text } of others) assert.not.ok(text.includes(SECRET));
});

test('what a connection would do is planned, and nothing is done [S0-4]', async () => {
  await done('POST', ALL, { body: { attachment: { uuid: UUID(2), shared: true } } });
  const plan = await settle('POST', `${ALL}/${UUID(2)}:connect?plan=true`, connection(2));
  assert.is(plan.status, 200, plan.text);
  assert.match(plan.text, /AttachmentConnecting/);
  assert.not.ok(plan.text.includes(SECRET));
  assert.is(await stageOf(`${ALL}/${UUID(2)}`), 'reserved');
});

test('all hosts are let go by one request, the backup stays, and the volume goes when nobody has it [S1-35, S4-6, R-28]', async () => {
  await done('POST', `${ALL}/${UUID(2)}:connect`, connection(2));
  assert.is((await done('POST', `${ALL}:disconnect?force=true`)).json['task']?.['type'], 'DetachBlockVolume');
  assert.equal(plane.attachments.list({ volume: 1 }).map(({ purpose, stage }) => `${purpose} ${stage}`).toSorted(), ['backup reserved', 'host disconnected', 'host disconnected']);
  for (const host of ['gw1', 'gw2']) assert.equal(gateways.luns(host), []);
  for (const { id } of plane.attachments.list({ volume: 1 })) await done('DELETE', `${ALL}/${id}`);
  await done('DELETE', '/block-volumes/1');
});

test.after(close);
test.run();
