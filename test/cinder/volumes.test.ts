/** Volumes and snapshots as Cinder asks for them, over a control plane and a simulated cluster. */
import * as E from 'fp-ts/lib/Either.js';
import * as assert from 'uvu/assert';
import type { ApiClient } from '@blockledger/app/client';
import { driverIn } from '../../packages/app/src/cinder/driver/driver.ts';
import { fakeAttachments } from '../support/cinder/fakeAttachments.ts';
import { cinderFixture, cinderSnapshot, cinderVolume, raised, returned } from '../support/cinder/world.ts';
import { suite } from '../support/suite.ts';

const test = suite('volumes for Cinder');
const fixture = await cinderFixture();
const { client, plane, cluster } = fixture;

const SETTINGS = { volumeBackendName: 'QSAN_iSCSI', vendorName: 'QSAN', driverVersion: '1.0.0', multiattach: false, movesTo: [] };
const driverOver = (over: ApiClient, poolName = 'vols', accessPathName = 'front', timeoutMs = 30_000) =>
  driverIn({ service: { client: over, timeoutMs }, poolName, accessPathName, attachments: fakeAttachments() }, SETTINGS);
const driver = driverOver(client);
const GIB = 2 ** 30;

const standing = (name: string) => plane.volumes.list({ name, hidden: 'all' }).items[0];

test('a driver sets itself up and returns nothing; a pool or an access path that is not there raises VolumeBackendAPIException [S1-28]', async () => {
  assert.is(returned(await driver.do_setup({})), null);
  assert.is(returned(await driver.check_for_setup_error()), null);
  const none = raised(await driverOver(client, 'nowhere').check_for_setup_error());
  assert.equal([none._tag, none.code], ['VolumeBackendAPIException', 'PoolNotFound']);
  const pathless = raised(await driverOver(client, 'vols', 'nowhere').check_for_setup_error());
  assert.equal([pathless._tag, pathless.code], ['VolumeBackendAPIException', 'AccessPathNotFound']);
});

test('statistics come from the pool: what it holds, what is promised of it, and how far it may be over-subscribed [S1-25, S1-29]', async () => {
  const empty = returned(await driver.get_volume_stats(true));
  assert.is(empty.volume_backend_name, 'QSAN_iSCSI');
  assert.is(empty.location_info, 'QSAN:vols');
  assert.is(empty.max_over_subscription_ratio, 1000);
  assert.ok(empty.total_capacity_gb > 0 && empty.free_capacity_gb <= empty.total_capacity_gb);
  assert.is(empty.online_extend_support, true);
  returned(await driver.create_volume(cinderVolume(1, 3)));
  assert.is(returned(await driver.get_volume_stats(false)).provisioned_capacity_gb, empty.provisioned_capacity_gb);
  assert.is(returned(await driver.get_volume_stats(true)).provisioned_capacity_gb, empty.provisioned_capacity_gb + 3);
  returned(await driver.delete_volume(cinderVolume(1)));
});

test('a volume has the name and the size that Cinder gave it, and a second call finds the first one [S1-30, S1-41]', async () => {
  const volume = cinderVolume(2, 10);
  assert.is(returned(await driver.create_volume(volume)), null);
  assert.is(standing(volume.name)?.sizeBytes, 10_737_418_240);
  const { id } = standing(volume.name)!;
  assert.is(returned(await driver.create_volume(volume)), null);
  assert.is(standing(volume.name)?.id, id);
  assert.is(plane.volumes.list({ name: volume.name }).totalCount, 1);
});

test('a volume grows, does not shrink, and is as large as was asked when it is asked again [S1-31]', async () => {
  const volume = cinderVolume(2);
  assert.is(returned(await driver.extend_volume(volume, 20)), null);
  assert.is(returned(await driver.extend_volume(volume, 20)), null);
  assert.is(standing(volume.name)?.sizeBytes, 20 * GIB);
  assert.is(raised(await driver.extend_volume(volume, 5)).code, 'VolumeWouldShrink');
  assert.is(raised(await driver.extend_volume(cinderVolume(99), 5))._tag, 'VolumeNotFound');
  assert.is(raised(await driver.extend_volume(volume, 0.5))._tag, 'InvalidInput');
});

test('a volume that has snapshots is busy; without them it goes, and going twice is gone [S1-31, S1-36]', async () => {
  const volume = cinderVolume(2);
  const snapshot = cinderSnapshot(3, volume);
  for (let again = 0; again < 2; again += 1) assert.is(returned(await driver.create_snapshot(snapshot)), null);
  assert.equal(plane.snapshots.list({ name: snapshot.name }).items.map(({ volumeName }) => volumeName), [volume.name]);
  const busy = raised(await driver.delete_volume(volume));
  assert.equal([busy._tag, busy.code], ['VolumeIsBusy', 'VolumeHasSnapshots']);
  for (let again = 0; again < 2; again += 1) assert.is(returned(await driver.delete_snapshot(snapshot)), null);
  for (let again = 0; again < 2; again += 1) assert.is(returned(await driver.delete_volume(volume)), null);
  assert.is(standing(volume.name), undefined);
  assert.is(returned(await driver.delete_snapshot(snapshot)), null);
  assert.is(raised(await driver.create_snapshot(snapshot))._tag, 'VolumeNotFound');
});

test('a volume from a snapshot may be larger and not smaller, and outlives the snapshot and the first volume [S1-37]', async () => {
  const [first, larger, smaller] = [cinderVolume(10, 2), cinderVolume(11, 5), cinderVolume(12, 1)];
  const snapshot = cinderSnapshot(13, first);
  returned(await driver.create_volume(first));
  returned(await driver.create_snapshot(snapshot));
  for (let again = 0; again < 2; again += 1) assert.is(returned(await driver.create_volume_from_snapshot(larger, snapshot)), null);
  assert.is(standing(larger.name)?.sizeBytes, 5 * GIB);
  assert.is(standing(larger.name)?.parent, null);
  assert.is(raised(await driver.create_volume_from_snapshot(smaller, snapshot)).code, 'CloneIsTooSmall');
  assert.is(raised(await driver.create_volume_from_snapshot(smaller, cinderSnapshot(98, first)))._tag, 'SnapshotNotFound');
  returned(await driver.delete_snapshot(snapshot));
  returned(await driver.delete_volume(first));
  assert.is(standing(larger.name)?.status, 'active');
  returned(await driver.delete_volume(larger));
});

test('a cloned volume has the data of another and leaves nothing on it, however often it is asked for [S1-37]', async () => {
  const [source, same, larger] = [cinderVolume(20, 2), cinderVolume(21, 2), cinderVolume(22, 4)];
  returned(await driver.create_volume(source));
  for (const clone of [same, larger, same, larger]) assert.is(returned(await driver.create_cloned_volume(clone, source)), null);
  assert.equal([same, larger].map(({ name }) => standing(name)?.sizeBytes), [2 * GIB, 4 * GIB]);
  assert.is(plane.snapshots.list({ volume: standing(source.name)!.id, hidden: 'all' }).totalCount, 0);
  for (const volume of [source, same, larger]) returned(await driver.delete_volume(volume));
  assert.equal(cluster.images('vols'), []);
});

test('what a crash between two steps of a clone left behind does not keep its source from being deleted [S1-37, I-26]', async () => {
  const source = cinderVolume(30, 1);
  returned(await driver.create_volume(source));
  const { id } = standing(source.name)!;
  const taken = await plane.createSnapshot({ volume: id, name: `clone-${cinderVolume(31).name}` }, { wait: 'done' });
  assert.ok(E.isRight(taken));
  assert.is(returned(await driver.delete_volume(source)), null);
});

test('a call whose reply was lost is the same request when it is made again [S1-30, I-16]', async () => {
  const volume = cinderVolume(40);
  let lost = 0;
  const forgetful: ApiClient = {
    ...client,
    createVolume: async (given: Parameters<ApiClient['createVolume']>[0]) => {
      await client.createVolume(given);
      lost += 1;
      return E.left({ _tag: 'Unreachable', message: 'the line was cut' });
    },
    listVolumes: (async () => E.right({ status: 200, body: { block_volumes: [], paging: {} } })) as unknown as ApiClient['listVolumes'],
  };
  const cut = raised(await driverOver(forgetful).create_volume(volume));
  assert.equal([cut._tag, cut.code, cut.message], ['VolumeBackendAPIException', 'Unreachable', 'the line was cut']);
  // Another process, which does not see the volume in its list either, sends the same key.
  returned(await driverOver({ ...client, listVolumes: forgetful.listVolumes }).create_volume(volume));
  assert.is(lost, 1);
  assert.is(plane.volumes.list({ name: volume.name }).totalCount, 1);
  returned(await driver.delete_volume(volume));
});

test('a call returns when its work has ended, however long that takes; who does not wait so long is told which task goes on [S1-30, S1-31]', async () => {
  let held: Promise<void> | undefined;
  const slow = await cinderFixture({ faults: { before: () => held } });
  const volume = cinderVolume(41);
  returned(await driverOver(slow.client).create_volume(volume));
  let letGo = (): void => undefined;
  held = new Promise((resolve) => (letGo = resolve));
  let looks = 0;
  let seen = (): void => undefined;
  const seenTwice = new Promise<void>((resolve) => (seen = resolve));
  const unwaiting: ApiClient = {
    ...slow.client,
    // A service that lets nobody wait: as one where the work takes longer than a request may.
    updateVolume: (given: Parameters<ApiClient['updateVolume']>[0]) => slow.client.updateVolume({ ...given, waitSeconds: 0 }),
    getTask: (given: Parameters<ApiClient['getTask']>[0]) => ((looks += 1) === 2 ? seen() : undefined, slow.client.getTask(given)),
  };
  const extending = driverOver(unwaiting).extend_volume(volume, 2);
  assert.is(await Promise.race([seenTwice, extending.then(() => 'it has returned')]), undefined);
  const late = raised(await driverOver(unwaiting, 'vols', 'front', 0).extend_volume(volume, 2));
  assert.equal([late.code, late.message.includes('it goes on as task')], ['TimedOut', true]);
  letGo();
  held = undefined;
  returned(await extending);
  assert.is(slow.plane.volumes.list({ name: volume.name }).items[0]?.sizeBytes, 2 * GIB);
  await slow.close();
});

test('what is refused is told in our words, with the way out [S1-30]', async () => {
  const huge = raised(await driver.create_volume(cinderVolume(50, 600 * 1024)));
  assert.equal([huge._tag, huge.code], ['VolumeBackendAPIException', 'SizeOutOfRange']);
  assert.match(huge.message, /512 TiB/);
  assert.is(raised(await driver.create_volume(cinderVolume(50, -1)))._tag, 'InvalidInput');
});

test('nothing has to be done so that exports are there after a restart, and a volume is moved by Cinder itself [S1-38, S1-39]', async () => {
  assert.is(returned(await driver.ensure_export({}, cinderVolume(1))), null);
  assert.equal(returned(await driver.migrate_volume({}, cinderVolume(1), { host: 'controller@QSAN_iSCSI#Pool-1', capabilities: {} })), [false, null]);
});

test.after(fixture.close);
test.run();
