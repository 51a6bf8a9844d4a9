/** Targets of tgt over images of a real Ceph: the contract, the bytes, and what a host looks at before it opens an image. */
import { imageName, rbdBackend } from '@blockledger/adapters-rbd';
import type { Bytes, LunSource, Portal, SerialNumber, VolumeId, VolumeRef } from '@blockledger/domain';
import { targetBackendContract, type TargetBackendUnderTest } from '@blockledger/domain/testing';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { realCeph, startCeph, type CephCluster } from '../support/ceph.ts';
import { inquire, loginHere, qemuIo, sizeOf } from '../support/initiator.ts';
import { requireReal } from '../support/real.ts';
import { suite } from '../support/suite.ts';
import { realTgt, realTgtOn, type RealTgt } from '../support/tgt.ts';
import { LARGER, letting, SIZE, tgtScene } from '../support/tgtScene.ts';

requireReal(realCeph);
requireReal(realTgt);

let starting: ReturnType<typeof startCeph> | undefined;
const cluster = (): Promise<CephCluster> => (starting ??= startCeph());
const mega = (bytes: Bytes): string => `${bytes}B`;

const makeImage = (ceph: CephCluster, sizeBytes: Bytes, ...more: readonly string[]): VolumeRef => {
  const volume = { placement: { backend: 'ceph', pool: 'vols' }, volumeId: randomUUID() as VolumeId, serial: randomBytes(8).toString('hex') as SerialNumber };
  ceph.rbd('create', `vols/${imageName(volume.volumeId)}`, '--size', mega(sizeBytes), ...more);
  return volume;
};
const specOf = ({ placement, volumeId }: VolumeRef): string => `${placement.pool}/${imageName(volumeId)}`;
const sourceOn = (ceph: CephCluster) => ({ placement, volumeId }: VolumeRef): LunSource => ({ kind: 'rbd', pool: placement.pool, image: imageName(volumeId), conf: ceph.conf, client: 'client.admin' });

const contract = suite('tgt, over images of Ceph');
// What has nothing to do with the bytes behind a LUN is the same over files.
const register = (name: string, run: () => Promise<void>): void => {
  if (/is made with|doing it again|serial|grown|goes with all|unmapped|forgotten|added, and/.test(name)) contract(name, run);
};
targetBackendContract(register, async () => {
  const ceph = await cluster();
  const { backend, freshPortal, crash, dispose } = realTgtOn();
  const given: TargetBackendUnderTest = {
    backend,
    place: { backend: 'tgt', host: 'gw1' },
    makeVolume: (sizeBytes) => Promise.resolve(makeImage(ceph, sizeBytes)),
    growVolume: (volume, sizeBytes) => Promise.resolve(void ceph.rbd('resize', specOf(volume), '--size', mega(sizeBytes), '--no-progress')),
    sourceOf: sourceOn(ceph),
    freshPortal,
    restart: crash,
    login: loginHere,
    dispose,
  };
  return given;
});
contract.run();

const test = suite('a real initiator at an image of Ceph');
const ME = 'iqn.1994-05.com.redhat:9f2838fc926e';
let ceph: CephCluster;
let tgt: RealTgt;
test.before.each(async () => {
  ceph = await cluster();
  tgt = realTgtOn();
});
test.after.each(() => tgt.dispose());
test.after(async () => (await starting)?.stop());

const offer = async (volume: VolumeRef, on = tgt, sourceOf: (volume: VolumeRef) => LunSource | undefined = sourceOn(ceph)) => {
  const scene = tgtScene(on, { sourceOf });
  const luns = [scene.lun(0, volume)];
  const config = scene.config({ luns, clients: [letting(ME, luns)] });
  const way: { readonly portal: Portal; readonly iqn: string; readonly lun: number; readonly initiator: string } = { portal: scene.portal, iqn: scene.target.iqn, lun: 0, initiator: ME };
  return { scene, config, way };
};

test('what is written by iSCSI is what rbd exports, to the byte', async () => {
  const volume = makeImage(ceph, SIZE);
  const { scene, config, way } = await offer(volume);
  await scene.ensure(config);
  const [bytes, pattern] = [Buffer.alloc(SIZE), join(tgt.runDir, 'pattern')];
  for (const [at, length] of [[0, 4096], [2 ** 20 + 512, 70_144], [SIZE - 65_536, 65_536]] as const) {
    const chunk = randomBytes(length);
    chunk.copy(bytes, at);
    writeFileSync(pattern, chunk);
    const written = qemuIo(way, `write -s ${pattern} ${at} ${length}`, 'flush');
    assert.is(written.exitCode, 0, written.text);
  }
  const file = join(tgt.runDir, 'export');
  ceph.rbd('export', '--no-progress', specOf(volume), file);
  const hash = (of: Buffer): string => createHash('sha256').update(of).digest('hex');
  assert.is(hash(readFileSync(file)), hash(bytes));
  assert.match(ceph.rbd('status', specOf(volume)), 'watcher=');
  await scene.gone();
  assert.match(ceph.rbd('status', specOf(volume)), 'Watchers: none', 'nobody holds it when the target is gone');
});

test('a volume made and grown by its backend is opened as that backend says, and offered as large as it is, with its serial number [S0-18, S0-46, I-18]', async () => {
  const backend = rbdBackend({ conf: ceph.conf, watchTimeoutMs: 3_000 });
  const volume = { placement: { backend: 'ceph', pool: 'vols' }, volumeId: randomUUID() as VolumeId, serial: randomBytes(8).toString('hex') as SerialNumber };
  const context = { signal: new AbortController().signal, onProgress: () => undefined, installationId: 'here' };
  const qos = { enabled: false, maxBytesPerSecond: 0, burstBytesPerSecond: 0, maxIops: 0, burstIops: 0 };
  const identity = { volumeId: volume.volumeId, serial: volume.serial, name: 'accounts', tenant: 'default', generation: 'v3' as const, hidden: false };
  const made = await backend.perform({ do: 'ensureVolume', volume, identity, sizeBytes: SIZE, qos, performancePriority: false, parent: null }, context)();
  assert.is(made._tag, 'Right', JSON.stringify(made));
  const { scene, config, way } = await offer(volume, tgt, (one) => backend.sourceOf?.(one));
  await scene.ensure(config);
  assert.is(sizeOf(way), SIZE);
  assert.match(inquire(way, 0x80).text, volume.serial);
  assert.is((await backend.perform({ do: 'ensureSize', volume, fromBytes: SIZE, toBytes: LARGER }, context)())._tag, 'Right');
  const larger = [scene.lun(0, volume, LARGER)];
  await scene.ensure({ ...config, luns: larger });
  assert.is(sizeOf(way), LARGER);
  await backend.close();
});

test('an image that would be cached for writing, or that has no exclusive lock, is not offered: fail-over would lose blocks [I-14]', async () => {
  const cached = join(tgt.runDir, 'cached.conf');
  writeFileSync(cached, readFileSync(ceph.conf, 'utf8').replace('rbd cache = false', 'rbd cache = true'));
  const careless = realTgtOn({ ceph: { conf: cached } });
  const volume = makeImage(ceph, SIZE);
  const first = await offer(volume, careless);
  const cachedError = await first.scene.refused(first.config);
  assert.equal([cachedError._tag, cachedError.code], ['Permanent', 'WriteBackCache']);
  assert.is(inquire(first.way).exitCode, 10, 'nobody gets in');
  ceph.rbd('config', 'image', 'set', specOf(volume), 'rbd_cache', 'false');
  await first.scene.ensure(first.config);
  await careless.dispose();
  const lockless = await offer(makeImage(ceph, SIZE, '--image-feature', 'layering'));
  assert.is((await lockless.scene.refused(lockless.config)).code, 'NoExclusiveLock');
  const unasked = realTgtOn({ ceph: { verify: false } });
  const bold = await offer(makeImage(ceph, SIZE, '--image-feature', 'layering'), unasked);
  await bold.scene.ensure(bold.config);
  await unasked.dispose();
});

test('an image that is not there is waited for, and the daemon is not asked for it', async () => {
  const volume: VolumeRef = { placement: { backend: 'ceph', pool: 'vols' }, volumeId: randomUUID() as VolumeId, serial: '1c5a53c025ad131a' as SerialNumber };
  const { scene, config, way } = await offer(volume);
  const error = await scene.refused(config);
  assert.equal([error._tag, error.code], ['Retryable', 'CannotOpen']);
  ceph.rbd('create', specOf(volume), '--size', mega(SIZE));
  await scene.ensure(config);
  assert.is(sizeOf(way), SIZE);
});

test('a cluster that does not answer gives an error and not a hang, and the daemon serves its other LUNs meanwhile', async () => {
  const file = tgt.makeFile(SIZE);
  const scene = tgtScene(tgt, { sourceOf: (volume) => (volume.volumeId === file.volumeId ? undefined : sourceOn(ceph)(volume)) });
  const luns = [scene.lun(0, file)];
  await scene.ensure(scene.config({ luns, clients: [letting(ME, luns)] }));
  const more = [...luns, scene.lun(1, makeImage(ceph, SIZE))];
  ceph.signal('mon.a', 'SIGSTOP');
  const asking = scene.refused(scene.config({ luns: more, clients: [letting(ME, more)] }));
  assert.is(sizeOf({ portal: scene.portal, iqn: scene.target.iqn, lun: 0, initiator: ME }), SIZE);
  const error = await asking;
  ceph.signal('mon.a', 'SIGCONT');
  assert.equal([error._tag, error.code], ['Retryable', 'CannotOpen'], error.message);
  await scene.ensure(scene.config({ luns: more, clients: [letting(ME, more)] }));
});

test.run();
