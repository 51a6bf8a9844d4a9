/** The 10,001st command on one volume against its 10th, on SQLite. */
import { performance } from 'node:perf_hooks';
import type { Benchmark } from './frame/benchmark.ts';
import { median } from './frame/figures.ts';
import { must, openedSqlite, planeOver } from './support.ts';

const COMMANDS = 10_000;
const SAMPLE = 200;

export const benchmark: Benchmark = {
  name: 'longStream',
  title: 'The 10,001st command on one volume',
  about: `${SAMPLE} changes of a volume that was just made, and of one that was changed ${COMMANDS} times before, each durable in SQLite.`,
  rounds: 7,
  measures: [{ name: 'a command', unit: 'ms', better: 'less' }],
  targets: [{ what: 'a long history costs nothing', measure: 'a command', of: 'long history', against: 'short history', atMost: 2 }],
  bounds: 'The flush of the disk: a stream is folded once and its state kept.',
  start: async () => {
    const { store, remove } = await openedSqlite();
    const plane = await planeOver(store);
    const made = async (name: string): Promise<string> => must(await plane.createVolume({ pool: 'vols', name, sizeBytes: 1_073_741_824 }, { wait: 'done' })).resource.id;
    let told = 0;
    const change = async (id: string): Promise<number> => {
      const started = performance.now();
      must(await plane.updateVolume(id, { description: `round ${(told += 1)}` }));
      return performance.now() - started;
    };
    const old = await made('old');
    for (let count = 0; count < COMMANDS; count += 1) await change(old);
    const sample = async (id: string): Promise<number> => {
      const times: number[] = [];
      for (let count = 0; count < SAMPLE; count += 1) times.push(await change(id));
      return median(times);
    };
    return {
      contestants: [
        { name: 'long history', role: 'ours', measure: async () => ({ 'a command': await sample(old) }) },
        { name: 'short history', role: 'limit', measure: async (_, round) => ({ 'a command': await sample(await made(`young ${round}`)) }) },
      ],
      stop: async () => {
        await plane.close();
        remove();
      },
    };
  },
};
