/** Hosts, client groups, access paths, mapping groups and virtual IPs over REST: one life, over simulated gateways. */
import * as assert from 'uvu/assert';
import { volumeCalled, type Answered, type Asking } from '../support/httpFixture.ts';
import { addressOf, hostCalled, pathFixture } from '../support/pathFixture.ts';
import { right } from '../support/plane.ts';
import { suite } from '../support/suite.ts';

const test = suite('access paths over REST');
const { plane, ask, settle, gateways, segment, sessions, elapse, close } = await pathFixture();

type Json = Readonly<Record<string, unknown>>;
const IQN = 'iqn.1994-05.com.redhat:9f2838fc926e';

/** Carries a request out to its end; what needs nobody else is done when it is answered. */
const done = async (method: string, path: string, body?: object): Promise<Answered> => {
  const answered = await settle(method, path, { headers: { prefer: 'wait=10' }, ...(body === undefined ? {} : { body }) });
  assert.is(answered.status, 200, answered.text);
  assert.is(answered.json['task']?.['status'] ?? 'succeeded', 'succeeded', answered.text);
  elapse();
  return answered;
};
const refused = async (status: number, tag: string, [method, path, asking]: readonly [string, string, Asking?]): Promise<Answered> => {
  const answered = await settle(method, path, asking);
  assert.equal([answered.status, answered.json['type']], [status, `urn:blockledger:refusal:${tag}`], answered.text);
  return answered;
};
const list = async (path: string, name: string): Promise<readonly Json[]> => {
  const answered = await ask('GET', path);
  assert.is(answered.status, 200, answered.text);
  return answered.json[name] as unknown as readonly Json[];
};
/** What a field holds: a list, or nothing. */
const within = (of: Json | undefined, name: string): readonly Json[] => (Array.isArray(of?.[name]) ? (of[name] as readonly Json[]) : []);
const idsOf = (items: readonly Json[]): readonly unknown[] => items.map(({ id }) => id);
const one = async (path: string, name: string): Promise<Json> => (await ask('GET', path)).json[name] ?? {};
const portalsOf = async (target: number): Promise<readonly unknown[]> => within(await one(`/targets/${target}`, 'target'), 'portals').map(({ ip }) => ip);

test('hosts are registered with their addresses, and addresses are found as the source asks for them [S0-66]', async () => {
  for (const n of [1, 2]) await done('POST', '/hosts', hostCalled(`gw${n}`, addressOf(n)).body);
  const added = await done('POST', '/network-addresses', { network_address: { host_id: 1, ip: '10.252.3.204', mask: 24, interface: 'eth1', role: 'admin' } });
  assert.equal([added.json['network_address']?.['id'], added.json['network_address']?.['segment'], added.json['host']?.['name']], [3, '10.252.3.0-24', 'gw1']);
  assert.equal(idsOf(await list('/network-addresses/?host_id=1&limit=-1&role=gateway', 'network_addresses')), [1]);
  assert.equal(idsOf(await list('/network-addresses?host_id=1', 'network_addresses')), [1, 3]);
  assert.equal(idsOf(await list('/network-addresses?segment=lan&sort=-id', 'network_addresses')), [2, 1]);
  assert.equal(idsOf(await list(`/network-addresses?ip=${addressOf(2)}`, 'network_addresses')), [2]);
  assert.equal(idsOf(await list('/hosts?backend=keepalived&q=10.252.3', 'hosts')), [1]);
  const removed = await done('DELETE', '/network-addresses/3');
  assert.is(removed.json['network_address'], null);
  assert.is((await ask('GET', '/network-addresses/3')).status, 404);
});

test('an access path has a target on its host, and another one where it is asked for [S0-98, S0-90, S0-95]', async () => {
  const made = await done('POST', '/access-paths', { access_path: { name: 'ap', host_ids: [1] } });
  assert.equal([made.json['access_path']?.['type'], made.json['access_path']?.['chap'], made.json['access_path']?.['target_scope']], ['iscsi', false, 'access_path']);
  const added = await done('POST', '/targets', { target: { access_path_id: 1, host_id: 2 } });
  const target: Json | undefined = added.json['target'];
  assert.equal([target?.['status'], target?.['confirmed'], target?.['portals']], ['active', true, [{ ip: addressOf(2), port: 3260 }]]);
  assert.match(JSON.stringify(target?.['iqns']), /^\["iqn\.2019-01\.com\.xsky:blockledger\.iscsi\.1\.[0-9a-f]{16}"\]$/);
  assert.equal(idsOf(await list('/targets?access_path_id=1', 'targets')), [1_000_001, 1_000_002]);
  assert.equal(idsOf(await list('/targets?host_id=2', 'targets')), [target?.['id']]);
  assert.equal(idsOf(await list('/access-paths?host_id=2', 'access_paths')), [1]);
  assert.equal(idsOf(within(await one('/hosts/2', 'host'), 'access_paths')), [1]);
});

test('a client group sees volumes under numbers that it is told, and mapping one twice is mapping it once [S0-93, S0-97, R-16, I-19]', async () => {
  await done('POST', '/client-groups', { client_group: { name: 'db', clients: [{ code: IQN }] } });
  for (const name of ['one', 'two']) await done('POST', '/block-volumes', volumeCalled(name).body as object);
  const made = await done('POST', '/mapping-groups', { mapping_group: { access_path_id: 1, client_group_id: 1, block_volume_ids: [1] } });
  assert.equal([made.json['mapping_group']?.['id'], made.json['mapping_group']?.['status']], [1, 'active']);
  await done('POST', '/mapping-groups/1/block-volumes', { block_volume_ids: [1, 2] });
  const luns = (await one('/mapping-groups/1', 'mapping_group'))['luns'] as readonly { readonly lun_id: number; readonly sn: string; readonly block_volume: { readonly id: number } }[];
  assert.equal(luns.map((lun) => [lun.lun_id, lun.block_volume.id, lun.sn]), [1, 2].map((id, at) => [at, id, plane.volumes.get(id)?.serial]));
  assert.equal(idsOf(await list('/mapping-groups?block_volume_id=2', 'mapping_groups')), [1]);
  assert.equal(idsOf(await list('/mapping-groups?client_group_id=1&access_path_id=1', 'mapping_groups')), [1]);
  assert.equal(idsOf(await list(`/client-groups?client=${encodeURIComponent(IQN)}`, 'client_groups')), [1]);
  assert.equal(idsOf(await list('/access-paths?block_volume_id=2&client_group_id=1', 'access_paths')), [1]);
  for (const host of ['gw1', 'gw2']) assert.is(gateways.luns(host).length, 2);
});

test('accounts are set as the source sets them, shown by their users, and taken away [S0-86, S0-87, R-18]', async () => {
  const forward = { name: 'access_path1', chap: true, tname: '1qaz2wsx3edc', tsecret: 'forward-12345' };
  const set = await done('PATCH', '/access-paths/1', { access_path: forward });
  assert.equal([set.json['access_path']?.['chap'], set.json['access_path']?.['tname'], set.json['access_path']?.['name']], [true, '1qaz2wsx3edc', 'access_path1']);
  const mutual = { chap: true, iname: '3edc2wsx1qaz', isecret: 'mutual-123456' };
  const both = await done('PATCH', '/client-groups/1', { client_group: mutual });
  assert.equal([both.json['client_group']?.['chap'], both.json['client_group']?.['iname']], [true, '3edc2wsx1qaz']);
  for (const host of ['gw1', 'gw2']) for (const secret of [forward.tsecret, mutual.isecret]) assert.ok(gateways.shows(host).includes(secret), `${host} does not ask for it`);
  await refused(409, 'MutualNeedsForward', ['PATCH', '/access-paths/1', { body: { access_path: { chap: false } } }]);
  const off = await done('PATCH', '/client-groups/1', { client_group: { chap: false } });
  assert.equal([off.json['client_group']?.['chap'], off.json['client_group']?.['iname']], [false, null]);
  assert.not.ok(gateways.shows('gw1').includes(mutual.isecret));
  const seen = JSON.stringify(await Promise.all(['/actions?limit=-1', '/access-paths/1', '/access-paths/1/history', '/client-groups/1/history', '/tasks?limit=-1'].map(async (path) => (await ask('GET', path)).text)));
  for (const secret of [forward.tsecret, mutual.isecret]) assert.not.ok(seen.includes(secret));
});

test('the same key is the same account, once; another secret under it is another request [I-16, S0-86]', async () => {
  const headers = { 'idempotency-key': 'account' };
  const body = (tsecret: string): object => ({ access_path: { chap: true, tname: '1qaz2wsx3edc', tsecret } });
  const first = await settle('PATCH', '/access-paths/1', { headers, body: body('another-12345') });
  const again = await settle('PATCH', '/access-paths/1', { headers, body: body('another-12345') });
  assert.equal([first.status, again.status, again.headers['idempotent-replayed']], [202, 202, 'true'], again.text);
  assert.is(again.json['task']?.['uuid'], first.json['task']?.['uuid']);
  const other = await settle('PATCH', '/access-paths/1', { headers, body: body('different-123') });
  assert.equal([other.status, other.json['type']], [409, 'urn:blockledger:refusal:CommandIdReused'], other.text);
});

test('virtual IPs take the place of the physical portals, and each is on one host [S0-67, S0-72, S0-73, S0-76, S0-134, R-13]', async () => {
  const vips = [128, 129].map((n) => ({ ip: addressOf(n), mask: 32, network_address_id: 1 }));
  const made = await done('POST', '/vip-groups', { vip_group: { network: '10.252.1.0/24', preempt: true, resource_id: 1, resource_type: 'access_path', vips } });
  const group = made.json['vip_group'];
  assert.equal([group?.['status'], group?.['stage'], group?.['resource_type'], group?.['resource_id']], ['active', 'alone', 'access_path', 1]);
  assert.equal(await portalsOf(1_000_001), vips.map(({ ip }) => ip));
  assert.equal(segment.holders(addressOf(128)), ['gw1']);
  const [vip] = await list(`/vips?ip=${addressOf(128)}`, 'vips');
  assert.equal([vip?.['id'], vip?.['mask'], vip?.['status'], within({ in: [vip?.['network_address']] }, 'in')[0]?.['id']], [1, 32, 'active', 1]);
  assert.ok(Number(vip?.['virtual_router_id']) > 0);
  assert.is(vip?.['action_status'], 'active');
  assert.equal(within(vip, 'instances').map(({ priority, status, action_status: action, confirmed }) => [priority, status, action, confirmed]), [[101, 'active', 'active', true], [100, 'active', 'active', true]]);
  assert.equal(idsOf(await list('/vip-groups/?limit=-1&resource_id=1&resource_type=access_path', 'vip_groups')), [1]);
  assert.equal(await list('/vip-groups/?limit=-1&resource_id=2&resource_type=access_path', 'vip_groups'), []);
  assert.equal(idsOf(await list('/network-addresses/?limit=-1&vip_group_id=1', 'network_addresses')), [1, 2]);
});

test('a virtual IP comes and goes, and the last one stays [S0-79, S0-80, S0-81, S0-82, S0-83, R-15]', async () => {
  const added = await done('POST', '/vips', { vip: { vip_group_id: 1, ip: addressOf(130), mask: 32, network_address_id: 2 } });
  assert.equal([added.json['vip']?.['id'], added.json['vip']?.['status']], [3, 'active']);
  assert.equal(segment.holders(addressOf(130)), ['gw2']);
  for (const id of [2, 3]) {
    const removed = await done('DELETE', `/vips/${id}`);
    assert.is(removed.json['vip'], null);
  }
  assert.equal(segment.holders(addressOf(130)), []);
  await refused(409, 'LastVip', ['DELETE', '/vips/1']);
  assert.equal(await portalsOf(1_000_002), [addressOf(128)]);
});

test('another host joins those that virtual IPs move between, and leaves them [S0-78, R-14]', async () => {
  await done('POST', '/hosts', hostCalled('gw3', addressOf(3)).body);
  const { id } = plane.networkAddresses.list({ ip: addressOf(3) }).items[0] ?? { id: '' };
  await refused(404, 'AddressNotFound', ['POST', '/vip-groups/1/network-addresses', { body: { network_address_id: 99 } }]);
  await done('POST', '/targets', { target: { access_path_id: 1, host_id: 3 } });
  await done('POST', '/vip-groups/1/network-addresses', { network_address_id: id });
  assert.is(within(await one('/vips/1', 'vip'), 'instances').length, 3);
  await done('DELETE', `/vip-groups/1/network-addresses/${id}`);
  assert.is(within(await one('/vips/1', 'vip'), 'instances').length, 2);
  await refused(409, 'MemberIsPreferred', ['DELETE', '/vip-groups/1/network-addresses/1']);
  await done('DELETE', '/targets/1000003?force=false');
  assert.equal(idsOf(await list('/targets', 'targets')), [1_000_001, 1_000_002]);
});

test('what is read with an ETag is changed by who has seen it last, and preempt is changed alone [S0-134, I-16]', async () => {
  for (const [path, body] of [
    ['/vip-groups/1', { vip_group: { preempt: false } }],
    ['/access-paths/1', { access_path: { description: 'changed' } }],
    ['/client-groups/1', { client_group: { description: 'changed' } }],
  ] as const) {
    const { headers } = await ask('GET', path);
    const etag = String(headers['etag']);
    assert.is((await ask('GET', path, { headers: { 'if-none-match': etag } })).status, 304, path);
    assert.is((await settle('PATCH', path, { body, headers: { 'if-match': etag } })).status < 300, true, path);
    await refused(412, 'ResourceHasChanged', ['PATCH', path, { body, headers: { 'if-match': etag } }]);
  }
  assert.is((await one('/vip-groups/1', 'vip_group'))['preempt'], false);
  await refused(400, 'IfMatchIsNotTaken', ['DELETE', '/vips/1', { headers: { 'if-match': '"0-0000000000000000"' } }]);
});

test('a gateway that has forgotten everything is made what it should be by a redeployment [S0-134, X-3]', async () => {
  gateways.restart('gw1', 'everything');
  assert.equal(gateways.luns('gw1'), []);
  await done('POST', '/access-paths/1:redeploy');
  assert.is(gateways.luns('gw1').length, 2);
  segment.restart('gw1');
  elapse();
  assert.equal(segment.holders(addressOf(128)), ['gw2']);
  await done('POST', '/vip-groups/1:redeploy');
  assert.is(within(await one('/vips/1', 'vip'), 'instances').every(({ confirmed }) => confirmed === true), true);
});

test('who is logged in is in the way of taking volumes away, and is fenced by force [S0-96, S0-97, S0-138, X-7, I-21]', async () => {
  sessions.set('gw1', [{ initiator: IQN, address: '10.255.101.73' }]);
  const path = '/mapping-groups/1/block-volumes';
  const told = await refused(409, 'StillHasIo', ['DELETE', `${path}?force=false`, { body: { block_volume_ids: [2] } }]);
  assert.ok(told.text.includes('"detail":"still has IO on target'));
  await refused(409, 'StillHasIo', ['DELETE', '/mapping-groups/1', {}]);
  await refused(409, 'TargetHoldsVips', ['DELETE', '/targets/1000001', {}]);
  const plan = await ask('DELETE', `${path}?force=true&plan=true`, { body: { block_volume_ids: [2] } });
  assert.is(plan.status, 200, plan.text);
  assert.is(within(plan.json['plan'], 'events')[0]?.['type'], 'VolumesUnmappingRequested');
  assert.is(within(await one('/mapping-groups/1', 'mapping_group'), 'luns').length, 2);
  const removed = await done('DELETE', `${path}?force=true`, { block_volume_ids: [2] });
  assert.is(within(removed.json['mapping_group'], 'luns').length, 1);
  sessions.clear();
  assert.equal(gateways.luns('gw2').length, 1);
  // What is not in it is left out.
  assert.is((await settle('DELETE', path, { body: { block_volume_ids: [2] } })).status, 200);
});

test('without its virtual IPs an access path is reached by its hosts again [S0-65, R-12]', async () => {
  sessions.set('gw1', [{ initiator: IQN }]);
  await refused(409, 'StillHasSessions', ['DELETE', '/vip-groups/1', {}]);
  const gone = await done('DELETE', '/vip-groups/1?force=true');
  assert.is(gone.json['vip_group']?.['status'], 'deleted');
  assert.equal(await portalsOf(1_000_001), [addressOf(1)]);
  assert.equal(segment.holders(addressOf(128)), []);
  assert.equal(await list('/vips', 'vips'), []);
  await refused(409, 'StillHasIo', ['DELETE', '/targets/1000001', {}]);
  sessions.clear();
  assert.equal(idsOf(await list('/vip-groups?status=deleted&resource_id=1', 'vip_groups')), [1]);
  assert.is((await one('/vip-groups/1?gone=true', 'vip_group'))['status'], 'deleted');
});

test('the past is told: how it stood, what happened, who asked for it, by tasks of the source’s names [S0-136, S0-71, S0-78, S0-79, S0-83, S0-97]', async () => {
  const events = await list('/access-paths/1/history', 'events');
  const mapped = events.find(({ type }) => type === 'MappingGroupCreated' || type === 'MappingGroupRequested');
  assert.ok(mapped !== undefined, events.map(({ type }) => type).join());
  const before = await ask('GET', `/access-paths/1?at=${new Date(Date.parse(String(events[0]?.['at']))).toISOString()}`);
  assert.equal([before.status, before.json['access_path']?.['mapping_groups']], [200, []], before.text);
  const actions = await list('/actions?access_path_id=1&limit=-1', 'actions');
  assert.ok(actions.some(({ action }) => action === 'createMappingGroup' || action === 'CreateMappingGroup'), actions.map(({ action }) => action).join());
  const tasks = await list('/tasks?resource_type=vip_group&vip_group_id=1&limit=-1', 'tasks');
  const mapping = await list('/tasks?resource_type=access_path&limit=-1', 'tasks');
  const types = new Set([...tasks, ...mapping].map(({ type }) => type));
  const source = ['CreateVIPGroup', 'VIPGroupAddNetworkAddress', 'VIPGroupRemoveNetworkAddress', 'CreateVIP', 'DeleteVIP', 'DeleteVIPGroup', 'UpdateMappingGroup'];
  assert.equal(source.filter((type) => !types.has(type)), []);
});

test('everything is taken down in its order, and what is in use is in the way [I-26]', async () => {
  await refused(409, 'ClientGroupIsInUse', ['DELETE', '/client-groups/1']);
  await refused(409, 'AccessPathIsInUse', ['DELETE', '/access-paths/1']);
  await refused(409, 'HostIsInUse', ['DELETE', '/hosts/1']);
  const ended = await done('DELETE', '/mapping-groups/1');
  assert.is(ended.json['mapping_group'], null);
  await done('DELETE', '/access-paths/1');
  await done('DELETE', '/client-groups/1');
  const answered = await settle('DELETE', '/hosts/1', {});
  assert.is(answered.status < 300, true, answered.text);
  assert.equal(gateways.luns('gw1'), []);
  assert.equal(idsOf(await list('/access-paths?status=deleted', 'access_paths')), [1]);
  assert.equal(idsOf(await list('/client-groups?status=deleted', 'client_groups')), [1]);
  assert.equal(idsOf(await list('/hosts?status=retired', 'hosts')), [1]);
  assert.equal(right(await plane.volumes.find(1)).mappings, []);
});

test.after(close);
test.run();
