import { rbdBackend } from '@blockledger/adapters-rbd';
import { simulateRbd } from '@blockledger/adapters-rbd/simulator';
import { controlPlane } from '@blockledger/app';
import { memoryStore } from '@blockledger/app/memory';

const plane = await controlPlane({ store: memoryStore(), backends: { ceph: rbdBackend({ run: simulateRbd().run }) } });
await plane.registerPool({ name: 'vols', placement: { backend: 'ceph', pool: 'vols' } }, { wait: 'done' });
const made = await plane.createVolume({ pool: 'vols', name: 'db-1', sizeBytes: 100 * 2 ** 30 }, { wait: 'done' });
console.log(made._tag === 'Right' ? `${made.right.resource.name} is ${made.right.resource.status}` : made.left);
await plane.close();
