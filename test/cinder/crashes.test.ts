/** Whatever dies in the middle of a call, the call can be made again: a bridge or a volume service that is killed between any two requests. */
import * as assert from 'uvu/assert';
import type { ApiClient } from '@blockledger/app/client';
import { cinderDriver, sixCalls, type CinderDriver, type Returned, type SixCalls } from '@blockledger/app/cinder-driver';
import { dyingClient } from '../support/cinder/dyingClient.ts';
import { CEPH, QSAN, twoBackends, type Place } from '../support/cinder/twoBackends.ts';
import { cinderSnapshot, cinderVolume, raised, returned } from '../support/cinder/world.ts';
import { suite } from '../support/suite.ts';

const test = suite('calls of Cinder that are cut');
const world = await twoBackends();
const { plane, cluster, array, client } = world;

const [source, made, snapshot] = [cinderVolume(1, 1), cinderVolume(2, 2), cinderSnapshot(3, cinderVolume(1))];
const CONNECTOR = { initiator: 'iqn.1993-08.org.debian:01:604af6a341', host: 'compute-node-01', multipath: true };

/** What is there, in the log and on the storage, without what differs from run to run. */
const standing = (): unknown => ({
  volumes: plane.volumes.list({ hidden: 'all' }).items.map(({ name, sizeBytes, status, actionStatus, parent, attachments }) => ({ name, sizeBytes, status, actionStatus, isLinked: parent !== null, attachments: attachments.map(({ stage }) => stage) })),
  snapshots: plane.snapshots.list({ hidden: 'all' }).items.map(({ name, status }) => ({ name, status })),
  clientGroups: plane.clientGroups.list().totalCount,
  mappingGroups: plane.mappingGroups.list().items.map(({ luns }) => luns.length),
  images: cluster.images('vols').length,
  onArray: [array.state().volumes, array.state().snapshots, array.state().targets].map(({ length }) => length),
  letIn: array.state().targets.map(({ acl, luns }) => [acl.length, luns.length]),
});

const NOTHING = { volumes: [], snapshots: [], clientGroups: 0, mappingGroups: [], images: 0, onArray: [0, 0, 0], letIn: [] };

const MOST_OPERATIONS = 60;

for (const [name, place] of [['Ceph behind XDC', CEPH], ['a QSAN array', QSAN]] as const satisfies readonly (readonly [string, Place])[]) {
  const driverOver = (control: ApiClient): CinderDriver => cinderDriver({ control, ...place, volumeBackendName: 'blockledger' });
  const callsOver = (control: ApiClient): SixCalls => sixCalls({ control, ...place });
  const driver = driverOver(client);
  const calls = callsOver(client);

  const clear = async (): Promise<void> => {
    for (const volume of [made, source]) returned(await driver.terminate_connection(volume, null));
    returned(await driver.delete_volume(made));
    returned(await driver.delete_snapshot(snapshot));
    returned(await driver.delete_volume(source));
    await plane.idle();
    assert.equal(standing(), NOTHING);
  };

  /** Dies at every operation of a call, before and after it was done, and makes the call again each time. */
  const survives = async (begin: () => Promise<unknown>, call: (driver: CinderDriver, calls: SixCalls) => Returned<unknown>): Promise<number> => {
    await begin();
    returned(await call(driver, calls));
    const expected = standing();
    await clear();
    let deaths = 0;
    for (const after of [false, true]) {
      for (let operations = 0; operations < MOST_OPERATIONS; operations += 1) {
        await begin();
        const dying = dyingClient(client, { operations, after });
        const cut = await call(driverOver(dying.client), callsOver(dying.client));
        if (!dying.isDead()) {
          returned(cut);
          await clear();
          break;
        }
        deaths += 1;
        // What it asked for may have been all that was needed; otherwise somebody is told.
        if (cut._tag === 'Left') assert.is(raised(cut)._tag, 'VolumeBackendAPIException', dying.asked.join(' '));
        returned(await call(driver, calls));
        assert.equal(standing(), expected, `${after ? 'after' : 'before'} ${dying.asked.at(operations) ?? ''}, having asked ${dying.asked.join(' ')}`);
        await clear();
      }
    }
    return deaths;
  };

  const withSource = (): Returned<unknown> => driver.create_volume(source);

  test(`${name}: creating, extending and deleting a volume survive a death at every step [S1-30, S1-31, I-16]`, async () => {
    assert.ok((await survives(() => Promise.resolve(), (on) => on.create_volume(source))) >= 4);
    assert.ok((await survives(withSource, (on) => on.extend_volume(source, 3))) >= 4);
    assert.ok((await survives(withSource, (on) => on.delete_volume(source))) >= 4);
  });

  test(`${name}: snapshots, and volumes of them, survive a death at every step [S1-36, S1-37, I-16]`, async () => {
    assert.ok((await survives(withSource, (on) => on.create_snapshot(snapshot))) >= 4);
    const withSnapshot = async (): Promise<void> => {
      returned(await driver.create_volume(source));
      returned(await driver.create_snapshot(snapshot));
    };
    assert.ok((await survives(withSnapshot, (on) => on.create_volume_from_snapshot(made, snapshot))) >= 8);
    assert.ok((await survives(withSnapshot, (on) => on.delete_snapshot(snapshot))) >= 4);
  });

  test(`${name}: a clone survives a death at every step, and leaves nothing on its source but what it hangs on [S1-37, I-16]`, async () => {
    assert.ok((await survives(withSource, (on) => on.create_cloned_volume(made, source))) >= 10);
  });

  test(`${name}: exports and connections survive a death at every step, and leave no LUN and no client behind [S1-32, S1-33, S1-34, S1-35, I-22]`, async () => {
    assert.ok((await survives(withSource, (on) => on.create_export({}, source, CONNECTOR))) >= 10);
    assert.ok((await survives(withSource, (on) => on.initialize_connection(source, CONNECTOR))) >= 10);
    const connected = async (): Promise<void> => {
      returned(await driver.create_volume(source));
      returned(await driver.initialize_connection(source, CONNECTOR));
    };
    assert.ok((await survives(connected, (on) => on.terminate_connection(source, CONNECTOR))) >= 6);
    assert.ok((await survives(connected, (on) => on.terminate_connection(source, null))) >= 6);
    const exported = async (): Promise<void> => {
      returned(await driver.create_volume(source));
      returned(await driver.create_export({}, source, CONNECTOR));
    };
    assert.ok((await survives(exported, (on) => on.remove_export({}, source))) >= 6);
  });

  test(`${name}: each of the six calls survives a death at every step [S4-2, S4-3, S4-4, S4-5, S4-6, S4-7, I-22]`, async () => {
    const id = '0b9d7a3e-0000-4000-8000-000000000001';
    const to = { instance_uuid: 'an-instance', host_name: CONNECTOR.host, mount_point: '/dev/vdb', mode: 'rw' } as const;
    const steps: readonly ((on: SixCalls) => Returned<unknown>)[] = [
      (on) => on.reserve_volume(source, { attachment_id: id }),
      (on) => on.initialize_connection(source, CONNECTOR),
      (on) => on.attach(source, to),
      (on) => on.begin_detaching(source),
      (on) => on.terminate_connection(source, CONNECTOR),
      (on) => on.detach(source, id),
    ];
    for (const [at, step] of steps.entries()) {
      const begin = async (): Promise<void> => {
        returned(await driver.create_volume(source));
        for (const before of steps.slice(0, at)) returned(await before(calls));
      };
      assert.ok((await survives(begin, (_driver, on) => step(on))) >= 4);
    }
  });
}

test.after(world.close);
test.run();
