/** Mistakes of callers without types are told where they are made, in words that help. */
import * as assert from 'uvu/assert';
import { rbdBackend } from '@blockledger/adapters-rbd';
import { simulateRbd } from '@blockledger/adapters-rbd/simulator';
import { controlPlane, newWebhookSecret, type CreateVolumeInput } from '@blockledger/app';
import { memoryStore } from '@blockledger/app/memory';
import type { Refusal } from '@blockledger/domain';
import { suite } from '../support/suite.ts';

const test = suite('mistakes');

test('what is no backend is refused when the control plane starts, by its name [S0-16]', async () => {
  let told: unknown;
  await controlPlane({ store: memoryStore(), backends: { ceph: simulateRbd() as never } }).catch((thrown: unknown) => (told = thrown));
  assert.instance(told, TypeError);
  assert.match(String(told), /backends\.ceph is no backend/);
});

test('a size that is no number is told as such, not as "is not null" [S0-16]', async () => {
  const plane = await controlPlane({ store: memoryStore(), backends: { ceph: rbdBackend({ run: simulateRbd().run }) }, exclusive: true });
  await plane.registerPool({ name: 'vols', placement: { backend: 'ceph', pool: 'vols' } }, { wait: 'done' });
  const refused = await plane.createVolume({ pool: 'vols', name: 'db-1', sizeBytes: '100GiB' as never });
  assert.is(refused._tag, 'Left');
  assert.match(refused._tag === 'Left' ? refused.left.message : '', /^sizeBytes is "100GiB": it must be a whole number of bytes$/);
  await plane.close();
});

const everyday = async () => {
  const plane = await controlPlane({ store: memoryStore(), backends: { ceph: rbdBackend({ run: simulateRbd().run }) }, exclusive: true });
  await plane.registerPool({ name: 'vols', placement: { backend: 'ceph', pool: 'vols' } }, { wait: 'done' });
  const made = await plane.createVolume({ pool: 'vols', name: 'db-1', sizeBytes: 2 ** 30 }, { wait: 'done' });
  return { plane, volume: made._tag === 'Right' ? made.right.resource.id : '' };
};

const refusalOf = async (answer: Promise<{ readonly _tag: 'Left'; readonly left: Refusal } | { readonly _tag: 'Right' }>): Promise<Refusal | undefined> => {
  const settled = await answer;
  return settled._tag === 'Left' ? settled.left : undefined;
};

test('a field that a request does not have is refused by its name, however deep, and so in a plan [S0-16]', async () => {
  const { plane, volume } = await everyday();
  const before = plane.actions.list().totalCount;
  const input = { pool: 'vols', name: 'db-2', sizeByte: 2 ** 30 } as unknown as CreateVolumeInput;
  const refused = await refusalOf(plane.createVolume(input));
  assert.is(refused?._tag, 'InvalidCommand');
  assert.match(refused?.message ?? '', /^sizeByte is not a known field of createVolume: there are name, .*sizeBytes/);
  assert.is(refused?.value, 'sizeByte');
  assert.equal(await refusalOf(plane.plan({ do: 'createVolume', input })), refused);
  const deep = await refusalOf(plane.updateVolume(volume, { qos: { maxIop: 5 } as object }));
  assert.is(deep?.value, 'qos.maxIop');
  assert.equal(deep?.limit, ['enabled', 'maxBytesPerSecond', 'burstBytesPerSecond', 'maxIops', 'burstIops']);
  assert.is((await refusalOf(plane.registerPool({ name: 'more', placement: { backend: 'ceph', pool: 'more', datapool: 'x' } as never })))?.value, 'placement.datapool');
  assert.is((await refusalOf(plane.deleteVolume(volume, { forced: true } as object)))?.value, 'forced');
  assert.is((await refusalOf(plane.tokens.issue({ name: 'ci', role: 'reader', tenant: null, expires: 5 } as never)))?.value, 'expires');
  assert.is((await refusalOf(plane.tokens.revoke('0b9d7a3e-0000-4000-8000-000000000001', { raeson: 'lost' } as object)))?.value, 'raeson');
  assert.is((await refusalOf(plane.webhooks.register({ name: 'w', url: 'https://receiver.invalid/', secret: newWebhookSecret(), filter: { type: [] } as object })))?.value, 'filter.type');
  assert.is((await refusalOf(plane.pauseBackend('ceph', { reason: 'maintenance', until: 'noon' } as never)))?.value, 'until');
  assert.is((await refusalOf(plane.request({ do: 'creatVolume', input: {} } as never)))?.value, 'do');
  assert.is((await refusalOf(plane.request({ do: 'flattenVolume', volume, force: true } as never)))?.value, 'force');
  // Refused and on record, as everything is that was asked for; nothing was made.
  assert.is(plane.actions.list().totalCount > before, true);
  assert.is(plane.volumes.list().totalCount, 1);
  await plane.close();
});

test('an option that there is not, or that is not as it must be, is refused by its name [S0-136]', async () => {
  const { plane } = await everyday();
  const input = { pool: 'vols', name: 'db-2', sizeBytes: 2 ** 30 };
  const refused = async (options: object): Promise<readonly [string, string]> => {
    const refusal = await refusalOf(plane.createVolume(input, options));
    return [refusal?._tag ?? 'accepted', refusal?.message ?? ''];
  };
  assert.equal(await refused({ wait: 'x' }), ['OptionIsInvalid', 'wait must be accepted or done']);
  assert.equal(await refused({ timeoutMs: '5s' }), ['OptionIsInvalid', 'timeoutMs must be a number of ms from 0']);
  assert.equal(await refused({ expectedRevision: 1.5 }), ['OptionIsInvalid', 'expectedRevision must be a whole number from 0']);
  assert.equal(await refused({ idempotencyKey: 5 }), ['OptionIsInvalid', 'idempotencyKey must be text']);
  assert.match((await refused({ idempotencykey: 'order 4711' }))[1], /^idempotencykey is not a known option: there are .*idempotencyKey/);
  assert.is(plane.volumes.list().totalCount, 1);
  assert.equal(await refused({ wait: undefined, timeoutMs: 60_000 }), ['accepted', '']);
  await plane.close();
});

test('a value of the wrong kind is told with what was there and what may be [S0-16]', async () => {
  const { plane, volume } = await everyday();
  const messages = await Promise.all(
    [
      plane.createVolume({ pool: 'vols', name: 'x', sizeBytes: 2 ** 30, generation: 'v4' as never }),
      plane.deleteVolume(volume, { cascade: 'yes' as never }),
      plane.updateVolume(volume, { name: 7 as never }),
      plane.createVolume({ pool: 'vols', sizeBytes: 2 ** 30 } as never),
      plane.reserveMapping(volume, { id: 'no uuid' }),
    ].map(async (answer) => (await refusalOf(answer))?.message),
  );
  assert.equal(messages, [
    'generation is "v4": it must be v2 or v3 or v3adv',
    'cascade is "yes": it must be true or false',
    'changes.name is 7: it must be text',
    'name is missing: it must be text',
    'mappingId is "no uuid": it must be a lower-case UUID',
  ]);
  await plane.close();
});

test.run();
