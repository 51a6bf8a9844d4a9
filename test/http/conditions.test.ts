/** ETags: who has one, what a change is held to, and that no condition is ever ignored. */
import * as assert from 'uvu/assert';
import { everyOperation } from '../../packages/app/src/api/operations/index.ts';
import { volumeCalled } from '../support/httpFixture.ts';
import { addressOf, hostCalled, pathFixture } from '../support/pathFixture.ts';
import { suite } from '../support/suite.ts';

const test = suite('conditions');
const { ask, settle, close } = await pathFixture();
await settle('POST', '/block-volumes', volumeCalled('db'));
await settle('POST', '/hosts', hostCalled('gw1', addressOf(1)));
await settle('POST', '/client-groups', { body: { client_group: { name: 'db', clients: [{ code: '10.255.101.73' }] } } });
await settle('POST', '/access-paths', { body: { access_path: { name: 'ap', host_ids: [1] } } });
const VIP = { ip: addressOf(128), network_address_id: 1 };
await settle('POST', '/vip-groups', { body: { vip_group: { network: '10.252.1.0/24', resource_id: 1, resource_type: 'access_path', vips: [VIP] } } });
await settle('POST', '/block-snapshots', { body: { block_snapshot: { block_volume_id: 1, name: 'monday' } } });
const TAG = '"999-0123456789abcdef"';

test('what says that it has a tag answers with one, is not sent twice, and nothing else has one [S0-16]', async () => {
  const tagged: string[] = [];
  for (const [id, { method, path, tagged: isTagged, kind }] of everyOperation) {
    if (method !== 'GET' || kind !== 'read') continue;
    const at = path.replace('{backend}', 'ceph').replaceAll(/\{\w+\}/g, '1');
    const { etag } = (await ask('GET', at)).headers;
    assert.is(etag !== undefined, isTagged, id);
    if (!isTagged) continue;
    tagged.push(id);
    assert.is((await ask('GET', at, { headers: { 'if-none-match': String(etag) } })).status, 304, id);
  }
  assert.equal(tagged, ['getVolume', 'getSnapshot', 'getPool', 'getHost', 'getClientGroup', 'getAccessPath', 'getVipGroup']);
});

test('a change of what has changed since is refused where there are tags, and If-Match is refused where there are none [S0-16]', async () => {
  const [matched, unmatched] = [new Set<string>(), new Set<string>()];
  for (const [id, { method, path, matchable, kind }] of everyOperation) {
    // One that looks says nothing that could be overwritten.
    if (method === 'GET') continue;
    assert.ok(!matchable || kind === 'change', id);
    const bodies: Readonly<Record<string, object>> = {
      updateVolume: { block_volume: { description: 'x' } },
      migrateVolume: { block_volume: { pool_id: 1 } },
      createVolume: { block_volume: { name: 'x', pool_id: 1, size: 2 ** 30 } },
      createSnapshot: { block_snapshot: { block_volume_id: 1, name: 'x' } },
      updatePool: { pool: { over_subscription_ratio: 30 } },
      pausePool: { pool: { reason: 'x' } },
      pauseBackend: { backend: { reason: 'x' } },
      adoptVolume: { block_volume: { name: 'x', pool_id: 1, size: 2 ** 30, volume_name: 'x' } },
      registerPool: { pool: { name: 'x', backend: 'ceph', pool_name: 'vols' } },
      issueToken: { token: { name: 'x', role: 'reader', tenant: null } },
      registerWebhook: { webhook: { name: 'x', url: 'https://ops.example', secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' } },
      updateWebhook: { webhook: { enabled: false } },
      rotateWebhookSecret: { webhook: { secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' } },
      reportPoolHealth: { pool: { health: 'degraded' } },
      registerHost: hostCalled('gw2', addressOf(2)).body,
      pauseHost: { host: { reason: 'x' } },
      declareHostOff: { host: { reason: 'x' } },
      addNetworkAddress: { network_address: { host_id: 1, ip: '10.253.1.1', mask: 24, interface: 'eth1' } },
      createClientGroup: { client_group: { name: 'x', clients: [{ code: '10.255.101.74' }] } },
      updateClientGroup: { client_group: { chap: false } },
      createAccessPath: { access_path: { name: 'x', host_ids: [1] } },
      updateAccessPath: { access_path: { chap: true, tname: '1qaz2wsx3edc', tsecret: '1qaz2wsx3edc' } },
      addTarget: { target: { access_path_id: 1, host_id: 1 } },
      createMappingGroup: { mapping_group: { access_path_id: 1, client_group_id: 1 } },
      addVolumesToMappingGroup: { block_volume_ids: [1] },
      removeVolumesFromMappingGroup: { block_volume_ids: [1] },
      createVipGroup: { vip_group: { network: '10.252.2.0/24', resource_id: 1, resource_type: 'access_path', vips: [VIP] } },
      updateVipGroup: { vip_group: { preempt: false } },
      createAttachment: { attachment: { host: 'x' } },
      connectAttachment: { connection: { access_path_id: 1, connector: { initiator: 'iqn.1994-05.com.redhat:x' } } },
      completeAttachment: { attachment: { mount_point: '/dev/vdb' } },
      addVipMember: { network_address_id: 1 },
      addVip: { vip: { vip_group_id: 1, ...VIP } },
    };
    const at = path.replace('{backend}', 'ceph').replaceAll(/\{\w+\}/g, '1');
    const answered = await ask(method, at, { headers: { 'if-match': TAG }, ...(bodies[id] === undefined ? {} : { body: bodies[id] }) });
    assert.match(answered.text, matchable ? /ResourceHasChanged/ : /IfMatchIsNotTaken/, `${id}: ${answered.text}`);
    assert.is(answered.status, matchable ? 412 : 400, id);
    (matchable ? matched : unmatched).add(id);
  }
  for (const id of ['updateVolume', 'deleteSnapshot', 'retirePool', 'updateAccessPath', 'deleteAccessPath', 'redeployAccessPath', 'updateClientGroup', 'updateVipGroup', 'addVipMember', 'redeployVipGroup', 'retireHost']) assert.ok(matched.has(id), id);
  for (const id of ['updateWebhook', 'removeWebhook', 'revokeToken', 'createVolume', 'pauseBackend', 'rebuildLog', 'createMappingGroup', 'removeTarget', 'removeVip', 'removeNetworkAddress']) assert.ok(unmatched.has(id), id);
});

test('a change of an access path by who has seen it last is made, an account included, and what was refused kept no secret [S0-86, I-24]', async () => {
  const account = { body: { access_path: { chap: true, tname: '1qaz2wsx3edc', tsecret: '1qaz2wsx3edc' } } };
  const etag = async (): Promise<string> => String((await ask('GET', '/access-paths/1')).headers['etag']);
  const seen = await etag();
  assert.is((await settle('PATCH', '/access-paths/1', { ...account, headers: { 'if-match': seen } })).status, 202);
  assert.is((await settle('PATCH', '/access-paths/1', { ...account, headers: { 'if-match': seen } })).status, 412);
  assert.is((await settle('PATCH', '/access-paths/1?plan=true', { ...account, headers: { 'if-match': seen } })).status, 412);
  assert.is((await settle('PATCH', '/access-paths/1?plan=true', { ...account, headers: { 'if-match': await etag() } })).status, 200);
  assert.is((await ask('GET', '/access-paths/1')).json['access_path']?.['tname'], '1qaz2wsx3edc');
});

test('a dry run is held to an ETag as the change is: it answers what the change would [S0-16]', async () => {
  const etag = String((await ask('GET', '/block-volumes/1')).headers['etag']);
  const plan = (tag: string) => ask('PATCH', '/block-volumes/1?plan=true', { headers: { 'if-match': tag }, body: { block_volume: { description: 'planned' } } });
  assert.is((await plan(etag)).status, 200);
  const refused = await plan(TAG);
  assert.is(refused.status, 412, refused.text);
  assert.match(refused.text, /ResourceHasChanged/);
});

test.after(close);
test.run();
