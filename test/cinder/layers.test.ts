/** What the driver asks for, layer by layer: its calls, the source's client, REST. */
import * as assert from 'uvu/assert';
import { everyOperation } from '../../packages/app/src/api/operations/index.ts';
import { cinderDriver } from '@blockledger/app/cinder-driver';
import { recordingClient } from '../support/cinder/dyingClient.ts';
import { cinderFixture, cinderSnapshot, cinderVolume, returned } from '../support/cinder/world.ts';
import { suite } from '../support/suite.ts';

const test = suite('layers of the driver for Cinder');
const fixture = await cinderFixture();
const { client, asked } = recordingClient(fixture.client);
const driver = cinderDriver({ control: client, pool: 'vols', accessPath: 'front', volumeBackendName: 'blockledger' });

const changes = new Set<string>(everyOperation.filter(([, { kind }]) => kind === 'change').map(([name]) => name));
let seen = 0;
/** What was changed since it was asked last. */
const changed = (): readonly string[] => {
  const fresh = asked.slice(seen).filter((name) => changes.has(name));
  seen = asked.length;
  return fresh;
};

const CONNECTOR = { initiator: 'iqn.1993-08.org.debian:01:604af6a341', host: 'compute-node-01', multipath: true };
const [volume, clone, copy] = [cinderVolume(1), cinderVolume(2), cinderVolume(3, 2)];
const snapshot = cinderSnapshot(4, volume);

test('looking at the pool changes nothing: login, get_pool and get_pool_stats [S1-28, S1-41]', async () => {
  returned(await driver.do_setup({}));
  returned(await driver.check_for_setup_error());
  returned(await driver.get_volume_stats(true));
  assert.ok(asked.length >= 5);
  assert.equal(changed(), []);
  returned(await driver.get_volume_stats(false));
  assert.is(asked.length, seen, 'what was told last is told again without asking');
});

test('each step of the source’s client is one change here, in its order [S1-40, S1-41]', async () => {
  returned(await driver.create_volume(volume));
  assert.equal(changed(), ['createVolume']);
  returned(await driver.extend_volume(volume, 2));
  assert.equal(changed(), ['updateVolume']);
  returned(await driver.create_snapshot(snapshot));
  assert.equal(changed(), ['createSnapshot']);
  returned(await driver.create_volume_from_snapshot(copy, snapshot));
  assert.equal(changed(), ['createVolume']);
  returned(await driver.create_cloned_volume({ ...clone, size: 3 }, volume));
  assert.equal(changed(), ['createSnapshot', 'createVolume', 'updateVolume', 'deleteSnapshot'], 'a clone, then its size');
  returned(await driver.delete_snapshot(snapshot));
  assert.equal(changed(), ['deleteSnapshot']);
});

test('target, LUN, account and initiator are one step, so that nobody is let in before the account is set [S1-41, R-19]', async () => {
  returned(await driver.create_export({}, volume, CONNECTOR));
  assert.equal(changed(), ['createAttachment']);
  returned(await driver.initialize_connection(volume, CONNECTOR));
  assert.equal(changed(), ['completeAttachment']);
  returned(await driver.terminate_connection(volume, CONNECTOR));
  assert.equal(changed(), ['deleteAttachment']);
  returned(await driver.remove_export({}, volume));
  assert.equal(changed(), []);
});

test('a second time nothing is left to change [S1-41]', async () => {
  for (const [name, n] of [['create_volume', 3], ['create_volume', 1]] as const) returned(await driver[name](cinderVolume(n)));
  returned(await driver.extend_volume(volume, 2));
  returned(await driver.delete_snapshot(snapshot));
  returned(await driver.terminate_connection(volume, null));
  assert.equal(changed().filter((name) => name !== 'disconnectAttachments'), []);
  for (const each of [volume, clone, copy]) returned(await driver.delete_volume(each));
  assert.equal(changed(), ['deleteVolume', 'deleteVolume', 'deleteVolume']);
});

test.after(fixture.close);
test.run();
