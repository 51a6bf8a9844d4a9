/** `npm run soak`: the crash test with 100 kills. `npm run soak -- 500` for more; BLOCKLEDGER_SEED repeats a run. */
import { realCeph } from '../support/ceph.ts';
import { crashRun } from '../support/crash/crashRun.ts';
import { requireReal } from '../support/real.ts';

requireReal(realCeph);
const wanted = Number(process.argv[2] ?? 100);
const seed = Number(process.env['BLOCKLEDGER_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
console.log(`BLOCKLEDGER_SEED=${seed}`);
const { kills, differences, changes } = await crashRun({ kills: wanted, seed, say: console.log });
for (const difference of differences) console.log(difference);
console.log(`${kills} kills, ${changes} changes, ${differences.length} differences`);
process.exitCode = differences.length === 0 ? 0 : 1;
