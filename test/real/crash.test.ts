/** The main promise: killed at any moment, it carries on where it was. The seed is printed; BLOCKLEDGER_SEED repeats a run. */
import * as assert from 'uvu/assert';
import { realCeph } from '../support/ceph.ts';
import { crashRun } from '../support/crash/crashRun.ts';
import { requireReal } from '../support/real.ts';
import { suite } from '../support/suite.ts';

requireReal(realCeph);
const test = suite('crashes on real Ceph');
const seed = Number(process.env['BLOCKLEDGER_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

test('a service killed 12 times loses nothing, doubles nothing and settles [R-4, I-2, I-6]', async () => {
  console.log(`BLOCKLEDGER_SEED=${seed}`);
  const { differences, changes } = await crashRun({ kills: 12, seed, say: console.log });
  console.log(`${changes} changes`);
  assert.equal(differences, []);
  assert.ok(changes >= 24, `only ${changes} changes were made`);
});

test.run();
