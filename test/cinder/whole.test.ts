/** An OpenStack-shaped caller on two backends at once: the driver's contract and the six calls, down to what stands on gateways and array. */
import * as assert from 'uvu/assert';
import { cinderDriver, parseProviderLocation, sixCalls, type ConnectionInfo } from '@blockledger/app/cinder-driver';
import { source } from '../support/cinder/source.ts';
import { CEPH, QSAN, twoBackends, type Place } from '../support/cinder/twoBackends.ts';
import { ACCOUNT, cinderSnapshot, cinderVolume, raised, returned } from '../support/cinder/world.ts';
import { right } from '../support/plane.ts';
import { suite } from '../support/suite.ts';

const test = suite('Cinder on two backends');
const world = await twoBackends();
const { plane, client, cluster, gateways, array } = world;

const CONNECTOR = { initiator: 'iqn.1993-08.org.debian:01:604af6a341', host: 'compute-node-01', ip: '192.168.1.50', multipath: true };
const OTHER = { ...CONNECTOR, initiator: 'iqn.1993-08.org.debian:01:other', host: 'compute-node-02' };
const GIVEN = { instance_uuid: 'an-instance', host_name: CONNECTOR.host, mount_point: '/dev/vdb', mode: 'rw' } as const;

/** Nothing is left on either, nor in the log. */
const nothingIsLeft = async (): Promise<void> => {
  await plane.idle();
  assert.equal([plane.volumes.list({ hidden: 'all' }).totalCount, plane.clientGroups.list().totalCount, plane.mappingGroups.list().totalCount], [0, 0, 0]);
  assert.equal(cluster.images('vols'), []);
  const { volumes, targets } = array.state();
  assert.equal([volumes.length, targets.length], [0, 0]);
  for (const name of ['gw1', 'gw2']) assert.not.match(gateways.shows(name), /iqn\.1993-08|LUN: \d/);
};

/** What holds of every connection, whatever is behind it. */
const checkConnection = ({ driver_volume_type: type, data }: ConnectionInfo, volumeId: string): void => {
  assert.is(type, 'iscsi');
  assert.equal(Object.keys(data).toSorted(), Object.keys(source.initialize_connection.data).toSorted());
  assert.is(data.volume_id, volumeId);
  assert.equal([data.auth_username, data.auth_password], [ACCOUNT.user, ACCOUNT.secret]);
  assert.is(data.target_portals?.length, 2);
  assert.equal([data.target_iqn, data.target_portal, data.target_lun], [data.target_iqns?.[0], data.target_portals?.[0], data.target_luns?.[0]]);
};

/** What stands on the storage is what the caller was told. */
const checkStorage = (place: Place, { data }: ConnectionInfo): void => {
  if (place === CEPH) {
    for (const name of ['gw1', 'gw2']) for (const part of [data.target_iqn, CONNECTOR.initiator, ACCOUNT.user]) assert.ok(gateways.shows(name).includes(part), `${name} shows ${part}`);
    return;
  }
  const [target, ...others] = array.state().targets;
  assert.equal(others, []);
  assert.equal([target?.iqn, target?.acl, target?.chap?.username, target?.luns.map(({ lun }) => lun)], [data.target_iqn, [CONNECTOR.initiator], ACCOUNT.user, [data.target_lun]]);
};

const places: readonly (readonly [string, Place])[] = [
  ['Ceph behind XDC', CEPH],
  ['a QSAN array', QSAN],
];

for (const [name, place] of places) {
  const driver = cinderDriver({ control: client, ...place, volumeBackendName: 'QSAN_iSCSI', vendorName: 'QSAN' });
  const calls = sixCalls({ control: client, ...place });

  test(`${name}: a volume is created, exported, connected, let go and deleted, and nothing stays [S1-28, S1-29, S1-30, S1-31, S1-32, S1-33, S1-34, S1-35, S1-39]`, async () => {
    const volume = cinderVolume(1, 2);
    assert.is(returned(await driver.do_setup({})), null);
    assert.is(returned(await driver.check_for_setup_error()), null);
    assert.equal(Object.keys(returned(await driver.get_volume_stats(true))).toSorted(), Object.keys(source.get_volume_stats).toSorted());
    returned(await driver.create_volume(volume));
    const update = returned(await driver.create_export({}, volume, CONNECTOR));
    const location = parseProviderLocation(update.provider_location);
    const info = returned(await driver.initialize_connection(volume, CONNECTOR));
    checkConnection(info, volume.id);
    checkStorage(place, info);
    assert.equal(location._tag === 'Right' && [location.right.iqn, location.right.lun, location.right.portals.map(({ ip, port }) => `${ip}:${port}`)], [info.data.target_iqn, info.data.target_lun, info.data.target_portals]);
    assert.is(update.provider_auth, `CHAP ${ACCOUNT.user} ${ACCOUNT.secret}`);
    returned(await driver.extend_volume(volume, 3));
    assert.is(raised(await driver.delete_volume(volume))._tag, 'VolumeIsBusy');
    returned(await driver.terminate_connection(volume, CONNECTOR));
    returned(await driver.remove_export({}, { ...volume, ...update }));
    returned(await driver.delete_volume(volume));
    await nothingIsLeft();
  });

  test(`${name}: a machine moves, so that two hosts have its volume for a while; a force detach takes it from both [S1-33, S1-34, S1-35]`, async () => {
    const volume = cinderVolume(2);
    returned(await driver.create_volume(volume));
    const [first, second] = [returned(await driver.initialize_connection(volume, CONNECTOR)), returned(await driver.initialize_connection(volume, OTHER))];
    assert.equal(second, first, 'the same target and the same LUN for both');
    returned(await driver.terminate_connection(volume, CONNECTOR));
    returned(await driver.remove_export({}, volume));
    assert.equal(plane.attachments.list({ volume: plane.volumes.list({ name: volume.name }).items[0]!.id }).map(({ stage }) => stage), ['attached'], 'the other host keeps it');
    returned(await driver.initialize_connection(volume, CONNECTOR));
    const strict = cinderDriver({ control: client, ...place, volumeBackendName: 'x', requireFencing: true });
    assert.is(raised(await strict.terminate_connection(volume, null)).code, 'CapabilityIsMissing', 'nobody can see who is logged in there');
    returned(await driver.terminate_connection(volume, null));
    returned(await driver.delete_volume(volume));
    await nothingIsLeft();
  });

  test(`${name}: snapshots, volumes of them and clones come and go in any order that the storage allows [S1-36, S1-37]`, async () => {
    const [volume, larger, clone] = [cinderVolume(3, 1), cinderVolume(4, 2), cinderVolume(5, 2)];
    const snapshot = cinderSnapshot(6, volume);
    returned(await driver.create_volume(volume));
    returned(await driver.create_snapshot(snapshot));
    returned(await driver.create_volume_from_snapshot(larger, snapshot));
    returned(await driver.create_cloned_volume(clone, volume));
    assert.equal([larger, clone].map(({ name }) => plane.volumes.list({ name }).items[0]?.sizeBytes), [2 ** 31, 2 ** 31]);
    returned(await driver.delete_volume(clone));
    returned(await driver.delete_volume(larger));
    returned(await driver.delete_snapshot(snapshot));
    returned(await driver.delete_volume(volume));
    await nothingIsLeft();
  });

  test(`${name}: the six calls lead a volume out and home [S4-1, S4-2, S4-3, S4-4, S4-5, S4-6, S4-7]`, async () => {
    const volume = cinderVolume(7);
    returned(await driver.create_volume(volume));
    const id = returned(await calls.reserve_volume(volume));
    assert.is(raised(await calls.reserve_volume(volume))._tag, 'InvalidVolume');
    const { data } = returned(await calls.initialize_connection(volume, { ...CONNECTOR, multipath: false }));
    assert.equal(Object.keys(data).toSorted(), Object.keys(source.call_initialize_connection.data).toSorted());
    assert.equal([data.target_discovered, data.encrypted, data.qos_specs, data.access_mode, data.auth_method], [false, false, null, 'rw', 'CHAP']);
    assert.equal(returned(await calls.initialize_connection(volume, { ...CONNECTOR, multipath: false })).data, data, 'said again');
    assert.is(returned(await calls.attach(volume, GIVEN)), id);
    assert.is(raised(await driver.delete_volume(volume))._tag, 'VolumeIsBusy');
    for (let again = 0; again < 2; again += 1) returned(await calls.begin_detaching(volume));
    for (let again = 0; again < 2; again += 1) returned(await calls.terminate_connection(volume, CONNECTOR));
    for (let again = 0; again < 2; again += 1) returned(await calls.detach(volume, id));
    assert.is(returned(await calls.reserve_volume(volume, { attachment_id: id })), id, 'it is available again');
    returned(await calls.detach(volume, id));
    returned(await driver.delete_volume(volume));
    await nothingIsLeft();
  });

  test(`${name}: of callers who ask at once one gets a volume; where it is multiattach all do, each with its own [S4-2, S4-3, S4-4]`, async () => {
    const volume = cinderVolume(8);
    returned(await driver.create_volume(volume));
    const answers = await Promise.all(Array.from({ length: 5 }, () => calls.reserve_volume(volume)));
    const [only, ...others] = answers.flatMap((answer) => (answer._tag === 'Right' ? [answer.right] : []));
    assert.equal(others, []);
    returned(await calls.detach(volume, only ?? null));

    const shared = { ...volume, multiattach: true };
    const hosts = [CONNECTOR, OTHER, { ...OTHER, initiator: 'iqn.1993-08.org.debian:01:third', host: 'compute-node-03' }];
    const ids = (await Promise.all(hosts.map(() => calls.reserve_volume(shared)))).map(returned);
    for (const answer of await Promise.all(hosts.map((host) => calls.initialize_connection(shared, host)))) returned(answer);
    const attached = (await Promise.all(hosts.map(({ host }) => calls.attach(shared, { ...GIVEN, host_name: host })))).map(returned);
    assert.equal(attached.toSorted(), ids.toSorted());
    returned(await calls.terminate_connection(shared, null));
    for (const id of ids) returned(await calls.detach(shared, id));
    returned(await driver.delete_volume(volume));
    await nothingIsLeft();
  });
}

test('a connection by an access path that has lost its targets is refused as a fault of the backend, with the way out, and the volume is free again [S1-28, S1-32, S4-3, S1-34]', async () => {
  const path = right(await plane.createAccessPath({ name: 'hostless', hosts: ['gw1'], chap: ACCOUNT }, { wait: 'done' })).resource;
  for (const { id } of path.targets) right(await plane.removeTarget(id, { force: true }, { wait: 'done' }));
  const place = { control: client, pool: CEPH.pool, accessPath: 'hostless' };
  const [driver, calls] = [cinderDriver({ ...place, volumeBackendName: 'XDC', vendorName: 'XDC' }), sixCalls(place)];
  const volume = cinderVolume(10);
  returned(await driver.create_volume(volume));
  const id = returned(await calls.reserve_volume(volume));
  const byCalls = await calls.initialize_connection(volume, CONNECTOR);
  returned(await calls.detach(volume, id));
  for (const refused of [byCalls, await driver.create_export({}, volume, CONNECTOR), await driver.initialize_connection(volume, CONNECTOR)]) {
    const { _tag, code, message } = raised(refused);
    assert.equal([_tag, code], ['VolumeBackendAPIException', 'AccessPathHasNoTargets']);
    assert.match(message, /"hostless" has no target on any host; add a target/);
  }
  returned(await driver.delete_volume(volume));
  right(await plane.deleteAccessPath(path.id, { wait: 'done' }));
  await nothingIsLeft();
});

test('a volume is on each backend at once, and the path of one takes none of the other [S1-32, R-28]', async () => {
  const drivers = places.map(([, place]) => cinderDriver({ control: client, ...place, volumeBackendName: 'x' }));
  const volume = cinderVolume(9);
  for (const driver of drivers) returned(await driver.create_volume(volume));
  const infos = await Promise.all(drivers.map((driver) => driver.initialize_connection(volume, CONNECTOR)));
  const [onCeph, onArray] = infos.map(returned);
  assert.not.equal(onCeph?.data.target_iqn, onArray?.data.target_iqn);
  const astray = cinderDriver({ control: client, pool: CEPH.pool, accessPath: QSAN.accessPath, volumeBackendName: 'x' });
  assert.is(raised(await astray.initialize_connection(volume, OTHER))._tag, 'VolumeBackendAPIException');
  for (const driver of drivers) {
    returned(await driver.terminate_connection(volume, CONNECTOR));
    returned(await driver.delete_volume(volume));
  }
  await nothingIsLeft();
});

test.after(world.close);
test.run();
