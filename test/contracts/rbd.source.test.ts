/** How gateways open volumes that are images of Ceph. */
import { rbdBackend } from '@blockledger/adapters-rbd';
import type { LunSource } from '@blockledger/domain';
import * as assert from 'uvu/assert';
import { identity, make, POOL, rbdScene, run, volume } from '../support/rbdScene.ts';
import { suite } from '../support/suite.ts';

const test = suite('how a gateway opens an image');

const specOf = (source: LunSource | undefined): string => (source?.kind === 'rbd' ? `${source.pool}/${source.image}` : 'none');

test('a gateway opens just the image that was made, and the one that was taken over under another name [S0-91, I-27]', async () => {
  const scene = rbdScene();
  const [made, adopted] = [volume('a'), volume('b')];
  await scene.done(make(made));
  await run(scene, 'create', `${POOL}/old disk`, '--size', '64M');
  await scene.done({ do: 'adopt', volume: adopted, identity: identity(adopted), backendName: 'old disk' });
  assert.equal(
    [made, adopted].map((one) => specOf(scene.backend.sourceOf?.(one))).toSorted(),
    scene.cluster.images(POOL).map(({ name }) => `${POOL}/${name}`).toSorted(),
  );
});

test('a gateway is told the cluster and the user as far as the backend knows them, and no keyring [I-24]', () => {
  const told = rbdBackend({ conf: '/etc/ceph/a.conf', name: 'client.blockledger', keyring: '/etc/blockledger/keyring' }).sourceOf?.(volume('a'));
  const image = 'volume-0b9d7a3e000040008000aaaaaaaaaaaa';
  assert.equal(told, { kind: 'rbd', pool: POOL, image, conf: '/etc/ceph/a.conf', client: 'client.blockledger' });
  assert.equal(rbdBackend().sourceOf?.(volume('a')), { kind: 'rbd', pool: POOL, image });
});

test.run();
