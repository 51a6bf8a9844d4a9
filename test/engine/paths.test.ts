/** Hosts, client groups, access paths and VIP groups, through the library face over simulated gateways. */
import type { ResourceView } from '@blockledger/app';
import * as assert from 'uvu/assert';
import { IQN, mapped, OTHER_SECRET, pathPlane, SECRET, volumeNamed, withHosts } from '../support/pathPlane.ts';
import { barePlane, left, right } from '../support/plane.ts';
import { suite } from '../support/suite.ts';

const test = suite('access paths on the control plane');
const VIP = '10.252.1.129';

test('a client group sees a volume by both gateways, under one name, number and serial, and the volume says so [S0-98]', async () => {
  const made = await mapped(await pathPlane());
  const { plane, gateways, path, volume, group } = made;
  const view = plane.accessPaths.get('1')!;
  assert.is(view.status, 'active');
  assert.equal(view.targets.map(({ host, isConfirmed, portals }) => [host.name, isConfirmed, portals]), [
    ['gw1', true, [{ ip: '10.252.1.1', port: 3260 }]],
    ['gw2', true, [{ ip: '10.252.1.2', port: 3260 }]],
  ]);
  assert.is(new Set(view.targets.flatMap(({ iqns }) => iqns)).size, 1);
  const [lun] = plane.mappingGroups.get(group.number!)!.luns;
  assert.equal([lun?.volume.name, lun?.lun, lun?.serial, lun?.status], ['db', 0, volume.serial, 'active']);
  for (const host of ['gw1', 'gw2']) assert.ok(gateways.shows(host).includes(`client iqn: ${IQN} lun sn: ${volume.serial} lunid: 0`));
  const now = plane.volumes.get(volume.id)!;
  assert.ok(now.mapped);
  assert.equal(now.accessPaths, [{ id: path.id, number: 1, name: 'gold' }]);
  assert.is(left(await plane.deleteVolume(volume.id))._tag, 'VolumeIsMapped');
  await plane.close();
});

test('what is there is found by number, UUID, name and what it is connected with, in pages and in any order [S0-66]', async () => {
  const made = await mapped(await pathPlane());
  const { plane, path, clients, volume, group } = made;
  assert.is(plane.hosts.get('gw2')?.number, 2);
  assert.is(plane.hosts.get(2)?.name, 'gw2');
  assert.equal(plane.hosts.list({ q: '10.252.1.2' }).items.map(({ name }) => name), ['gw2']);
  assert.equal(plane.networkAddresses.list({ host: 'gw1', role: 'gateway' }).items.map(({ ip }) => ip), ['10.252.1.1']);
  assert.equal(plane.networkAddresses.list({ role: 'admin' }).items, []);
  assert.equal(plane.networkAddresses.list({ sort: [{ by: 'ip', descending: true }], limit: 1 }).items.map(({ ip }) => ip), ['10.252.1.2']);
  assert.equal(plane.clientGroups.list({ client: IQN }).items.map(({ id }) => id), [clients.id]);
  assert.equal(plane.clientGroups.list({ q: 'redhat:db' }).totalCount, 1);
  assert.equal(plane.accessPaths.list({ host: 'gw1', volume: volume.id, clientGroup: clients.number! }).items.map(({ id }) => id), [path.id]);
  assert.is(plane.accessPaths.list({ volume: 77 }).totalCount, 0);
  assert.equal(plane.targets.list({ host: 'gw2' }).items.map(({ number }) => number), [1_000_002]);
  assert.is(plane.targets.get(1_000_002)?.host.name, 'gw2');
  assert.is(plane.targets.idOf('1000002'), plane.targets.get(1_000_002)?.id);
  assert.equal(plane.mappingGroups.list({ accessPath: path.number!, volume: volume.number! }).items.map(({ id }) => id), [group.id]);
  assert.is(left(plane.mappingGroups.page({ limit: -2 }))._tag, 'QueryIsInvalid');
  assert.is(left(plane.vipGroups.page({ status: 'gone' as never }))._tag, 'StatusIsNotListed');
  await plane.close();
});

test('unmapping without force is refused while an initiator is logged in; with force it is cut off, and then the volume is free [X-7]', async () => {
  const made = await mapped(await pathPlane());
  const { plane, gateways, sessions, group, volume } = made;
  sessions.push({ initiator: IQN, address: '10.252.1.7' });
  assert.is(left(await plane.removeVolumesFromMappingGroup(group.id, { volumes: [volume.id] }))._tag, 'StillHasIo');
  sessions.length = 0;
  const added = await volumeNamed(made, 'logs');
  const more = right(await plane.addVolumesToMappingGroup(group.id, { volumes: [added.number!] }, { wait: 'done' }));
  assert.equal(more.part?.luns.map(({ volume: { name }, lun }) => [name, lun]), [['db', 0], ['logs', 1]]);
  assert.is(more.task?.type, 'UpdateMappingGroup');
  assert.is(right(await plane.removeVolumesFromMappingGroup(group.id, { volumes: [volume.id] }, { wait: 'done' })).part?.luns.length, 1);
  sessions.push({ initiator: IQN });
  right(await plane.removeVolumesFromMappingGroup(group.id, { volumes: [added.id], force: true }, { wait: 'done' }));
  assert.equal(gateways.luns('gw1'), []);
  assert.not(plane.volumes.get(volume.id)!.mapped);
  right(await plane.deleteVolume(volume.id, {}, { wait: 'done' }));
  await plane.close();
});

test('everything that was made can be taken away again, and is found afterwards as it stood at its end [I-26]', async () => {
  const made = await mapped(await pathPlane());
  const { plane, gateways, path, group, clients } = made;
  assert.is(left(await plane.deleteClientGroup(clients.id))._tag, 'ClientGroupIsInUse');
  assert.is(left(await plane.retireHost('gw1'))._tag, 'HostIsInUse');
  assert.is(left(await plane.deleteAccessPath(path.id))._tag, 'AccessPathIsInUse');
  const gone = right(await plane.deleteMappingGroup(group.id, {}, { wait: 'done', idempotencyKey: 'away' }));
  assert.is(gone.part, null);
  assert.ok(right(await plane.deleteMappingGroup(group.id, {}, { idempotencyKey: 'away' })).repeated);
  assert.is(plane.mappingGroups.get(group.id), undefined);
  const [target] = plane.targets.list({ host: 'gw2' }).items;
  assert.equal(right(await plane.removeTarget(target!.id, {}, { wait: 'done' })).resource.targets.map(({ host }) => host.name), ['gw1']);
  assert.equal(right(await plane.addTarget(path.id, { host: 2 }, { wait: 'done' })).part?.id, target!.id);
  right(await plane.redeployAccessPath(path.id, { wait: 'done' }));
  right(await plane.deleteAccessPath(path.id, { wait: 'done' }));
  assert.equal(right(await plane.accessPaths.listGone()).items.map(({ name, status }) => [name, status]), [['gold', 'deleted']]);
  assert.is(right(await plane.accessPaths.find(path.number!)).status, 'deleted');
  right(await plane.deleteClientGroup(clients.id, { wait: 'done' }));
  const [address] = plane.networkAddresses.list({ host: 'gw1' }).items;
  right(await plane.removeNetworkAddress(address!.id, { wait: 'done' }));
  right(await plane.retireHost('gw1', { wait: 'done' }));
  assert.is(right(await plane.hosts.find(1)).status, 'retired');
  assert.equal(['gw1', 'gw2'].map((host) => gateways.luns(host)), [[], []]);
  assert.equal(plane.tasks.list({ status: ['failed', 'cancelled', 'refused'] }).items, []);
  assert.equal(plane.tasks.list({ kind: 'host' }).items.map(({ type }) => type), ['CreateHost', 'CreateHost', 'RemoveNetworkAddress', 'DeleteHost']);
  await plane.close();
});

test('a volume that is unmapped and mapped again at once is served as before [I-15]', async () => {
  const made = await mapped(await pathPlane());
  const { plane, gateways, group, volume } = made;
  for (let round = 0; round < 2; round += 1) {
    right(await plane.removeVolumesFromMappingGroup(group.id, { volumes: [volume.id] }, { wait: 'done' }));
    assert.equal(gateways.luns('gw1'), []);
    right(await plane.addVolumesToMappingGroup(group.id, { volumes: [volume.id] }, { wait: 'done' }));
    assert.is(gateways.luns('gw2').length, 1);
  }
  await plane.close();
});

test('a host that cannot be reached is a debt that is shown; what is added elsewhere goes on, and it is replayed when the host returns [I-20]', async () => {
  const made = await mapped(await pathPlane());
  const { plane, gateways, path, group, cut, clock } = made;
  cut('gw2');
  const added = await volumeNamed(made, 'logs');
  right(await plane.addVolumesToMappingGroup(group.id, { volumes: [added.id] }, { wait: 'done' }));
  const [debt] = plane.hosts.get('gw2')!.debts;
  assert.equal([debt?.kind, debt?.id, debt?.error?.code], ['accessPath', path.id, 'HostUnreachable']);
  assert.equal(plane.hosts.get('gw1')!.debts, []);
  assert.equal(plane.accessPaths.get(path.id)!.targets.map(({ isConfirmed, unreachable }) => [isConfirmed, unreachable !== null]), [[true, false], [false, true]]);
  assert.equal(plane.warnings().map(({ code }) => code), ['HostUnreachable']);
  assert.is(gateways.luns('gw2').length, 1);
  cut('gw2', false);
  assert.ok(await clock.until(() => plane.hosts.get('gw2')!.debts.length === 0, clock.nowMs() + 3_600_000));
  assert.is(gateways.luns('gw2').length, 2);
  assert.equal(plane.warnings(), []);
  await plane.close();
});

test('work on a paused host is kept, says why, and runs when it is resumed; the other host goes on [S0-53]', async () => {
  const made = await mapped(await pathPlane());
  const { plane, gateways, group } = made;
  right(await plane.pauseHost('gw2', { reason: 'new switches' }, { wait: 'done' }));
  const added = await volumeNamed(made, 'logs');
  const { task } = right(await plane.addVolumesToMappingGroup(group.id, { volumes: [added.id] }));
  await plane.idle();
  assert.equal(['gw1', 'gw2'].map((host) => gateways.luns(host).length), [2, 1]);
  assert.equal(plane.tasks.get(task!.id)?.error, { code: 'Waiting', message: 'the host "gw2" is paused: new switches' });
  right(await plane.resumeHost('gw2', { wait: 'done' }));
  assert.is(right(await plane.tasks.await(task!.id)).status, 'succeeded');
  assert.is(gateways.luns('gw2').length, 2);
  await plane.close();
});

test('what is taken away waits for a host that cannot be reached, until an operator declares it off [I-21]', async () => {
  const made = await mapped(await pathPlane());
  const { plane, group, volume, cut, clock } = made;
  cut('gw2');
  const { task } = right(await plane.removeVolumesFromMappingGroup(group.id, { volumes: [volume.id], force: true }));
  await clock.until(() => false, clock.nowMs() + 600_000);
  assert.ok(plane.volumes.get(volume.id)!.mapped);
  const off = right(await plane.declareHostOff('gw2', { reason: 'its power supply burned' })).resource;
  assert.is(off.off, 'its power supply burned');
  assert.is(right(await plane.tasks.await(task!.id)).status, 'succeeded');
  await clock.until(() => !plane.volumes.get(volume.id)!.mapped, clock.nowMs() + 60_000);
  assert.not(plane.volumes.get(volume.id)!.mapped);
  await plane.close();
});

test('virtual IPs move between the gateways, and what they do is seen by rounds and told by the log [S0-67]', async () => {
  const made = await mapped(await pathPlane());
  const { plane, clock, segment, path, cut } = made;
  const [first, second] = plane.networkAddresses.list().items;
  const { resource, task } = right(await plane.createVipGroup({ accessPath: path.id, network: '10.252.1.0/24', vips: [{ ip: VIP, networkAddress: first!.number! }] }, { wait: 'done' }));
  assert.is(task?.type, 'CreateVIPGroup');
  assert.equal(plane.accessPaths.get(path.id)!.targets.map(({ portals }) => portals), [[{ ip: VIP, port: 3260 }], [{ ip: VIP, port: 3260 }]]);
  // Both hosts are admitted, and then elect.
  await plane.idle();
  clock.advance(10_000);
  assert.equal(segment.holders(VIP), ['gw1']);
  assert.equal(plane.hosts.list().items.map(({ admission }) => admission), ['admitted', 'admitted']);
  await plane.drift();
  const [vip] = plane.vips.list({ accessPath: path.id }).items;
  assert.is(vip?.holder?.host.name, 'gw1');
  assert.equal(vip?.instances.map(({ host, priority, state, holds }) => [host.name, priority, state, holds]), [['gw1', 101, 'master', true], ['gw2', 100, 'backup', false]]);
  assert.equal(plane.networkAddresses.list({ vipGroup: resource.number! }).items.map(({ id }) => id), [first!.id, second!.id]);
  assert.equal(plane.vipGroups.list({ accessPath: path.number! }).items.map(({ id }) => id), [resource.id]);
  segment.setLink('gw1', false);
  clock.advance(10_000);
  await plane.drift();
  assert.is(plane.vips.get(vip!.number!)!.holder?.host.name, 'gw2');
  assert.equal(plane.warnings(), []);
  cut('gw2');
  await plane.drift();
  // What nobody can ask is not said to be otherwise.
  assert.is(plane.vips.get(vip!.id)!.holder?.host.name, 'gw2');
  await plane.close();
});

test('several holders, none, and a stranger who speaks for its virtual router are warned of as long as they are there [I-23]', async () => {
  const made = await mapped(await pathPlane());
  const { plane, clock, segment, path } = made;
  const [first] = plane.networkAddresses.list().items;
  right(await plane.createVipGroup({ accessPath: path.id, network: '10.252.1.0/24', vips: [{ ip: VIP, networkAddress: first!.id }] }, { wait: 'done' }));
  await plane.idle();
  clock.advance(10_000);
  const [vip] = plane.vips.list().items;
  const silence = segment.advertise({ source: '10.252.1.99', vrid: vip!.vrid!, priority: 1 });
  // A daemon that was killed leaves its address on the interface, and the other host takes it as well.
  segment.kill('gw1', vip!.id as never);
  clock.advance(10_000);
  await plane.drift();
  assert.equal(segment.holders(VIP), ['gw1', 'gw2']);
  assert.equal(plane.warnings().map(({ code, vipGroupId }) => [code, vipGroupId]), [['SplitBrain', vip!.vipGroup.id], ['VridContested', vip!.vipGroup.id]]);
  assert.equal(plane.confinedTo('red').warnings(), []);
  silence();
  // What was heard is remembered for a minute.
  clock.advance(60_000);
  await plane.drift();
  assert.equal(plane.warnings().map(({ code }) => code), ['SplitBrain']);
  for (const host of ['gw1', 'gw2']) segment.restart(host);
  await plane.drift();
  assert.ok(plane.warnings().some(({ code }) => code === 'VipUnheld'));
  await plane.close();
});

test('CHAP secrets are kept apart: the log holds references, and nothing that is shown, planned or recorded holds more [I-24]', async () => {
  const made = await withHosts(await pathPlane());
  const { plane, store, secrets, gateways } = made;
  const chap = { user: 'storage-1', secret: SECRET };
  const mutual = { user: 'prover-of-1', secret: OTHER_SECRET };
  const planned = right(await plane.plan({ do: 'createAccessPath', input: { name: 'gold', hosts: ['gw1'], chap } }));
  assert.equal(right(await secrets.refs('chap')()), []);
  const path = right(await plane.createAccessPath({ name: 'gold', hosts: ['gw1'], chap }, { wait: 'done', idempotencyKey: 'k' })).resource;
  assert.ok(right(await plane.createAccessPath({ name: 'gold', hosts: ['gw1'], chap }, { idempotencyKey: 'k' })).repeated);
  assert.is(left(await plane.createAccessPath({ name: 'gold', hosts: ['gw1'], chap: { ...chap, secret: OTHER_SECRET } }, { idempotencyKey: 'k' }))._tag, 'CommandIdReused');
  const clients = right(await plane.createClientGroup({ name: 'db-hosts', clients: [IQN], mutual }, { wait: 'done' })).resource;
  right(await plane.createMappingGroup(path.id, { clientGroup: clients.id }, { wait: 'done' }));
  assert.equal([path.chap, plane.clientGroups.get(clients.id)?.mutual], [{ user: 'storage-1' }, { user: 'prover-of-1' }]);
  assert.ok(gateways.shows('gw1').includes(`user: storage-1 password: ${SECRET}`));
  assert.is(left(await plane.updateAccessPath(path.id, { chap: { user: 'storage-1', secret: 'short' } }))._tag, 'ChapAccountIsInvalid');
  assert.is(right(await secrets.refs('chap')()).length, 2);
  const log = right(await store.readAll(0, 10_000)());
  const everything = JSON.stringify([planned, log, plane.actions.list({ limit: -1 }), plane.accessPaths.list(), plane.clientGroups.list(), plane.tasks.list(), await plane.history({ kind: 'accessPath', ref: path.id })]);
  for (const secret of [SECRET, OTHER_SECRET, 'short"']) assert.not(everything.includes(secret), secret);
  right(await plane.updateAccessPath(path.id, { chap: { user: 'storage-1', secret: 'another-secret' } }, { wait: 'done' }));
  await plane.idle();
  assert.ok(gateways.shows('gw1').includes('password: another-secret'));
  assert.is(right(await secrets.refs('chap')()).length, 2);
  await plane.close();
});

test('without a store for secrets an account is refused before anything is asked [I-24]', async () => {
  const { plane, store } = await barePlane();
  const refused = left(await plane.createClientGroup({ name: 'db-hosts', clients: [IQN], mutual: { user: 'prover-of-1', secret: SECRET } }));
  assert.is(refused._tag, 'SecretStoreAbsent');
  assert.is(right(await store.readAll(0, 100)()).some(({ stream }) => stream.startsWith('clientGroup-')), false);
  right(await plane.createClientGroup({ name: 'db-hosts', clients: [IQN] }));
  await plane.close();
});

test('a tenant has access paths, client groups and virtual IPs of its own on hosts that are everybody’s [I-12]', async () => {
  const made = await withHosts(await pathPlane());
  const { plane } = made;
  const [red, blue] = [plane.confinedTo('red'), plane.confinedTo('blue')];
  assert.equal(left(await red.registerHost({ name: 'gw3', targets: 'xdc' }))._tag, 'CallerIsConfined');
  assert.equal(left(await red.history({ kind: 'host', ref: 'gw1' }))._tag, 'CallerIsConfined');
  const path = right(await red.createAccessPath({ name: 'gold', hosts: ['gw1'] }, { wait: 'done' })).resource;
  const clients = right(await red.createClientGroup({ name: 'db-hosts', clients: [IQN] }, { wait: 'done' })).resource;
  const volume = await volumeNamed(made, 'db', 'red');
  const { part } = right(await red.createMappingGroup(path.id, { clientGroup: clients.id, volumes: [volume.id] }, { wait: 'done' }));
  assert.is(part?.tenant, 'red');
  assert.equal([blue.accessPaths.list().totalCount, blue.clientGroups.get(clients.id), blue.mappingGroups.get(part!.number!), blue.targets.list().totalCount], [0, undefined, undefined, 0]);
  assert.equal(left(await blue.deleteMappingGroup(part!.id))._tag, 'MappingGroupNotFound');
  assert.equal(left(await blue.createVipGroup({ accessPath: path.id, network: '10.252.1.0/24', vips: [] }))._tag, 'AccessPathNotFound');
  // Two tenants may use one name.
  right(await blue.createAccessPath({ name: 'gold', hosts: ['gw2'] }, { wait: 'done' }));
  assert.equal([red, blue].map((one) => one.hosts.list().items.map((host) => host.accessPaths.length)), [[1, 0], [0, 1]]);
  assert.equal(blue.tasks.list({ kind: 'accessPath' }).items.map(({ type }) => type), ['CreateAccessPath']);
  await plane.close();
});

test('a plan tells every event and call of a mapping, and changes nothing [S0-11]', async () => {
  const made = await withHosts(await pathPlane());
  const { plane, gateways, store } = made;
  const volume = await volumeNamed(made, 'db');
  const path = right(await plane.createAccessPath({ name: 'gold', hosts: ['gw1', 'gw2'] }, { wait: 'done' })).resource;
  const clients = right(await plane.createClientGroup({ name: 'db-hosts', clients: [IQN] }, { wait: 'done' })).resource;
  const [before, calls] = [right(await store.head()()), gateways.calls.length];
  const plan = right(await plane.plan({ do: 'createMappingGroup', accessPath: path.id, input: { clientGroup: clients.id, volumes: [volume.id] } }));
  assert.ok(plan.events.some(({ type }) => type === 'MappingGroupCreated'));
  const lines = plan.work.flatMap(({ performs }) => (performs === undefined ? [] : [`${performs.backend} ${performs.host} ${performs.action.do}`]));
  assert.equal([...new Set(lines)], ['xdc gw1 ensureTarget', 'xdc gw2 ensureTarget']);
  assert.equal([right(await store.head()()), gateways.calls.length], [before, calls]);
  assert.is(plane.mappingGroups.list().totalCount, 0);
  assert.is(left(await plane.plan({ do: 'deleteAccessPath', accessPath: 99 }))._tag, 'AccessPathNotFound');
  await plane.close();
});

test('the past of an access path is read like that of a volume, and its events come in a loop with its number [S0-136]', async () => {
  const made = await mapped(await pathPlane());
  const { plane, path, group } = made;
  const history = right(await plane.history({ kind: 'accessPath', ref: path.number! }));
  assert.is(history[0]?.type, 'AccessPathRequested');
  assert.is(right(await plane.at(made.clock.nowMs() + 1, { kind: 'accessPath', ref: path.id })).kind, 'accessPath');
  const asked = plane.actions.list({ action: 'createMappingGroup' }).items[0]!;
  assert.equal(asked.related.map(({ kind }) => kind), ['clientGroup', 'volume']);
  const { before, after } = right(await plane.changedBy(asked.commandId, { kind: 'accessPath', ref: path.id }));
  assert.equal([before, after].map((view) => (view?.kind === 'accessPath' ? view.mappingGroups.length : null)), [0, 1]);
  const types: string[] = [];
  for await (const { type, resource } of plane.events({ from: 'start', follow: false, filter: { kinds: ['accessPath'], ids: [path.id] } })) {
    types.push(type);
    assert.is(resource.number, 1);
  }
  assert.ok(types.includes('MappingGroupCreated'));
  assert.is(left(await plane.updateAccessPath(path.id, { name: 'silver' }, { expectedRevision: 1 }))._tag, 'ResourceHasChanged');
  assert.is(right(await plane.updateAccessPath(path.id, { name: 'silver' }, { expectedRevision: plane.revision({ kind: 'accessPath', ref: path.id })!, wait: 'done' })).resource.name, 'silver');
  assert.is(group.accessPath.name, 'gold');
  await plane.close();
});

test('the past of hosts, client groups and VIP groups is read like that of a volume, at any moment and by command [S0-136]', async () => {
  const made = await mapped(await pathPlane());
  const { plane, clock, path, clients } = made;
  const [first] = plane.networkAddresses.list().items;
  const { resource: group } = right(await plane.createVipGroup({ accessPath: path.id, network: '10.252.1.0/24', vips: [{ ip: VIP, networkAddress: first!.id }] }, { wait: 'done' }));
  await plane.idle();
  const then = clock.nowMs();
  clock.advance(60_000);
  right(await plane.updateClientGroup(clients.id, { name: 'hosts of the database', clients: ['10.0.0.7'] }, { wait: 'done' }));
  right(await plane.updateVipGroup(group.id, { preempt: false }, { wait: 'done', idempotencyKey: 'stay' }));
  right(await plane.pauseHost('gw1', { reason: 'new switches' }, { wait: 'done' }));
  const at = async (kind: 'host' | 'clientGroup' | 'vipGroup', ref: string, moment: number) => right(await plane.at(moment, { kind, ref }));
  const before = await Promise.all([at('clientGroup', clients.id, then), at('vipGroup', group.id, then), at('host', 'gw1', then)]);
  const now = await Promise.all([at('clientGroup', clients.id, clock.nowMs()), at('vipGroup', group.id, clock.nowMs()), at('host', 'gw1', clock.nowMs())]);
  const told = (views: readonly ResourceView[]) => views.map((view) => (view.kind === 'clientGroup' ? [view.name, view.clients] : view.kind === 'vipGroup' ? view.preempt : view.kind === 'host' ? view.paused : null));
  assert.equal(told(before), [['db-hosts', [IQN]], true, null]);
  assert.equal(told(now), [['hosts of the database', ['10.0.0.7']], false, 'new switches']);
  assert.is(left(await plane.at(then - 1_000_000, { kind: 'vipGroup', ref: group.id }))._tag, 'NotThereYet');
  const types = async (kind: 'host' | 'clientGroup' | 'vipGroup', ref: string) => right(await plane.history({ kind, ref })).map(({ type }) => type);
  assert.is((await types('host', 'gw1'))[0], 'HostRequested');
  assert.ok((await types('clientGroup', clients.id)).includes('ClientGroupUpdated'));
  assert.ok((await types('vipGroup', group.id)).includes('VipGroupUpdated'));
  const asked = plane.actions.list({ action: 'updateVipGroup' }).items[0]!;
  const changed = right(await plane.changedBy(asked.commandId, { kind: 'vipGroup', ref: group.id }));
  assert.equal([changed.before, changed.after].map((view) => (view?.kind === 'vipGroup' ? view.preempt : null)), [true, false]);
  await plane.close();
});

test('a plan tells what a VIP group, a removal and a host that is off would bring, on every host, and changes nothing [S0-11, R-13]', async () => {
  const made = await mapped(await pathPlane());
  const { plane, store, gateways, segment, path, group, volume } = made;
  const [first] = plane.networkAddresses.list().items;
  const shown = (): readonly unknown[] => ['gw1', 'gw2'].flatMap((host) => [gateways.shows(host), segment.holders(VIP)]);
  const [before, stands] = [right(await store.head()()), shown()];
  const performed = async (request: Parameters<typeof plane.plan>[0]): Promise<readonly string[]> =>
    right(await plane.plan(request)).work.flatMap(({ performs }) => (performs === undefined ? [] : [`${performs.host} ${performs.action.do}`]));
  const making = await performed({ do: 'createVipGroup', input: { accessPath: path.id, network: '10.252.1.0/24', vips: [{ ip: VIP, networkAddress: first!.id }] } });
  // Portals of the address first, then the instances; when one of them holds it the physical portals go.
  assert.equal([...new Set(making)], ['gw1 scanVrids', 'gw1 ensureTarget', 'gw2 ensureTarget', 'gw1 ensureInstance', 'gw2 ensureInstance', 'gw1 observeInstance']);
  const removal = right(await plane.plan({ do: 'removeVolumesFromMappingGroup', mappingGroup: group.id, input: { volumes: [volume.id], force: true } }));
  assert.ok(removal.events.some(({ type, stream }) => type === 'VolumeUnmapped' && stream === `volume-${volume.id}`));
  assert.equal(right(await plane.plan({ do: 'declareHostOff', host: 'gw2', input: { reason: 'disks' } })).events[0]?.type, 'HostDeclaredOff');
  assert.equal([right(await store.head()()), shown()], [before, stands]);
  await plane.close();
});

test('a process that begins again goes on with what is owed to gateways: what was added, what was taken away, and what a host missed [I-2, I-20]', async () => {
  const made = await mapped(await pathPlane());
  const { plane, gateways, group, clock, cut, path } = made;
  const [added, other] = [await volumeNamed(made, 'logs'), await volumeNamed(made, 'mail')];
  right(await plane.addVolumesToMappingGroup(group.id, { volumes: [other.id] }, { wait: 'done' }));
  cut('gw1');
  cut('gw2');
  const adding = right(await plane.addVolumesToMappingGroup(group.id, { volumes: [added.id] })).task!;
  const taking = right(await plane.removeVolumesFromMappingGroup(group.id, { volumes: [other.id], force: true })).task!;
  await clock.until(() => false, clock.nowMs() + 30_000);
  await plane.close();
  cut('gw1', false);
  const second = await made.again();
  assert.ok(await clock.until(() => second.accessPaths.get(path.id)?.targets[0]?.isConfirmed === true, clock.nowMs() + 3_600_000));
  assert.is(right(await second.tasks.await(adding.id)).status, 'succeeded');
  // What is taken away waits for the host that nobody can reach, in the next process, too.
  assert.is.not(second.tasks.get(taking.id)?.status, 'succeeded');
  assert.ok(second.volumes.get(other.id)?.mapped);
  await second.close();
  cut('gw2', false);
  const third = await made.again();
  assert.is(right(await third.tasks.await(taking.id)).status, 'succeeded');
  await clock.until(() => third.volumes.get(other.id)?.mapped === false, clock.nowMs() + 60_000);
  assert.not(third.volumes.get(other.id)?.mapped);
  assert.equal(['gw1', 'gw2'].map((host) => gateways.luns(host).length), [2, 2]);
  assert.equal([third.hosts.get('gw2')?.debts, third.warnings()], [[], []]);
  await third.close();
});

test.run();
