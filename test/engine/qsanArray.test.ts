/** The audit and the rebuilding of a log over a QSAN array, which lists nothing. */
import { volumeName } from '@blockledger/adapters-qsan';
import { controlPlane, type Drift } from '@blockledger/app';
import { memoryStore } from '@blockledger/app/memory';
import type { VolumeId } from '@blockledger/domain';
import * as assert from 'uvu/assert';
import { GIB, left, right } from '../support/plane.ts';
import { POOL, qsanScene } from '../support/qsanScene.ts';
import { suite } from '../support/suite.ts';

const test = suite('a control plane over a simulated QSAN array');

const said = ({ drifts }: { readonly drifts: readonly Drift[] }): readonly string[] => drifts.map((drift) => [drift.kind, drift.volumeId ?? '', drift.kind === 'differing' ? drift.field : ''].join(' ').trim()).toSorted();

const arrayPlane = async () => {
  const scene = await qsanScene({}, { host: 'array1' });
  const { array, volumes, targets } = scene;
  const plane = await controlPlane({ store: memoryStore(), backends: { array: volumes }, targets: { array: targets } });
  right(await plane.registerPool({ name: 'gold', placement: { backend: 'array', pool: POOL } }));
  const volume = async (name: string) => right(await plane.createVolume({ pool: 'gold', name, sizeBytes: GIB }, { wait: 'done' })).resource;
  return { plane, array, volume, end: async () => (await plane.close(), array.stop()) };
};

test('the audit of an array looks at what the log knows, and says what is missing there or differs; what nobody knows stays unknown [S1-42]', async () => {
  const { plane, array, volume, end } = await arrayPlane();
  const [well, gone, grown] = [await volume('well'), await volume('gone'), await volume('grown')];
  const nameOf = ({ id }: { readonly id: string }): string => volumeName(id as VolumeId);
  const nightly = right(await plane.createSnapshot({ volume: well.id, name: 'nightly' }, { wait: 'done' })).resource;
  right(await plane.createSnapshot({ volume: well.id, name: 'weekly' }, { wait: 'done' }));
  array.operate('POST', '/api/volumes', { pool: POOL, name: 'by-hand', size: GIB });
  await plane.idle();
  assert.equal(await plane.drift().then(({ drifts, unseen }) => [drifts, unseen]), [[], []]);
  array.operate('DELETE', `/api/volumes/${nameOf(gone)}`);
  array.operate('PUT', `/api/volumes/${nameOf(grown)}`, { size: 2 * GIB });
  array.operate('DELETE', `/api/volumes/${nameOf(well)}/snapshots/snapshot-${nightly.id}`);
  assert.equal(said(await plane.drift()), [`differing ${grown.id} size`, `missing ${gone.id}`, `missing ${well.id}`].toSorted());
  await end();
});

test('commands that an array cannot do are refused by what it lacks, and nothing is sent [S1-9, S1-14]', async () => {
  const { plane, array, volume, end } = await arrayPlane();
  const { id } = await volume('accounts');
  const snapshot = right(await plane.createSnapshot({ volume: id, name: 'nightly' }, { wait: 'done' })).resource;
  const before = array.requests().filter(({ method }) => method !== 'GET').length;
  const qos = { enabled: true, maxBytesPerSecond: 0, burstBytesPerSecond: 0, maxIops: 10, burstIops: 0 };
  const refused = [left(await plane.updateVolume(id, { qos })), left(await plane.rollBackVolume(id, { snapshot: snapshot.id }))];
  assert.equal(refused.map(({ _tag, value }) => [_tag, value]), [['CapabilityIsMissing', 'qos'], ['CapabilityIsMissing', 'rollback']]);
  assert.is(array.requests().filter(({ method }) => method !== 'GET').length, before);
  await end();
});

test('of sixteen volumes that are attached at once by one access path each is worked on alone: the array is asked for each as often as for one [S1-17, S4-3, I-16]', async () => {
  const { plane, array, volume, end } = await arrayPlane();
  const done = { wait: 'done' } as const;
  right(await plane.registerHost({ name: 'array1', targets: 'array', addresses: [] }, done));
  const path = right(await plane.createAccessPath({ name: 'front', hosts: ['array1'] }, done)).resource;
  const ids: string[] = [];
  for (let at = 0; at < 17; at += 1) ids.push((await volume(`volume ${at}`)).id);
  await plane.idle();
  const asked = (): number => array.requests().at(-1)?.count ?? 0;
  const attach = async (id: string, at: number): Promise<string | undefined> =>
    right(await plane.reserveAttachment(id, { connect: { accessPath: path.id, connector: { initiator: `iqn.2004-10.com.ubuntu:01:node${at % 3}` } } }, done)).part?.stage;
  const before = asked();
  await attach(ids[0]!, 0);
  await plane.idle();
  const forOne = asked() - before;
  const stages = await Promise.all(ids.slice(1).map(attach));
  await plane.idle();
  assert.equal(stages, stages.map(() => 'connected'));
  // Each once more at most, for its initiator may have come to stand between the two.
  assert.ok(asked() - before - forOne <= 2 * 16 * forOne, `${asked() - before - forOne} requests for sixteen, ${forOne} for one`);
  assert.equal(plane.accessPaths.get(path.id)?.targets.map(({ isConfirmed, confirmedVersion, wantedVersion }) => [isConfirmed, confirmedVersion === wantedVersion]), [[true, true]]);
  await end();
});

test.run();
