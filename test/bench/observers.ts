/** What being watched costs: CPU per command on the store in memory with figures, traces and log lines, against the same unwatched. */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Benchmark } from './frame/benchmark.ts';
import { WATCHES } from './watchedPlane.ts';

const WARM = 20;

/** One process per way of being watched, so that none warms up, or slows down, its neighbour. They work one at a time. */
const startWorld = (what: string): ChildProcess => fork(fileURLToPath(new URL('./watchedPlane.ts', import.meta.url)), [what], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });

/** CPU per command, in µs. */
const roundOf = (world: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    world.once('exit', reject);
    world.once('message', (cost) => {
      world.off('exit', reject);
      resolve(Number(cost));
    });
    world.send('round');
  });

export const benchmark: Benchmark = {
  name: 'observers',
  title: 'What being watched costs',
  about: 'CPU time of a command on the store in memory from 16 callers, with figures for Prometheus, spans for OpenTelemetry and log lines, each way in a process of its own.',
  rounds: 25,
  measures: [{ name: 'CPU time', unit: 'µs', better: 'less' }],
  targets: [{ what: 'all that `serve` has where no OpenTelemetry SDK is registered', measure: 'CPU time', of: 'all as served (no SDK)', against: 'nothing', atMost: 1.15, why: 'nearly all of it are the figures of prom-client and the log lines: see the rows of each alone' }],
  bounds: 'With an SDK registered, what Node takes for following every promise.',
  start: async () => {
    const worlds = Object.keys(WATCHES).map((name) => ({ name, world: startWorld(name) }));
    for (const { world } of worlds) for (let warm = 0; warm < WARM; warm += 1) await roundOf(world);
    return {
      contestants: worlds.map(({ name, world }) => ({ name, role: name === 'nothing' ? 'limit' : 'ours', measure: async () => ({ 'CPU time': await roundOf(world) }) })),
      stop: () => {
        for (const { world } of worlds) world.disconnect();
      },
    };
  },
};
