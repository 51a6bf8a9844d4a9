/** How long starting a program holds up everything else in a process that has much memory in buffers: from that process, and from the helper. */
import { execFileSync } from 'node:child_process';
import { repositoryRoot } from '../support/files.ts';
import type { Benchmark, Contestant } from './frame/benchmark.ts';

const PROGRAMS = 40;

/** Milliseconds for each program in which the process could do nothing else: its start, and hearing its end. */
const blockedMs = (runner: 'processRunner' | 'helperRunner', megabytes: number): number => {
  const program = `
    import { performance } from 'node:perf_hooks';
    import { ${runner} } from '@blockledger/adapters-rbd/process';
    // Filled, or the kernel would not have given the pages yet.
    globalThis.held = Array.from({ length: ${megabytes} / 4 }, () => Buffer.alloc(4 * 2 ** 20, 1));
    const run = ${runner}();
    const once = () => run({ argv: ['true'], idleTimeoutMs: 60_000, signal: new AbortController().signal })();
    for (let at = 0; at < 5; at += 1) await once();
    const before = performance.eventLoopUtilization();
    for (let at = 0; at < ${PROGRAMS}; at += 1) await once();
    console.log(performance.eventLoopUtilization(before).active / ${PROGRAMS});`;
  return Number(execFileSync(process.execPath, ['--conditions=@blockledger/source', '--import', 'tsx', '--input-type=module', '-e', program], { cwd: repositoryRoot, encoding: 'utf8' }));
};

const contestant = (name: string, role: Contestant['role'], runner: Parameters<typeof blockedMs>[0]): Contestant => ({
  name,
  role,
  measure: (megabytes) => ({ blocked: blockedMs(runner, megabytes) }),
});

export const benchmark: Benchmark = {
  name: 'spawning',
  title: 'Starting programs',
  about:
    'A process that holds so much in buffers runs `true`, one time after the other. Counted is the time for each program in which nothing else could run in that process, by its event loop: starting the program, and hearing its end.',
  rounds: 7,
  warmUp: 0,
  along: { name: 'megabytes in buffers', points: [0, 460] },
  measures: [{ name: 'blocked', unit: 'ms', better: 'less' }],
  targets: [{ what: 'a program started with 460 MB in buffers', measure: 'blocked', of: 'by the helper', against: 'by the process itself', atMost: 0.5 }],
  bounds: 'By the process itself: `fork`, which copies the tables of all pages that the process holds. By the helper: two messages for each program, and looking for it on the PATH.',
  start: () => ({ contestants: [contestant('by the helper', 'ours', 'helperRunner'), contestant('by the process itself', 'peer', 'processRunner')] }),
};
