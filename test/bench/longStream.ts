/** The 10,001st command on one volume against its 10th, on SQLite. */
import { performance } from 'node:perf_hooks';
import { must, median, planeOver, printRows, withSqlite } from './support.ts';

const COMMANDS = 10_001;
const SAMPLE = 200;

await withSqlite(async (store) => {
  const plane = await planeOver(store);
  const { resource } = must(await plane.createVolume({ pool: 'vols', name: 'busy', sizeBytes: 1_073_741_824 }, { wait: 'done' }));
  const rename = async (round: number): Promise<number> => {
    const started = performance.now();
    must(await plane.updateVolume(resource.id, { description: `round ${round}` }));
    return performance.now() - started;
  };
  const times: number[] = [];
  for (let round = 1; round <= COMMANDS; round += 1) times.push(await rename(round));
  const early = median(times.slice(10, 10 + SAMPLE));
  const late = median(times.slice(-SAMPLE));
  printRows([{ what: `command ${COMMANDS} / command 10 on one volume (medians of ${SAMPLE})`, figure: `${(late / early).toFixed(2)}×  (${late.toFixed(2)} ms against ${early.toFixed(2)})`, aim: 'at most 2×' }]);
  await plane.close();
});
