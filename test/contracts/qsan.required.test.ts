/** The fields that an array must answer with (S1-25): they are enough, and nothing is taken for done without them. */
import type { QsanFault, QsanRequest } from '@blockledger/adapters-qsan/simulator';
import { secret, UNLIMITED_QOS, type AccessPathId, type Bytes, type SecretRef, type TargetActionOf, type TargetCallContext, type VolumeRef } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { randomUUID } from 'node:crypto';
import * as assert from 'uvu/assert';
import { codeOf, context, freshVolume, GIB, makes, perform, placement, qsanScene, type QsanScene } from '../support/qsanScene.ts';
import { suite } from '../support/suite.ts';

const test = suite('what a QSAN array must answer with');

/** A kind of request, and the fields of its answer that must be there; of a pool also those that say which one it is. */
type Kind = 'target' | 'lun' | 'pool' | 'portals';
const KINDS: Readonly<Record<Kind, { readonly method: string; readonly path: RegExp; readonly fields: readonly string[] }>> = {
  target: { method: 'POST', path: /\/targets$/, fields: ['id', 'iqn'] },
  lun: { method: 'POST', path: /\/luns$/, fields: ['lun_id'] },
  pool: { method: 'GET', path: /\/pools\/[^/]+$/, fields: ['id', 'name', 'total_capacity', 'free_capacity'] },
  portals: { method: 'GET', path: /\/portals$/, fields: ['portals'] },
};

/** An array that does what it is asked, and leaves out of its answers what `keeps` does not keep. */
const sparing = async (keeps: (kind: Kind, field: string) => boolean): Promise<QsanScene> => {
  const made: { scene?: QsanScene } = {};
  const faults = ({ method, path, body }: QsanRequest): QsanFault | undefined => {
    const kind = (Object.keys(KINDS) as readonly Kind[]).find((one) => KINDS[one].method === method && KINDS[one].path.test(path));
    if (kind === undefined || made.scene === undefined) return undefined;
    const { status, body: whole } = made.scene.array.operate(method, path, body);
    return { _tag: 'Says', status, body: Object.fromEntries(Object.entries(whole as object).filter(([field]) => keeps(kind, field))) };
  };
  made.scene = await qsanScene({ faults });
  return made.scene;
};

const INITIATOR = 'iqn.1993-08.org.debian:01:604af6a341';

const wish = (volume: VolumeRef): TargetActionOf<'ensureTarget'> => ({
  do: 'ensureTarget',
  target: { place: { backend: 'array', host: 'array1' }, accessPathId: randomUUID() as AccessPathId, number: 1, iqn: `iqn.2004-08.com.qsan:target-${volume.volumeId}`, type: 'iscsi', volumeId: volume.volumeId },
  config: { portals: [], chap: { user: 'storage', secretRef: 'chap/storage/0123456789abcdef' as SecretRef }, luns: [{ lun: 4, volume, sizeBytes: GIB as Bytes, qos: UNLIMITED_QOS }], clients: [{ code: INITIATOR, luns: [4], mutual: null }] },
  fenced: [],
  unmapped: [],
});

const target = ({ volumes, targets }: QsanScene, volume: VolumeRef) => {
  const more: TargetCallContext = { ...context(), secret: () => () => Promise.resolve(E.right(secret('1qaz2wsx3edc'))), sourceOf: (one) => volumes.sourceOf?.(one) };
  return targets.perform(wish(volume), more)();
};

test('an array that answers with the fields that must be there and no other is driven like any other [S1-25]', async () => {
  const scene = await sparing((kind, field) => KINDS[kind].fields.includes(field));
  const volume = freshVolume();
  assert.is(codeOf(await perform(scene.volumes, makes(volume))), 'well');
  const answer = await target(scene, volume);
  assert.equal(E.isRight(answer) && [answer.right.exists, answer.right.portals?.map(({ port }) => port)], [true, [3260, 3260]]);
  const stats = await scene.volumes.stats(placement, context())();
  assert.ok(E.isRight(stats) && stats.right.totalBytes > 0 && stats.right.freeBytes > 0, JSON.stringify(stats));
  assert.equal(scene.array.state().targets.map(({ luns, acl }) => [luns.map(({ lun }) => lun), acl]), [[[4], [INITIATOR]]]);
  await scene.end();
});

for (const [kind, field] of [['lun', 'lun_id'], ['portals', 'portals']] as const) {
  test(`a target is not taken for made, and lets nobody in, where the array leaves out ${field} [S1-25, R-19]`, async () => {
    const scene = await sparing((one, name) => one !== kind || name !== field);
    const volume = freshVolume();
    assert.is(codeOf(await perform(scene.volumes, makes(volume))), 'well');
    const answer = await target(scene, volume);
    assert.equal(E.isLeft(answer) && [answer.left.code, answer.left.message.includes(field)], ['Unreadable', true]);
    assert.equal(scene.array.state().targets.flatMap(({ acl }) => acl), []);
    await scene.end();
  });
}

for (const field of ['total_capacity', 'free_capacity']) {
  test(`a pool without ${field} is not taken for a full or an empty one: its figures cannot be read [S1-25, S1-15]`, async () => {
    const scene = await sparing((kind, name) => kind !== 'pool' || name !== field);
    const stats = await scene.volumes.stats(placement, context())();
    assert.equal(E.isLeft(stats) && [stats.left.code, stats.left.message.includes(field)], ['Unreadable', true]);
    await scene.end();
  });
}

test('a target whose making is answered without its id or its IQN is found by its name, and is no second one [S1-25, S1-19]', async () => {
  const scene = await sparing((kind) => kind !== 'target');
  const volume = freshVolume();
  assert.is(codeOf(await perform(scene.volumes, makes(volume))), 'well');
  for (const _ of ['first', 'again']) assert.is(codeOf(await target(scene, volume)), 'well');
  assert.is(scene.array.state().targets.length, 1);
  await scene.end();
});

test.run();
