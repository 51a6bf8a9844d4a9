/** A stock Cinder's own volume manager and database load the driver of the example and drive it; gateways and cluster are simulated. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import * as assert from 'uvu/assert';
import { cinderBridge, cinderDriver } from '@blockledger/app/cinder-driver';
import { source } from '../support/cinder/source.ts';
import { startStockCinder, stockCinder } from '../support/cinder/stockCinder.ts';
import { ACCOUNT, cinderFixture } from '../support/cinder/world.ts';
import { requireReal } from '../support/real.ts';
import { suite } from '../support/suite.ts';

requireReal(stockCinder);
const test = suite('a stock Cinder');
const TOKEN = 'a-token-of-the-bridge';
const { plane, client, gateways, cluster, close } = await cinderFixture();
const folder = mkdtempSync(join(tmpdir(), 'blockledger-cinder-'));
const socket = join(folder, 'bridge.sock');
const bridge = cinderBridge({ driver: cinderDriver({ control: client, pool: 'vols', accessPath: 'front', volumeBackendName: 'blockledger', vendorName: 'Blockledger' }), token: TOKEN });
const listening = await bridge.listen({ socket });
if (E.isLeft(listening)) throw new Error(listening.left.message);
const cinder = await startStockCinder({ folder, socket, token: TOKEN });

const CONNECTOR = { initiator: 'iqn.1993-08.org.debian:01:604af6a341', host: 'compute-node-01', ip: '192.168.1.50', multipath: true, os_type: 'linux', platform: 'x86_64' };
const names = (): readonly string[] => plane.volumes.list().items.map(({ name }) => name);

test('it loads the driver of cinder.conf, finds it sound, and tells its scheduler what there is [S1-28, S1-29]', async () => {
  assert.equal([cinder.started.initialized, cinder.started.driver], [true, 'BlockledgerDriver']);
  const { returned } = await cinder.call('stats');
  const told = returned as Record<string, unknown>;
  for (const name of Object.keys(source.get_volume_stats)) assert.ok(name in told, name);
  assert.is(told['volume_backend_name'], 'blockledger');
});

test('a volume is made, attached with what Nova needs, detached and deleted, as its database sees it [S1-30, S1-31, S1-32, S1-33, S1-34, S1-35, S1-39]', async () => {
  const made = await cinder.call('create_volume', { volume: 1, size: 2 });
  assert.equal([made.volume?.status, names()], ['available', [made.volume?.name]]);
  const attached = await cinder.call('attach', { volume: 1, attachment: 1, connector: CONNECTOR });
  const data = attached.returned as Readonly<Record<string, unknown>>;
  assert.equal([data['driver_volume_type'], data['auth_username'], data['auth_password'], (data['target_portals'] as readonly string[]).length], ['iscsi', ACCOUNT.user, ACCOUNT.secret, 2]);
  assert.ok(attached.volume?.provider_location?.includes(String(data['target_iqn'])), attached.volume?.provider_location ?? 'none');
  for (const host of ['gw1', 'gw2']) assert.ok(gateways.shows(host).includes(CONNECTOR.initiator));
  const busy = await cinder.call('delete_volume', { volume: 1 });
  assert.is(busy.raised, 'VolumeAttached');
  await cinder.call('detach', { volume: 1, attachment: 1 });
  for (const host of ['gw1', 'gw2']) assert.not(gateways.shows(host).includes(CONNECTOR.initiator));
  assert.is((await cinder.call('extend_volume', { volume: 1, new_size: 3 })).volume?.size, 3);
  assert.is((await cinder.call('delete_volume', { volume: 1 })).volume, null);
  assert.equal(names(), []);
});

test('two machines on one host share a volume and its connection, which goes with the second [S1-35]', async () => {
  await cinder.call('create_volume', { volume: 6, size: 1, multiattach: true });
  const infos = [await cinder.call('attach', { volume: 6, attachment: 2, connector: CONNECTOR }), await cinder.call('attach', { volume: 6, attachment: 3, connector: CONNECTOR })];
  assert.equal(infos.map(({ raised }) => raised), [undefined, undefined]);
  assert.is((await cinder.call('detach', { volume: 6, attachment: 2 })).raised, undefined);
  assert.ok(gateways.shows('gw1').includes(CONNECTOR.initiator));
  assert.is((await cinder.call('detach', { volume: 6, attachment: 3 })).raised, undefined);
  assert.not(gateways.shows('gw1').includes(CONNECTOR.initiator));
  assert.is((await cinder.call('delete_volume', { volume: 6 })).volume, null);
});

test('snapshots, volumes of them and clones [S1-36, S1-37]', async () => {
  await cinder.call('create_volume', { volume: 2, size: 1 });
  assert.is((await cinder.call('create_snapshot', { volume: 2, snapshot: 1 })).returned, 'available');
  const kinds = [await cinder.call('create_volume_from_snapshot', { volume: 3, snapshot: 1, size: 2 }), await cinder.call('create_cloned_volume', { volume: 4, of: 2, size: 1 })];
  assert.equal(kinds.map(({ volume }) => [volume?.status, volume?.size]), [['available', 2], ['available', 1]]);
  await cinder.call('delete_snapshot', { volume: 2, snapshot: 1 });
  for (const volume of [3, 4, 2]) assert.is((await cinder.call('delete_volume', { volume })).volume, null);
  await plane.idle();
  assert.equal([plane.volumes.list({ hidden: 'all' }).totalCount, cluster.images('vols')], [0, []]);
});

test('what is refused is an error of the volume in its database, and its words are ours [S1-28]', async () => {
  const refused = await cinder.call('create_volume', { volume: 5, size: 600_000 });
  assert.equal([refused.raised, refused.volume?.status], ['VolumeBackendAPIException', 'error']);
  assert.match(refused.message ?? '', /512 TiB|limit|capacity/);
});

test.after(async () => {
  assert.is(await cinder.stop(), 0);
  await bridge.close();
  await close();
  rmSync(folder, { recursive: true, force: true });
});
test.run();
