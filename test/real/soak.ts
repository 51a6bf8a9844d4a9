/**
 * `npm run soak`: 15 minutes over a simulated array that betrays a service which is killed, and the crash test on real Ceph with 100 kills.
 * `npm run soak -- array 60` is the first alone, for an hour; `npm run soak -- ceph 500` the second alone, with more kills. BLOCKLEDGER_SEED repeats a run.
 */
import { realCeph } from '../support/ceph.ts';
import { crashRun } from '../support/crash/crashRun.ts';
import { requireReal } from '../support/real.ts';
import { arraySoak } from '../support/soak/arraySoak.ts';

const [which = 'both', count] = process.argv.slice(2);
if (!['array', 'ceph', 'both'].includes(which)) throw new Error(`a soak is of an array or of ceph, not of "${which}"`);
const seed = Number(process.env['BLOCKLEDGER_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
console.log(`BLOCKLEDGER_SEED=${seed}`);

const told = (differences: readonly string[], summary: string): void => {
  for (const difference of differences) console.log(difference);
  console.log(`${summary}, ${differences.length} differences`);
  if (differences.length > 0) process.exitCode = 1;
};

if (which !== 'ceph') {
  const minutes = Number(count ?? 15);
  const { kills, changes, requests, faults, differences } = await arraySoak({ seconds: minutes * 60, seed, say: console.log });
  told(differences, `an array: ${minutes} minutes, ${kills} kills, ${changes} changes, ${requests} requests, ${faults} faults`);
}
if (which !== 'array') {
  requireReal(realCeph);
  const { kills, changes, differences } = await crashRun({ kills: Number(count ?? 100), seed, say: console.log });
  told(differences, `Ceph: ${kills} kills, ${changes} changes`);
}
