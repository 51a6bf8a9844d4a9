/** Which cluster and which pool it is, and what they say of themselves. What the real one does is in test/real. */
import { rbdBackend } from '@blockledger/adapters-rbd';
import type { ProcessRunner } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import * as assert from 'uvu/assert';
import { gone, make, POOL, rbdScene, snapshot, unsnap, volume } from '../support/rbdScene.ts';
import { suite } from '../support/suite.ts';

const test = suite('pools of the cluster');
const v = volume('a');
const one = snapshot('1');

test('another cluster, or another pool of the same name, is not where anything is gone or removed [I-7]', async () => {
  const scene = rbdScene();
  await scene.done(make(v));
  const known = await scene.backend.identify(v.placement, scene.context)();
  assert.is(known._tag, 'Right');
  scene.cluster.becomeAnotherCluster('99999999-0000-4000-8000-000000000000');
  await scene.clock.advance(61_000);
  await scene.fails(gone(v), 'Mismatch', 'WrongCluster');
  await scene.fails({ do: 'observe', volume: v }, 'Mismatch', 'WrongCluster');
  await scene.fails(unsnap(v, one), 'Mismatch', 'WrongCluster');
});

test('what a pool must be can be said beforehand', async () => {
  const scene = rbdScene();
  await scene.done(make(v));
  const strict = rbdBackend({ run: scene.cluster.run, expected: { [POOL]: { cluster: 'elsewhere', pool: '1' } } });
  const answer = await strict.perform(gone(v), scene.context)();
  assert.is(answer._tag === 'Left' && answer.left.code, 'WrongCluster');
});

test('a pool without numbers may get them in a while; a pool that the cluster does not have never will [R-3, S0-53]', async () => {
  const { cluster, context } = rbdScene();
  const silent: ProcessRunner = (call) =>
    call.argv[0] === 'ceph' && call.argv.includes('df') ? () => Promise.resolve(E.right({ exitCode: 0, stdout: '{"pools":[]}', stderr: '' })) : cluster.run(call);
  const { stats } = rbdBackend({ run: silent });
  const errorFor = async (pool: string): Promise<string> => {
    const answer = await stats({ backend: 'rbd', pool }, context)();
    return E.isLeft(answer) ? `${answer.left._tag} ${answer.left.code}` : 'numbers';
  };
  assert.is(await errorFor(POOL), 'Retryable NoStatistics');
  assert.is(await errorFor('volz'), 'Permanent PoolMissing');
});

test.run();
