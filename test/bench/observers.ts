/** What being watched costs: CPU per command on the store in memory with figures, traces and log lines, against the same unwatched. */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { printRows, quantile } from './support.ts';
import { WATCHES } from './watchedPlane.ts';

const ROUNDS = 60;
const WARM = 20;

/** One process per way of being watched, so that none warms up, or slows down, its neighbour. They work one at a time. */
const startWorld = (what: string): ChildProcess => fork(fileURLToPath(new URL('./watchedPlane.ts', import.meta.url)), [what], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });

/** CPU per command, in µs. */
const round = (world: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    world.once('exit', reject);
    world.once('message', (cost) => {
      world.off('exit', reject);
      resolve(Number(cost));
    });
    world.send('round');
  });

const worlds = Object.keys(WATCHES).map((what) => ({ what, world: startWorld(what), costs: [] as number[] }));
for (const { world } of worlds) for (let warm = 0; warm < WARM; warm += 1) await round(world);
for (let count = 0; count < ROUNDS; count += 1) for (const { world, costs } of count % 2 === 0 ? worlds : worlds.toReversed()) costs.push(await round(world));
/** Other work on the machine only ever adds: the least that a command cost says most. */
const cost = (costs: readonly number[]): number => quantile(costs, 0.1);
const unwatched = cost(worlds[0]?.costs ?? []);
printRows(
  worlds.map(({ what, costs }) => ({ what: `CPU of a command: ${what} / nothing`, figure: `${(cost(costs) / unwatched).toFixed(2)}×  (${Math.round(cost(costs))} µs)`, aim: '' })),
);
for (const { world } of worlds) world.disconnect();
