/** How long starting a program holds up everything else, with hundreds of megabytes in buffers: from this process, and from the helper. */
import { performance } from 'node:perf_hooks';
import { processRunner } from '@blockledger/adapters-rbd';
import { helperRunner } from '@blockledger/adapters-rbd/process';
import type { ProcessRunner } from '@blockledger/domain';
import { median, must, printRows, type Row } from './support.ts';

const MIB = 2 ** 20;
const ROUNDS = 5;
const PER_ROUND = 20;

const runners = { 'from this process': processRunner(), 'from the helper': helperRunner() };

/** Milliseconds in which nothing else could run, for each program: its start, and hearing its end. */
const blockedMs = async (run: ProcessRunner): Promise<number> => {
  const before = performance.eventLoopUtilization();
  for (let at = 0; at < PER_ROUND; at += 1) must(await run({ argv: ['true'], idleTimeoutMs: 30_000, signal: new AbortController().signal })());
  return performance.eventLoopUtilization(before).active / PER_ROUND;
};

const rows: Row[] = [];
const held: Buffer[] = [];
for (const megabytes of [0, 460]) {
  // Filled, or the kernel would not have given the pages yet. In pieces of a size that is mapped by ordinary pages.
  while (held.length * 4 < megabytes) held.push(Buffer.alloc(4 * MIB, 1));
  for (const run of Object.values(runners)) await blockedMs(run);
  const here: number[] = [];
  const there: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    here.push(await blockedMs(runners['from this process']));
    there.push(await blockedMs(runners['from the helper']));
  }
  const ratio = median(here.map((ms, at) => ms / (there[at] ?? Number.NaN)));
  rows.push({
    what: `blocked for each program, ${megabytes} MB in buffers`,
    figure: `${median(here).toFixed(2)} ms from here, ${median(there).toFixed(2)} ms by the helper: ${ratio.toFixed(1)}×`,
    aim: megabytes === 0 ? 'no worse' : 'does not grow with the buffers',
  });
}
printRows(rows);
