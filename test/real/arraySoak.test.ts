/** The soak of `npm run soak`, for 90 seconds: a service over a simulated array that betrays, killed again and again. It needs nothing that is not here. */
import * as assert from 'uvu/assert';
import { arraySoak } from '../support/soak/arraySoak.ts';
import { suite } from '../support/suite.ts';

const test = suite('soak of an array');
const SECONDS = Number(process.env['BLOCKLEDGER_SOAK_SECONDS'] ?? 90);

test('after a minute and a half of changes, faults and kills, array, log and those who asked agree on every volume, snapshot, target and initiator, and nothing is left when all is deleted [S1-4, S1-6, S1-22, R-4, R-28, I-7, I-22]', async () => {
  const seed = Number(process.env['BLOCKLEDGER_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  const { kills, changes, requests, faults, differences } = await arraySoak({ seconds: SECONDS, seed, say: console.log });
  console.log(`# seed ${seed}: ${kills} kills, ${changes} changes, ${requests} requests, ${faults} faults`);
  assert.equal(differences, []);
  for (const [what, count] of Object.entries({ kills, changes, faults })) assert.ok(count > 0, `there were no ${what}`);
});

test.run();
