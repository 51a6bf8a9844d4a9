/** Which steps of an attachment the driver's calls and the six calls take, over attachments that are only remembered. */
import * as assert from 'uvu/assert';
import { callsIn } from '../../packages/app/src/cinder/calls/calls.ts';
import { driverIn } from '../../packages/app/src/cinder/driver/driver.ts';
import { cinderError } from '../../packages/app/src/cinder/errors.ts';
import { fakeAttachments } from '../support/cinder/fakeAttachments.ts';
import { source } from '../support/cinder/source.ts';
import { cinderFixture, cinderVolume, raised, returned } from '../support/cinder/world.ts';
import { suite } from '../support/suite.ts';

const test = suite('connections for Cinder');
const fixture = await cinderFixture();
const SETTINGS = { volumeBackendName: 'QSAN_iSCSI', vendorName: 'QSAN', driverVersion: '1.0.0', multiattach: false, movesTo: [] };

const CONNECTOR = { initiator: 'iqn.1993-08.org.debian:01:604af6a341', host: 'compute-node-01', ip: '192.168.1.50', multipath: true };
const OTHER = { ...CONNECTOR, initiator: 'iqn.1993-08.org.debian:01:other', host: 'compute-node-02' };

/** A volume that is there, and both faces of it, with nothing attached. */
const begin = async (n: number, more: object = {}) => {
  const attachments = fakeAttachments();
  const world = { service: { client: fixture.client, timeoutMs: 30_000 }, poolName: 'vols', accessPathName: 'front', attachments };
  const driver = driverIn(world, SETTINGS);
  const volume = cinderVolume(n, 1, more);
  returned(await driver.create_volume(volume));
  return { attachments, driver, calls: callsIn(world), volume };
};
const stages = ({ kept }: ReturnType<typeof fakeAttachments>): readonly string[] => [...kept.values()].map(({ stage }) => stage);

test('an export is a connection for its connector, and returns location and account as the source writes them [S1-32, S1-26, S1-27]', async () => {
  const { driver, volume, attachments } = await begin(1);
  const update = returned(await driver.create_export({}, volume, CONNECTOR));
  assert.equal(update, { provider_location: source.provider_location, provider_auth: source.provider_auth });
  assert.equal(returned(await driver.create_export({}, volume, CONNECTOR)), update);
  assert.equal(attachments.asked, ['attach'], 'the second call found it');
});

test('initialize_connection returns what the source shows, with the export before it or without [S1-34]', async () => {
  const { driver, volume, attachments } = await begin(2);
  const expected = { ...source.initialize_connection, data: { ...source.initialize_connection.data, volume_id: volume.id } };
  returned(await driver.create_export({}, volume, CONNECTOR));
  for (let again = 0; again < 2; again += 1) assert.equal(returned(await driver.initialize_connection(volume, CONNECTOR)), expected);
  assert.equal(attachments.asked, ['attach', 'complete']);
  const { data } = returned(await driver.initialize_connection(volume, { ...OTHER, multipath: false }));
  assert.not.ok('target_portals' in data);
  assert.equal(stages(attachments), ['attached', 'attached']);
});

test('a connector without an initiator is refused by name, and nothing is made for it [S4-3]', async () => {
  const { driver, volume, attachments } = await begin(3);
  for (const connector of [{}, { initiator: null, host: 'x' }, { initiator: '' }]) {
    for (const answer of [driver.validate_connector(connector), driver.create_export({}, volume, connector), driver.initialize_connection(volume, connector), driver.terminate_connection(volume, connector)]) {
      assert.is(raised(await answer)._tag, 'InvalidConnectorException');
    }
  }
  assert.equal(attachments.asked, []);
});

test('terminate_connection takes the volume from one initiator, or from all when there is no connector: those are fenced [S1-35, I-21]', async () => {
  const { driver, volume, attachments } = await begin(4);
  for (const connector of [CONNECTOR, OTHER]) returned(await driver.initialize_connection(volume, connector));
  assert.is(returned(await driver.terminate_connection(volume, CONNECTOR)), null);
  assert.equal([...attachments.kept.values()].map(({ initiator }) => initiator), [OTHER.initiator]);
  assert.is(returned(await driver.terminate_connection(volume, CONNECTOR, { force: true })), null, 'it is gone already');
  returned(await driver.initialize_connection(volume, CONNECTOR));
  attachments.asked.length = 0;
  assert.is(returned(await driver.terminate_connection(volume, null)), null);
  assert.equal(attachments.asked, ['disconnect by force', 'release by force', 'release by force']);
  assert.is(attachments.kept.size, 0);
  assert.is(returned(await driver.terminate_connection(cinderVolume(99), null)), null, 'a volume that is gone is detached');
});

test('remove_export takes what nobody was connected to, and leaves what others still use [S1-33]', async () => {
  const { driver, volume, attachments } = await begin(5);
  returned(await driver.create_export({}, volume, CONNECTOR));
  returned(await driver.initialize_connection(volume, OTHER));
  assert.is(returned(await driver.remove_export({}, { ...volume, provider_location: source.provider_location })), null);
  assert.equal([...attachments.kept.values()].map(({ initiator }) => initiator), [OTHER.initiator]);
  returned(await driver.terminate_connection(volume, OTHER));
  assert.is(returned(await driver.remove_export({}, volume)), null);
  assert.is(raised(await driver.remove_export({}, { ...volume, provider_location: 'nfs://elsewhere/share' }))._tag, 'InvalidInput');
  assert.is(returned(await driver.remove_export({}, cinderVolume(99))), null);
});

test('what cannot be connected is let go again, for Cinder does not come back for it [S1-32, I-22]', async () => {
  const { driver, volume, attachments } = await begin(6);
  attachments.refuse.set('attach', cinderError('VolumeBackendAPIException', 'HostIsUnknownToBackend', 'no host answers'));
  assert.is(raised(await driver.create_export({}, volume, CONNECTOR)).code, 'HostIsUnknownToBackend');
  assert.equal(attachments.asked, ['attach', 'release']);
  assert.is(attachments.kept.size, 0);
});

const GIVEN = { instance_uuid: 'an-instance', host_name: CONNECTOR.host, mount_point: '/dev/vdb', mode: 'rw' } as const;

test('the six calls lead a volume out and home: reserve, initialize, attach, begin to detach, terminate, detach [S4-1, S4-3, S4-4, S4-5, S4-6, S4-7]', async () => {
  const { calls, volume, attachments } = await begin(7);
  const id = returned(await calls.reserve_volume(volume));
  assert.equal(stages(attachments), ['reserved']);
  const info = returned(await calls.initialize_connection(volume, CONNECTOR));
  assert.equal(Object.keys(info.data).toSorted(), [...Object.keys(source.call_initialize_connection.data), 'target_iqns', 'target_luns', 'target_portals'].toSorted());
  assert.is(info.data.access_mode, 'rw');
  assert.is(returned(await calls.attach(volume, GIVEN)), id);
  assert.equal(stages(attachments), ['attached']);
  assert.is(attachments.kept.get(id)?.instanceId, 'an-instance');
  assert.is(returned(await calls.begin_detaching(volume)), null);
  assert.equal(stages(attachments), ['detaching']);
  assert.is(returned(await calls.terminate_connection(volume, CONNECTOR)), null);
  assert.equal(stages(attachments), ['disconnected']);
  assert.is(returned(await calls.detach(volume, id)), null);
  assert.is(attachments.kept.size, 0);
  for (const gone of [volume, cinderVolume(99)]) assert.is(returned(await calls.detach(gone, id)), null);
});

test('a volume that is not available is reserved for nobody else, unless it is multiattach and both say so [S4-2]', async () => {
  const { calls, volume, attachments } = await begin(8);
  const id = returned(await calls.reserve_volume(volume));
  const taken = raised(await calls.reserve_volume(volume));
  assert.equal([taken._tag, taken.code], ['InvalidVolume', 'VolumeIsAttached']);
  assert.is(returned(await calls.reserve_volume(volume, { attachment_id: id })), id, 'the same reservation, said again');
  assert.is(raised(await calls.reserve_volume({ ...volume, multiattach: true }))._tag, 'InvalidVolume');
  returned(await calls.detach(volume, id));
  const shared = { ...volume, multiattach: true };
  for (let n = 0; n < 2; n += 1) returned(await calls.reserve_volume(shared));
  assert.is(attachments.kept.size, 2);
});

test('with several attachments a call finds its own by initiator or host, and asks which where it cannot [S4-3, S4-4, S4-5, S4-7]', async () => {
  const { calls, volume, attachments } = await begin(9, { multiattach: true });
  const ids = [returned(await calls.reserve_volume(volume)), returned(await calls.reserve_volume(volume, { mode: 'ro' }))];
  returned(await calls.initialize_connection(volume, CONNECTOR));
  assert.is(returned(await calls.initialize_connection(volume, OTHER)).data.access_mode, 'ro');
  assert.is(raised(await calls.attach(volume, { ...GIVEN, host_name: null }))._tag, 'InvalidVolume');
  assert.is(returned(await calls.attach(volume, { ...GIVEN, host_name: OTHER.host, mode: 'ro' })), ids[1]);
  assert.is(returned(await calls.attach(volume, GIVEN)), ids[0]);
  assert.is(returned(await calls.attach(volume, GIVEN)), ids[0], 'said again');
  assert.is(raised(await calls.begin_detaching(volume))._tag, 'InvalidVolume');
  assert.is(raised(await calls.detach(volume, null))._tag, 'InvalidVolume');
  returned(await calls.begin_detaching(volume, { attachment_id: ids[1]! }));
  returned(await calls.terminate_connection(volume, OTHER));
  assert.equal(stages(attachments), ['attached', 'disconnected']);
  attachments.asked.length = 0;
  returned(await calls.terminate_connection(volume, null));
  assert.equal(attachments.asked, ['disconnect by force'], 'who is not named is fenced');
  assert.equal(stages(attachments), ['disconnected', 'disconnected']);
});

test('an initiator that is on its way out of one attachment comes in by another, and not by the old one [S4-3, S4-6, S4-8]', async () => {
  const { calls, volume, attachments } = await begin(11, { multiattach: true });
  returned(await calls.reserve_volume(volume));
  returned(await calls.initialize_connection(volume, CONNECTOR));
  returned(await calls.attach(volume, GIVEN));
  returned(await calls.begin_detaching(volume));
  returned(await calls.reserve_volume(volume));
  returned(await calls.initialize_connection(volume, CONNECTOR));
  assert.equal(stages(attachments), ['detaching', 'connected']);
});

test('calls out of their order are refused: connect before reserve, attach before connect, detach of what nobody has [S4-1, S4-2]', async () => {
  const { calls, volume } = await begin(10);
  for (const answer of [calls.initialize_connection(volume, CONNECTOR), calls.attach(volume, GIVEN), calls.begin_detaching(volume)]) assert.is(raised(await answer)._tag, 'InvalidVolume');
  assert.is(raised(await calls.reserve_volume(cinderVolume(99)))._tag, 'VolumeNotFound');
});

test.after(fixture.close);
test.run();
