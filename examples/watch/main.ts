/** Watches a service over REST: a task until it ends, and everything that happens. */
import { rbdBackend } from '@blockledger/adapters-rbd';
import { simulateRbd } from '@blockledger/adapters-rbd/simulator';
import { controlPlane } from '@blockledger/app';
import { apiClient } from '@blockledger/app/client';
import { httpService } from '@blockledger/app/http';
import { memoryStore } from '@blockledger/app/memory';

const plane = await controlPlane({ store: memoryStore(), backends: { ceph: rbdBackend({ run: simulateRbd({ latencyMs: 200 }).run }) } });
await plane.registerPool({ name: 'vols', placement: { backend: 'ceph', pool: 'vols' } }, { wait: 'done' });
const service = httpService(plane, { tokens: { me: 'secret' } });
const listening = await service.listen({ port: 0 });
if (listening._tag === 'Left') throw new Error(listening.left.message);

// From here on everything is what a client elsewhere would do.
const client = apiClient({ url: listening.right, token: 'secret' });
const made = await client.createVolume({ body: { block_volume: { name: 'db-1', pool_id: 1, size: 100 * 2 ** 30 } } });
if (made._tag === 'Left' || !('task' in made.right.body) || made.right.body.task === null) throw new Error('nothing to watch');

for await (const { task } of client.watchTask({ path: { task: made.right.body.task.id } })) console.log(`task: ${task.type} is ${task.status}`);

// A loop that was left, or a program that was ended, goes on behind the last position that it has.
let last = -1;
for await (const { position, type } of client.watchEvents({ query: { from: 'start', kind: ['block_volume'] } })) {
  last = position;
  if (type === 'VolumeMade') break;
}
for await (const { type } of client.watchEvents({ query: { from: last } })) {
  console.log(`after VolumeMade came ${type}`);
  break;
}
await service.close();
await plane.close();
