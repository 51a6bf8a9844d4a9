/** `migrate_volume`: moved by the backend where it can, left to Cinder where it cannot, and no different for a call that was cut. */
import { imageName } from '@blockledger/adapters-rbd';
import type { ApiClient } from '@blockledger/app/client';
import { cinderDriver, type CinderDriver, type CinderHost } from '@blockledger/app/cinder-driver';
import type { BlockBackend, PortError, VolumeId } from '@blockledger/domain';
import * as TE from 'fp-ts/lib/TaskEither.js';
import * as assert from 'uvu/assert';
import { dyingClient } from '../support/cinder/dyingClient.ts';
import { QSAN, twoBackends, type Place } from '../support/cinder/twoBackends.ts';
import { cinderSnapshot, cinderVolume, raised, returned } from '../support/cinder/world.ts';
import { right } from '../support/plane.ts';
import { suite } from '../support/suite.ts';

const test = suite('migrations for Cinder');
let brokenStep: string | undefined;
const broken: PortError = { _tag: 'Permanent', code: 'Broken', message: 'it does not work' };
const breaking = (backend: BlockBackend): BlockBackend => ({ ...backend, perform: (action, context) => (action.do === brokenStep ? TE.left(broken) : backend.perform(action, context)) });
const world = await twoBackends({ store: (store) => store, blocks: breaking, targets: (targets) => targets });
const { plane, cluster, client } = world;
const wait = { wait: 'done' } as const;
for (const [name, pool] of [['slow', 'slow'], ['label', 'vols']] as const) right(await plane.registerPool({ name, placement: { backend: 'ceph', pool } }, wait));

const PATHS: Readonly<Record<string, string>> = { gold: QSAN.accessPath };
const MOVES = ['vols', 'slow', 'label', 'gold'];
const driverOf = (pool: Place['pool'], control: ApiClient = client, movesTo: readonly string[] = MOVES): CinderDriver =>
  cinderDriver({ control, pool, accessPath: PATHS[pool] ?? 'front', volumeBackendName: `of-${pool}`, movesTo });
/** As Cinder's scheduler shows a host to the driver of another: with the stats that its own driver told. */
const hostOf = async (pool: string): Promise<CinderHost> => ({ host: `controller@of-${pool}#of-${pool}`, capabilities: { ...returned(await driverOf(pool).get_volume_stats(true)) } });

const poolOf = (name: string): string | null | undefined => plane.volumes.list({ name, hidden: 'all' }).items[0]?.poolName;
const imageOf = (name: string): string => imageName(plane.volumes.list({ name, hidden: 'all' }).items[0]!.id as VolumeId);

test('a volume that nobody has is moved by its backend, with its snapshots, and the other driver has it; asked again it has been moved [S1-38, R-23]', async () => {
  const volume = cinderVolume(1, 1);
  returned(await driverOf('vols').create_volume(volume));
  cluster.write('vols', imageOf(volume.name), 'precious');
  returned(await driverOf('vols').create_snapshot(cinderSnapshot(2, volume)));
  const there = await hostOf('slow');
  for (const _ of ['first', 'again']) assert.equal(returned(await driverOf('vols').migrate_volume({}, volume, there)), [true, {}]);
  assert.is(poolOf(volume.name), 'slow');
  assert.is(cluster.read('slow', imageOf(volume.name)), 'precious');
  assert.equal(cluster.images('vols'), []);
  returned(await driverOf('slow').extend_volume(volume, 2));
  assert.equal(returned(await driverOf('slow').migrate_volume({}, volume, await hostOf('vols'))), [true, {}]);
  assert.is(poolOf(volume.name), 'vols');
});

test('two pools that are one place differ in their label alone [S1-38, R-23]', async () => {
  const volume = cinderVolume(1);
  const image = imageOf(volume.name);
  assert.equal(returned(await driverOf('vols').migrate_volume({}, volume, await hostOf('label'))), [true, {}]);
  assert.equal([poolOf(volume.name), imageOf(volume.name)], ['label', image]);
  returned(await driverOf('label').delete_snapshot(cinderSnapshot(2, volume)));
  returned(await driverOf('label').delete_volume(volume));
  assert.equal(cluster.images('vols'), []);
});

test('what only a host can copy is left to Cinder, and stays: another backend, a pool that was not named, a stranger’s, one with clones, an attached volume, an array that cannot [S1-38, S1-42, R-23, R-11]', async () => {
  const volume = cinderVolume(3, 1);
  const driver = driverOf('vols');
  returned(await driver.create_volume(volume));
  assert.equal(returned(await driver.migrate_volume({}, volume, await hostOf('gold'))), [false, null]);
  assert.equal(returned(await driverOf('vols', client, []).migrate_volume({}, volume, await hostOf('slow'))), [false, null]);
  assert.equal(returned(await driver.migrate_volume({}, volume, { host: 'controller@QSAN_iSCSI#Pool-1', capabilities: { location_info: 'QSAN:slow' } })), [false, null]);
  assert.equal(returned(await driver.migrate_volume({}, volume, { host: 'controller@QSAN_iSCSI#Pool-1' })), [false, null]);
  const connector = { initiator: 'iqn.1993-08.org.debian:01:604af6a341', host: 'compute-node-01' };
  returned(await driver.create_export({}, volume, connector));
  assert.equal(returned(await driver.migrate_volume({}, volume, await hostOf('slow'))), [false, null]);
  returned(await driver.terminate_connection(volume, connector));
  returned(await driver.remove_export({}, volume));
  const snapshot = cinderSnapshot(4, volume);
  returned(await driver.create_snapshot(snapshot));
  const { id } = plane.snapshots.list({ name: snapshot.name }).items[0]!;
  const clone = right(await plane.createVolume({ pool: 'vols', name: 'clone', snapshot: id }, wait)).resource;
  assert.equal(returned(await driver.migrate_volume({}, volume, await hostOf('slow'))), [false, null]);
  assert.is(poolOf(volume.name), 'vols');
  right(await plane.deleteVolume(clone.id, {}, wait));
  returned(await driver.delete_snapshot(snapshot));
  returned(await driver.delete_volume(volume));
  assert.is(raised(await driver.migrate_volume({}, volume, await hostOf('slow')))._tag, 'VolumeNotFound');
  const gold = cinderVolume(5, 1);
  returned(await driverOf('gold').create_volume(gold));
  right(await plane.registerPool({ name: 'silver', placement: { backend: 'array', pool: 'Pool-2' } }, wait));
  assert.equal(returned(await driverOf('gold', client, ['silver']).migrate_volume({}, gold, await hostOf('silver'))), [false, null]);
  returned(await driverOf('gold').delete_volume(gold));
});

test('a move that fails for good is taken back, and Cinder is told; one that is copied goes on with the next call [S1-38, R-23, I-26]', async () => {
  const volume = cinderVolume(6, 1);
  const driver = driverOf('vols');
  returned(await driver.create_volume(volume));
  brokenStep = 'ensureMigrated';
  const failed = raised(await driver.migrate_volume({}, volume, await hostOf('slow')));
  assert.equal([failed._tag, failed.code], ['VolumeBackendAPIException', 'TaskFailed']);
  const { status, actionStatus, poolName, failure } = plane.volumes.list({ name: volume.name }).items[0]!;
  assert.equal([status, actionStatus, poolName, failure], ['active', 'idle', 'vols', null]);
  assert.equal([cluster.images('vols').length, cluster.images('slow').length], [1, 0]);
  brokenStep = 'ensureMigrationCommitted';
  assert.is(raised(await driver.migrate_volume({}, volume, await hostOf('slow'))).code, 'TaskFailed');
  assert.is(raised(await driver.migrate_volume({}, volume, await hostOf('slow'))).code, 'TaskFailed');
  brokenStep = undefined;
  assert.equal(returned(await driver.migrate_volume({}, volume, await hostOf('slow'))), [true, {}]);
  assert.equal([cluster.images('vols').length, cluster.images('slow').length], [0, 1]);
  returned(await driverOf('slow').delete_volume(volume));
});

test('a call that was cut after any of its requests is made again, and the volume is where it was to go, once [S1-38, R-23, I-3]', async () => {
  const there = await hostOf('slow');
  let cuts = 0;
  for (const after of [false, true]) {
    for (let operations = 0; ; operations += 1) {
      const volume = cinderVolume(100 + cuts, 1);
      returned(await driverOf('vols').create_volume(volume));
      const dying = dyingClient(client, { operations, after });
      const cut = await driverOf('vols', dying.client).migrate_volume({}, volume, there);
      if (!dying.isDead()) {
        assert.equal(returned(cut), [true, {}]);
        break;
      }
      cuts += 1;
      assert.is(raised(cut).code, 'Unreachable');
      assert.equal(returned(await driverOf('vols').migrate_volume({}, volume, there)), [true, {}]);
      assert.is(poolOf(volume.name), 'slow');
      returned(await driverOf('slow').delete_volume(volume));
      assert.equal([cluster.images('vols').length, cluster.images('slow').length], [0, 0]);
    }
    for (const { name } of plane.volumes.list({ hidden: 'all' }).items) returned(await driverOf('slow').delete_volume({ ...cinderVolume(0), name }));
  }
  assert.ok(cuts >= 8, `${cuts} cuts`);
});

test.after(world.close);
test.run();
