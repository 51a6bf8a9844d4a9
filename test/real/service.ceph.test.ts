/** The source document's own requests through a service process, on a real cluster. */
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { realCeph, startCeph } from '../support/ceph.ts';
import { patientClient, untilCounted } from '../support/crash/client.ts';
import { imageOf } from '../support/crash/lane.ts';
import { requireReal } from '../support/real.ts';
import { readText, writeText } from '../support/realVolume.ts';
import { startService, type Body } from '../support/serviceProcess.ts';
import { suite } from '../support/suite.ts';

requireReal(realCeph);
const test = suite('the service on real Ceph');

const ceph = await startCeph({ manager: true, deviceBytes: 2 ** 40 });
const service = await startService({ config: 'test/lab/ceph.config.ts', store: join(ceph.dir, 'log.db'), env: { BLOCKLEDGER_CEPH_CONF: ceph.conf } });
const up = { url: service.url, sinceMs: Date.now() };
const client = patientClient(() => up);
await untilCounted(client);

let keys = 0;
/** Asks, waits for the end of the task, and gives the resource as it is then. */
const done = async (method: string, path: string, body?: object): Promise<Body> => {
  keys += 1;
  const { reply, task } = await client.change(method, path, { key: `step ${keys}`, ...(body === undefined ? {} : { body }) });
  assert.is(reply.status, 202, JSON.stringify(reply.json));
  assert.is(task?.status, 'succeeded', JSON.stringify(task));
  return (reply.json['block_volume'] ?? reply.json['block_snapshot']) as Body;
};
interface Info {
  readonly size: number;
  readonly parent?: object;
}
const info = (image: string): Info => JSON.parse(ceph.rbd('info', '--format', 'json', image)) as Info;
const snapshotsOf = (image: string): readonly string[] => (JSON.parse(ceph.rbd('snap', 'ls', '--all', '--format', 'json', image)) as readonly { readonly name: string }[]).map(({ name }) => name);

const qos = { burst_total_bw: 209_715_200_000, burst_total_iops: 200_000, max_total_bw: 104_857_600_000, max_total_iops: 100_000 };
let volume = '';
let clone = '';
let snapshot = 0;

test('a volume is created with its QoS [S0-12, S0-19, S0-22]', async () => {
  const created = await done('POST', '/block-volumes', {
    block_volume: {
      format: 128,
      name: 'volume1',
      performance_priority: 0,
      pool_id: 1,
      qos: { burst_total_bw: 2_097_152_000, burst_total_iops: 200_000, max_total_bw: 1_048_576_000, max_total_iops: 100_000 },
      qos_enabled: true,
      size: 107_374_182_400,
    },
  });
  volume = imageOf(created.uuid);
  assert.is(info(volume).size, 107_374_182_400);
  assert.match(ceph.rbd('config', 'image', 'list', volume), /rbd_qos_iops_limit\s+100000\s/);
});

test('a snapshot is taken, and a clone made of it holds what was written before [S0-14, S0-35, S0-60, S0-63]', async () => {
  writeText(ceph, volume, 'before the snapshot');
  snapshot = (await done('POST', '/block-snapshots', { block_snapshot: { block_volume_id: 1, name: 'volume1_snap' } })).id;
  writeText(ceph, volume, 'after the snapshot');
  const cloned = await done('POST', '/block-volumes', {
    block_volume: { block_snapshot_id: snapshot, flattened: false, name: 'snap_clone', performance_priority: 0, pool_id: 1, qos, qos_enabled: true },
  });
  clone = imageOf(cloned.uuid);
  assert.ok(info(clone).parent !== undefined);
  assert.is(await readText(ceph, clone), 'before the snapshot');
});

test('a clone is flattened, resized, limited and renamed; priority is refused where the backend has none [S0-25, S0-38, S0-45, S0-51, S0-137]', async () => {
  await done('PATCH', '/block-volumes/2', { block_volume: { flattened: true } });
  assert.is(info(clone).parent, undefined);
  await done('PATCH', '/block-volumes/2', { block_volume: { size: 161_061_273_600 } });
  assert.is(info(clone).size, 161_061_273_600);
  await done('PATCH', '/block-volumes/2', { block_volume: { name: 'vol3' } });
  assert.is(info(clone).size, 161_061_273_600);
  await done('PATCH', '/block-volumes/1', { block_volume: { qos, qos_enabled: true } });
  assert.match(ceph.rbd('config', 'image', 'list', volume), /rbd_qos_bps_limit\s+104857600000\s/);
  const refused = await client.ask('PATCH', '/block-volumes/2', { body: { block_volume: { performance_priority: 1 } } });
  assert.is(refused.status, 422);
  assert.is(refused.json['rule'], 'backendCan');
});

test('a volume is rolled back, with a backup snapshot of what was there [S0-48, S0-49, S0-50]', async () => {
  await done('PATCH', '/block-volumes/1', { block_volume: { block_snapshot_id: snapshot, action: 'roll_back' } });
  assert.is(await readText(ceph, volume), 'before the snapshot');
  const all = await client.all('block-snapshots', '&reserved=true');
  const backup = all.find((one) => one['reserved'] === true);
  assert.is(await readText(ceph, `${volume}@snapshot-${String(backup?.uuid).replaceAll('-', '')}`), 'after the snapshot');
  assert.is(snapshotsOf(volume).length, 2);
});

test('snapshots and volumes are deleted, and nothing stays on the cluster [S0-54, S0-56, S0-57, S0-64, R-8]', async () => {
  const refused = await client.ask('DELETE', '/block-volumes/1?force=true');
  assert.is(refused.json['rule'], 'noSnapshots');
  await done('DELETE', `/block-snapshots/${snapshot}?force=false`);
  await done('DELETE', '/block-volumes/1?force=false');
  await done('DELETE', '/block-volumes/2?force=false');
  assert.is(ceph.rbd('ls', 'vols').trim(), '');
});

test.after(async () => {
  assert.is(await service.stop(), 0, service.errors());
  ceph.stop();
});
test.run();
