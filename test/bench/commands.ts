/** Commands through the whole engine on SQLite, one after the other and from 64 callers at once, against one fsync per append to a plain file. */
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { median, must, planeOver, printRows, withSqlite } from './support.ts';

const CALLERS = 64;
const ROUNDS = 7;
const COMMANDS = 640;

/** The least that a durable command could cost: a record of a usual size, written and flushed. */
const baseline = (): number => {
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

await withSqlite(async (store) => {
  const plane = await planeOver(store);
  const ids = await Promise.all(
    Array.from({ length: CALLERS }, async (_, index) => must(await plane.createVolume({ pool: 'vols', name: `volume ${index}`, sizeBytes: 1_073_741_824 }, { wait: 'done' })).resource.id),
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
  await rate(CALLERS);
  const [bare, one, many]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    bare.push(baseline());
    one.push(await rate(1));
    many.push(await rate(CALLERS));
  }
  const row = (what: string, rates: readonly number[]) => ({
    what,
    figure: `${median(rates.map((each, round) => each / (bare[round] ?? Number.NaN))).toFixed(2)}×  (${Math.round(median(rates))}/s against ${Math.round(median(bare))})`,
    aim: '',
  });
  printRows([row('commands from 1 caller / one fsync per append', one), row('commands from 64 callers, 64 streams / one fsync per append', many)]);
  await plane.close();
});
