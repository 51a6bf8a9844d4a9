/** Mistakes of callers without types are told where they are made, in words that help. */
import * as assert from 'uvu/assert';
import { rbdBackend } from '@blockledger/adapters-rbd';
import { simulateRbd } from '@blockledger/adapters-rbd/simulator';
import { controlPlane } from '@blockledger/app';
import { memoryStore } from '@blockledger/app/memory';
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
  assert.match(refused._tag === 'Left' ? refused.left.message : '', /^sizeBytes is not Bytes/);
  await plane.close();
});

test.run();
