// Prints the command lines that requests would run on Ceph. Nothing is stored and nothing is run: `plan` only asks.
import { rbdBackend } from '@blockledger/adapters-rbd';
import { simulateRbd } from '@blockledger/adapters-rbd/simulator';
import { controlPlane, type PlaneRequest } from '@blockledger/app';
import { memoryStore } from '@blockledger/app/memory';

const plane = await controlPlane({ store: memoryStore(), backends: { ceph: rbdBackend({ run: simulateRbd().run }) } });
await plane.registerPool({ name: 'vols', placement: { backend: 'ceph', pool: 'vols' } }, { wait: 'done' });
await plane.createVolume({ pool: 'vols', name: 'base', sizeBytes: 2 ** 30 }, { wait: 'done' });
await plane.createSnapshot({ volume: 1, name: 'golden' }, { wait: 'done' });

const requests: readonly PlaneRequest[] = [
  { do: 'createVolume', input: { pool: 'vols', name: 'db-1', sizeBytes: 100 * 2 ** 30, qos: { maxIops: 1000 } } },
  { do: 'createVolume', input: { pool: 'vols', name: 'clone-1', snapshot: 1 } },
  { do: 'updateVolume', volume: 1, input: { sizeBytes: 2 * 2 ** 30 } },
  { do: 'rollBackVolume', volume: 1, input: { snapshot: 1 } },
  { do: 'deleteVolume', volume: 1, input: {} },
];

for (const request of requests) {
  console.log(`\n${request.do}`);
  const plan = await plane.plan(request);
  if (plan._tag === 'Left') {
    console.log(`  refused: ${plan.left.message}; ${plan.left.remedy}`);
    continue;
  }
  for (const { performs } of plan.right.work) {
    for (const { argv, summary } of performs?.steps ?? []) console.log(`  ${argv?.join(' ') ?? summary}`);
  }
}
await plane.close();
