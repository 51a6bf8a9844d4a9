/** Access paths of a QSAN array beside those of gateways, through the library face: what stands on the array is looked at. */
import { targetName } from '@blockledger/adapters-qsan';
import type { VolumeId } from '@blockledger/domain';
import * as assert from 'uvu/assert';
import { CEPH, QSAN, twoBackends, type TwoBackends } from '../support/cinder/twoBackends.ts';
import { GIB, left, right } from '../support/plane.ts';
import { suite } from '../support/suite.ts';

const test = suite('access paths of an array on the control plane');
const done = { wait: 'done' } as const;
const [ONE, OTHER] = ['iqn.1994-05.com.redhat:one', 'iqn.1994-05.com.redhat:other'];

/** The numbers of the access paths of gateways and of the array. */
const [FRONT, ARRAY] = [1, 2];

let world: TwoBackends;
let count = 0;

const volume = async (pool: string, name: string) => right(await world.plane.createVolume({ pool, name: `${name}-${(count += 1)}`, sizeBytes: GIB }, done)).resource;
/** The client group of an initiator, made where it is not there. */
const group = async (code: string) => world.plane.clientGroups.list({ client: code }).items[0] ?? right(await world.plane.createClientGroup({ name: `group of ${code}`, clients: [code] }, done)).resource;
const onArray = () => world.array.state().targets.map(({ name, acl, luns }) => [name, acl, luns.map(({ lun }) => lun)]);
const nameOf = ({ id }: { readonly id: string }): string => targetName(id as VolumeId);

/** Two client groups see volumes by the path of the array, shared. */
const mapped = async () => {
  const [both, alone] = [await volume(QSAN.pool, 'both'), await volume(QSAN.pool, 'alone')];
  const [one, other] = [await group(ONE), await group(OTHER)];
  const map = async (clientGroup: string, volumes: readonly string[]) => right(await world.plane.createMappingGroup(ARRAY, { clientGroup, volumes, shared: true }, done)).part!;
  return { both, alone, one, other, first: await map(one.id, [both.id, alone.id]), second: await map(other.id, [both.id]) };
};

test('a volume of an array has one target, which lets in the initiators of every group that has it, by the portals that the array has [S1-17, S1-20, S1-22]', async () => {
  const { both, alone, first, second } = await mapped();
  assert.equal(onArray(), [[nameOf(both), [ONE, OTHER], [0]], [nameOf(alone), [ONE], [0]]]);
  const [target, ...others] = world.plane.targets.list({ accessPath: ARRAY }).items;
  assert.equal([others, target?.host.name, target?.isConfirmed, target?.iqns.length], [[], 'qsan', true, 2]);
  assert.equal(target?.portals.map(({ port }) => port), [3260, 3260]);
  assert.equal(world.plane.accessPaths.get(ARRAY)?.scope, 'volume');
  right(await world.plane.removeVolumesFromMappingGroup(second.id, { volumes: [both.id], loggedOut: true }, done));
  assert.equal(onArray(), [[nameOf(both), [ONE], [0]], [nameOf(alone), [ONE], [0]]]);
  for (const { id } of [first, second]) right(await world.plane.deleteMappingGroup(id, { loggedOut: true }, done));
  assert.equal(onArray(), []);
});

test('gateways open no volume of an array, and an array opens its own alone: refused by its name, before anything is sent [S1-17, S0-91]', async () => {
  const [own, image] = [await volume(QSAN.pool, 'own'), await volume(CEPH.pool, 'image')];
  const clients = await group(ONE);
  const before = world.array.requests().length;
  const refusals = [
    left(await world.plane.createMappingGroup(FRONT, { clientGroup: clients.id, volumes: [own.id] })),
    left(await world.plane.createMappingGroup(ARRAY, { clientGroup: clients.id, volumes: [image.id] })),
  ];
  assert.equal(refusals.map(({ _tag, value, limit }) => [_tag, value, limit]), [['VolumeIsElsewhere', 'array', ['xdc']], ['VolumeIsElsewhere', 'ceph', ['array']]]);
  assert.is(world.array.requests().slice(before).filter(({ method }) => method !== 'GET').length, 0);
  assert.equal(world.plane.mappingGroups.list().items, []);
});

test('an attachment by an access path that does not open the volume is refused, and nothing of it stays [S1-17, S4-8]', async () => {
  const own = await volume(QSAN.pool, 'attached');
  const refused = left(await world.plane.reserveAttachment(own.id, { connect: { accessPath: FRONT, connector: { initiator: ONE } } }, done));
  assert.is(refused._tag, 'VolumeIsElsewhere');
  await world.plane.idle();
  assert.equal([world.plane.attachments.list({ volume: own.id }), world.plane.mappingGroups.list().items], [[], []]);
});

test('an array shows a volume by one access path at a time: another is refused while the first has it, mapped or attached [S1-22]', async () => {
  const { plane } = world;
  const second = right(await plane.createAccessPath({ name: 'array-back', hosts: ['qsan'] }, done)).resource;
  const own = await volume(QSAN.pool, 'once');
  const clients = await group(ONE);
  const first = right(await plane.createMappingGroup(ARRAY, { clientGroup: clients.id, volumes: [own.id], shared: true }, done)).part!;
  const refused = left(await plane.createMappingGroup(second.id, { clientGroup: clients.id, volumes: [own.id], shared: true }, done));
  assert.equal([refused._tag, refused.value], ['VolumeHasAnotherPath', plane.accessPaths.get(ARRAY)?.id]);
  assert.is(left(await plane.reserveAttachment(own.id, { shared: true, connect: { accessPath: second.id, connector: { initiator: OTHER } } }, done))._tag, 'VolumeHasAnotherPath');
  right(await plane.deleteMappingGroup(first.id, { loggedOut: true }, done));
  const { id } = right(await plane.reserveAttachment(own.id, { connect: { accessPath: second.id, connector: { initiator: OTHER } } }, done)).part!;
  assert.equal(onArray(), [[nameOf(own), [OTHER], [0]]]);
  assert.is(left(await plane.createMappingGroup(ARRAY, { clientGroup: clients.id, volumes: [own.id], shared: true }, done))._tag, 'VolumeHasAnotherPath');
  right(await plane.releaseAttachment(own.id, { id }, done));
  right(await plane.deleteAccessPath(second.id, done));
  assert.equal(onArray(), []);
});

test('an array shows nobody who is logged in: unmapping asks for a word that nobody is, and force is refused by what is missing [X-7, I-21, R-19]', async () => {
  const { plane } = world;
  const own = await volume(QSAN.pool, 'vouched');
  const clients = await group(ONE);
  const { id } = right(await plane.createMappingGroup(ARRAY, { clientGroup: clients.id, volumes: [own.id] }, done)).part!;
  const refusals = [
    left(await plane.removeVolumesFromMappingGroup(id, { volumes: [own.id] })),
    left(await plane.deleteMappingGroup(id)),
    left(await plane.removeVolumesFromMappingGroup(id, { volumes: [own.id], force: true })),
    left(await plane.deleteMappingGroup(id, { force: true, loggedOut: true })),
  ];
  assert.equal(refusals.map(({ _tag, value }) => [_tag, ...(_tag === 'CapabilityIsMissing' ? [value] : [])]), [['SessionsAreUnknown'], ['SessionsAreUnknown'], ['CapabilityIsMissing', 'fences'], ['CapabilityIsMissing', 'fences']]);
  assert.equal(onArray(), [[nameOf(own), [ONE], [0]]]);
  right(await plane.deleteMappingGroup(id, { loggedOut: true }, done));
  assert.equal(onArray(), []);
});

test('attachments of several hosts share the one target of their volume, each is let go alone, and none by force [S1-22, S1-35, I-21]', async () => {
  const { plane } = world;
  const own = await volume(QSAN.pool, 'multi');
  const attach = async (initiator: string) => right(await plane.reserveAttachment(own.id, { shared: true, connect: { accessPath: ARRAY, connector: { initiator, multipath: true } } }, done)).part!;
  const [one, other] = [await attach(ONE), await attach(OTHER)];
  assert.equal(onArray(), [[nameOf(own), [ONE, OTHER], [0]]]);
  const [info, same] = [right(await plane.attachments.connectionInfo(own.id, one.id)), right(await plane.attachments.connectionInfo(own.id, other.id))];
  assert.equal(info.targets, same.targets);
  assert.equal([info.targets.length, info.targets[0]?.portals.length, info.lun], [1, 2, 0]);
  assert.equal([left(await plane.disconnectAttachments(own.id, { force: true })), left(await plane.releaseAttachment(own.id, { id: one.id, force: true }))].map(({ _tag, value }) => [_tag, value]), [['CapabilityIsMissing', 'fences'], ['CapabilityIsMissing', 'fences']]);
  right(await plane.releaseAttachment(own.id, { id: one.id }, done));
  assert.equal(onArray(), [[nameOf(own), [OTHER], [0]]]);
  right(await plane.disconnectAttachments(own.id, {}, done));
  assert.equal(onArray(), []);
});

test('an array has no virtual IPs, and its account goes only while nobody is let in [R-13, R-19]', async () => {
  const { plane } = world;
  const own = await volume(QSAN.pool, 'account');
  const clients = await group(ONE);
  const { id } = right(await plane.createMappingGroup(ARRAY, { clientGroup: clients.id, volumes: [own.id] }, done)).part!;
  const account = left(await plane.updateAccessPath(ARRAY, { chap: null }));
  assert.equal([account._tag, account.value], ['CapabilityIsMissing', 'clearsChap']);
  const [address] = plane.networkAddresses.list().items;
  const vips = left(await plane.createVipGroup({ accessPath: ARRAY, network: '10.77.0.0/24', vips: [{ ip: '10.77.0.200', networkAddress: address?.id ?? '' }] }));
  assert.is(vips._tag, 'CapabilityIsMissing');
  assert.match(vips.message, /cannot serve virtual IPs$/);
  right(await plane.deleteMappingGroup(id, { loggedOut: true }, done));
});

test.before(async () => {
  world = await twoBackends();
});
test.after(() => world.close());
test.run();
