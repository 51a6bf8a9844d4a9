/** Commands through the whole engine on SQLite, one after the other and from 64 callers at once, against one fsync per append to a plain file. */
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Benchmark } from './frame/benchmark.ts';
import { must, openedSqlite, planeOver } from './support.ts';

const COMMANDS = 640;

/** The least that a durable command could cost: a record of a usual size, written and flushed. */
const plainFile = (): number => {
  const folder = mkdtempSync(join(tmpdir(), 'blockledger-bench-'));
  const file = openSync(join(folder, 'log'), 'a');
  const record = Buffer.alloc(400, 'x');
  const started = performance.now();
  for (let count = 0; count < COMMANDS; count += 1) {
    writeSync(file, record);
    fdatasyncSync(file);
  }
  const ms = performance.now() - started;
  closeSync(file);
  rmSync(folder, { recursive: true });
  return COMMANDS / (ms / 1000);
};

export const benchmark: Benchmark = {
  name: 'commands',
  title: 'Commands through the whole engine',
  about: `${COMMANDS} changes of a volume's description, each durable in SQLite before it is answered, from callers that each have a volume of their own.`,
  rounds: 7,
  along: { name: 'callers', points: [1, 8, 64] },
  measures: [{ name: 'rate', unit: '/s', better: 'more', plot: true }],
  bounds: 'From one caller the flush of the disk, from many the JavaScript of a command: the store groups their flushes.',
  start: async () => {
    const { store, remove } = await openedSqlite();
    const plane = await planeOver(store);
    const ids = await Promise.all(
      Array.from({ length: 64 }, async (_, index) => must(await plane.createVolume({ pool: 'vols', name: `volume ${index}`, sizeBytes: 1_073_741_824 }, { wait: 'done' })).resource.id),
    );
    let told = 0;
    const describe = async (id: string): Promise<void> => void must(await plane.updateVolume(id, { description: `text ${(told += 1)}` }));
    const rate = async (callers: number): Promise<number> => {
      const started = performance.now();
      await Promise.all(
        ids.slice(0, callers).map(async (id) => {
          for (let count = 0; count < COMMANDS / callers; count += 1) await describe(id);
        }),
      );
      return COMMANDS / ((performance.now() - started) / 1000);
    };
    return {
      contestants: [
        { name: 'Blockledger', role: 'ours', measure: async (callers) => ({ rate: await rate(callers) }) },
        { name: 'one flush for each, to a plain file', role: 'limit', measure: () => ({ rate: plainFile() }) },
      ],
      stop: async () => {
        await plane.close();
        remove();
      },
    };
  },
};
