/** The driver that Cinder loads: Python calls the bridge, the bridge the control plane. Cinder's own code is in test/real/cinder.stock.test.ts. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import * as assert from 'uvu/assert';
import { cinderBridge, type CinderBridge, type CinderDriver } from '@blockledger/app/cinder-driver';
import { driverIn } from '../../packages/app/src/cinder/driver/driver.ts';
import { cinderError } from '../../packages/app/src/cinder/errors.ts';
import { fakeAttachments } from '../support/cinder/fakeAttachments.ts';
import { python, startPythonService, type PythonAnswer } from '../support/cinder/pythonService.ts';
import { source } from '../support/cinder/source.ts';
import { cinderFixture, cinderVolume } from '../support/cinder/world.ts';
import { startProgram } from '../support/program.ts';
import { requireReal } from '../support/real.ts';
import { suite } from '../support/suite.ts';

requireReal(python);
const test = suite('Cinder in Python');
const fixture = await cinderFixture();
const folder = mkdtempSync(join(tmpdir(), 'blockledger-python-'));
const socket = join(folder, 'cinder.sock');
const tokenFile = join(folder, 'token');
const TOKEN = 'a-token-of-the-bridge';
writeFileSync(tokenFile, `${TOKEN}\n`, { mode: 0o600 });

const attachments = fakeAttachments();
const driver = driverIn({ service: { client: fixture.client, timeoutMs: 30_000 }, poolName: 'vols', accessPathName: 'front', attachments }, { volumeBackendName: 'QSAN_iSCSI', vendorName: 'QSAN', driverVersion: '1.0.0', multiattach: false, movesTo: ['label'] });

const bridges: CinderBridge[] = [];
const startBridge = async (over: CinderDriver = driver): Promise<CinderBridge> => {
  const bridge = cinderBridge({ driver: over, token: TOKEN });
  const listening = await bridge.listen({ socket });
  if (E.isLeft(listening)) throw new Error(listening.left.message);
  bridges.push(bridge);
  return bridge;
};
await startBridge();
const configuration = { blockledger_bridge: `unix:${socket}`, blockledger_bridge_token_file: tokenFile, blockledger_bridge_timeout: 30, blockledger_bridge_patience: 20 };
const service = startPythonService(configuration);
const { call } = service;

const CONNECTOR = { initiator: 'iqn.1993-08.org.debian:01:604af6a341', host: 'compute-node-01', ip: '192.168.1.50', multipath: true, os_type: 'linux2' };
const NONE: PythonAnswer = { returned: null };

test('a volume service sets its driver up and asks for statistics, whose capacities are floats [S1-28, S1-29]', async () => {
  assert.equal(await call('do_setup'), NONE);
  const { returned, floats } = await call('get_volume_stats');
  assert.equal(Object.keys(returned as object).toSorted(), Object.keys(source.get_volume_stats).toSorted());
  assert.equal(floats, ['free_capacity_gb', 'max_over_subscription_ratio', 'provisioned_capacity_gb', 'total_capacity_gb']);
});

test('the name of the backend and what is reserved of it are those of cinder.conf, whatever the bridge was started with [S1-29]', async () => {
  const { returned } = await call('get_volume_stats');
  const { volume_backend_name: name, reserved_percentage: reserved } = returned as Record<string, unknown>;
  assert.equal([name, reserved], ['QSAN_iSCSI', 0]);
  const other = startPythonService({ ...configuration, volume_backend_name: 'fast-iscsi', reserved_percentage: 10 });
  assert.equal((await other.call('get_volume_stats')).returned, { ...(returned as object), volume_backend_name: 'fast-iscsi', reserved_percentage: 10 });
  assert.is(await other.stop(), 0);
});

test('two machines on one host that share a volume have one connection, which goes with the second [S1-35]', async () => {
  const far = { ...CONNECTOR, initiator: 'iqn.1993-08.org.debian:01:other', host: 'compute-node-02' };
  const stages = (): readonly string[] => [...attachments.kept.values()].map(({ stage }) => stage);
  assert.equal(await call('create_volume', { volume: 8 }), NONE);
  for (const connector of [CONNECTOR, far]) assert.is((await call('initialize_connection', { volume: 8, connector })).raised, undefined);
  assert.equal(await call('terminate_connection', { volume: 8, connector: CONNECTOR, attached: [CONNECTOR, CONNECTOR, far] }), { returned: true }, 'Cinder keeps the export of a connection that others share');
  assert.equal(await call('remove_export', { volume: 8 }), NONE);
  assert.equal(stages(), ['attached', 'attached'], 'the other machine goes on');
  assert.equal(await call('terminate_connection', { volume: 8, connector: CONNECTOR, attached: [CONNECTOR, far] }), NONE);
  assert.equal(stages(), ['attached']);
  assert.equal(await call('terminate_connection', { volume: 8, connector: null, attached: [far, far] }), NONE, 'a force detach asks nobody');
  assert.equal(stages(), []);
  assert.equal(await call('delete_volume', { volume: 8 }), NONE);
});

test('a volume that Python is told to migrate goes where the other backend says that its volumes are [S1-38, R-23]', async () => {
  const pool = await fixture.plane.registerPool({ name: 'label', placement: { backend: 'ceph', pool: 'vols' } }, { wait: 'done' });
  assert.ok(E.isRight(pool));
  assert.equal(await call('create_volume', { volume: 9 }), NONE);
  const host = 'controller@label#label';
  assert.equal(await call('migrate_volume', { volume: 9, host, capabilities: { location_info: 'Strangers:label' } }), { returned: [false, null], tuple: true });
  assert.equal(await call('migrate_volume', { volume: 9, host, capabilities: { location_info: 'QSAN:label' } }), { returned: [true, {}], tuple: true });
  const [moved] = fixture.plane.volumes.list({ name: cinderVolume(9).name }).items;
  assert.is(moved?.poolName, 'label');
  assert.ok(E.isRight(await fixture.plane.deleteVolume(moved?.id ?? '', {}, { wait: 'done' })));
});

test('a volume is created, exported, connected, let go and deleted, and each call returns what the source says [S1-30, S1-31, S1-32, S1-33, S1-34, S1-35, S1-39]', async () => {
  const { id } = cinderVolume(1);
  assert.equal(await call('create_volume', { volume: 1, size: 2 }), NONE);
  assert.equal((await call('create_export', { volume: 1, connector: CONNECTOR })).returned, { provider_location: source.provider_location, provider_auth: source.provider_auth });
  assert.equal((await call('initialize_connection', { volume: 1, connector: CONNECTOR })).returned, { ...source.initialize_connection, data: { ...source.initialize_connection.data, volume_id: id } });
  assert.equal(await call('ensure_export', { volume: 1 }), NONE);
  assert.equal(await call('extend_volume', { volume: 1, new_size: 3 }), NONE);
  assert.equal(await call('terminate_connection', { volume: 1, connector: CONNECTOR }), NONE);
  assert.equal(await call('remove_export', { volume: 1 }), NONE);
  assert.is(attachments.kept.size, 0);
  assert.equal(await call('delete_volume', { volume: 1 }), NONE);
  assert.is(fixture.plane.volumes.list({ hidden: 'all' }).totalCount, 0);
});

test('snapshots, volumes of them and clones are made from Python, too; a migration is a tuple [S1-36, S1-37, S1-38]', async () => {
  assert.equal(await call('create_volume', { volume: 2, size: 1 }), NONE);
  assert.equal(await call('create_snapshot', { snapshot: 3, volume: 2 }), NONE);
  assert.equal(await call('create_volume_from_snapshot', { volume: 4, size: 2, snapshot: 3, of: 2 }), NONE);
  assert.equal(await call('create_cloned_volume', { volume: 5, size: 1, of: 2 }), NONE);
  assert.equal(await call('migrate_volume', { volume: 5, host: 'controller@QSAN_iSCSI#Pool-1' }), { returned: [false, null], tuple: true });
  const busy = await call('delete_volume', { volume: 2 });
  assert.is(busy.raised, 'VolumeIsBusy');
  assert.match(busy.message ?? '', /snapshot.*\(VolumeHasSnapshots\)/);
  assert.equal(await call('delete_snapshot', { snapshot: 3, volume: 2 }), NONE);
  for (const volume of [2, 4, 5]) assert.equal(await call('delete_volume', { volume }), NONE);
});

test('what fails is raised by the name that Cinder knows, with our words [S1-28, S4-3]', async () => {
  assert.is((await call('validate_connector', { connector: { host: 'x' } })).raised, 'InvalidConnectorException');
  assert.is((await call('extend_volume', { volume: 99, new_size: 5 })).raised, 'VolumeNotFound');
  attachments.refuse.set('attach', cinderError('VolumeBackendAPIException', 'HostIsUnknownToBackend', 'no host answers'));
  assert.equal(await call('create_volume', { volume: 6, size: 1 }), NONE);
  const raised = await call('initialize_connection', { volume: 6, connector: CONNECTOR });
  assert.equal(raised, { raised: 'VolumeBackendAPIException', message: 'Bad or unexpected response from the storage volume backend API: no host answers (HostIsUnknownToBackend)' });
  assert.equal(await call('delete_volume', { volume: 6 }), NONE);
});

test('a bridge that goes away in the middle of a call is asked again when it is back, and the work is done once [S1-30, I-16]', async () => {
  const bridge = bridges.at(-1)!;
  let cut = (): void => undefined;
  const reached = new Promise<void>((resolve) => void (cut = resolve));
  // This one does what it is asked, and does not come back to say so.
  await bridge.close();
  const silent = await startBridge({
    ...driver,
    create_volume: async (volume) => {
      await driver.create_volume(volume);
      cut();
      return new Promise(() => undefined);
    },
  });
  const answer = call('create_volume', { volume: 7, size: 1 });
  await reached;
  await silent.close(0);
  await startBridge();
  assert.equal(await answer, NONE);
  assert.is(fixture.plane.volumes.list({ name: cinderVolume(7).name }).totalCount, 1);
  assert.equal(await call('delete_volume', { volume: 7 }), NONE);
});

test('where there is no bridge, or the token is wrong, VolumeBackendAPIException says so [S1-28]', async () => {
  const lost = startPythonService({ ...configuration, blockledger_bridge: `unix:${socket}.absent`, blockledger_bridge_patience: 0 });
  const absent = await lost.call('check_for_setup_error');
  assert.is(absent.raised, 'VolumeBackendAPIException');
  assert.match(absent.message ?? '', /does not answer/);
  assert.is(await lost.stop(), 0);
  writeFileSync(`${tokenFile}.wrong`, 'another-token-of-a-bridge');
  const stranger = startPythonService({ ...configuration, blockledger_bridge_token_file: `${tokenFile}.wrong` });
  assert.match((await stranger.call('do_setup')).message ?? '', /no valid token was sent/);
  assert.is(await stranger.stop(), 0);
  const without = startPythonService({ ...configuration, blockledger_bridge_token_file: `${tokenFile}.absent` });
  assert.match((await without.call('do_setup')).message ?? '', /the token of the bridge cannot be read/);
  assert.is(await without.stop(), 0);
  const far = startPythonService({ ...configuration, blockledger_bridge: 'http://192.0.2.1:8057' });
  assert.match((await far.call('do_setup')).message ?? '', /must be unix:/);
  assert.is(await far.stop(), 0);
});

test('the example plays a volume service through without Cinder, over attachments as they are [S1-32, S1-34]', async () => {
  const program = startProgram(['examples/cinder-driver/main.ts']);
  assert.is(await program.ended, 0, program.errors());
  const said = program.output().replaceAll(/volume-[0-9a-f-]{36}/g, 'volume-…').replace(/\d+ GiB/, '… GiB');
  assert.is(
    said,
    [
      'Blockledger:vols has … GiB free',
      'exported by 2 portals',
      'the host logs in as cinder-hosts to LUN 0 by 10.77.0.1:3260, 10.77.0.2:3260',
      'not deleted: volume "volume-…" is attached; detach the volume first (VolumeIsAttached)',
      'deleted\n',
    ].join('\n'),
  );
});

test.after(async () => {
  assert.is(await service.stop(), 0);
  await bridges.at(-1)?.close();
  await fixture.close();
  rmSync(folder, { recursive: true, force: true });
});
test.run();
