/** Starting over a log of 1,000,000 events: into all read models, and its peak memory. */
import { copyFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { openSqliteStore } from '@blockledger/app/sqlite';
import { fill, must, planeOver, printRows, withSqlite } from './support.ts';

/** `BLOCKLEDGER_BENCH_VOLUMES=5000` replays a tenth. */
const VOLUMES = Number(process.env['BLOCKLEDGER_BENCH_VOLUMES'] ?? 50_000);
const PER_VOLUME = 20;
const EVENTS = VOLUMES * PER_VOLUME;

await withSqlite(async (store, path) => {
  const plane = await planeOver(store);
  const poolId = plane.pools.get('vols')?.id ?? '';
  await fill(store, poolId, VOLUMES, PER_VOLUME);
  console.log(`${EVENTS} events written in ${Math.round(performance.now() / 1000)} s`);
  must(await store.backup(`${path}.copy`)());
  await plane.close();
  copyFileSync(`${path}.copy`, `${path}.again`);
  const again = must(await openSqliteStore({ path: `${path}.again` }));
  // Reading and decoding JSON alone is what no replay from this file can beat.
  const readStarted = performance.now();
  for (let from = 0; ; ) {
    const page = must(await again.readAll(from, 10_000)());
    const last = page.at(-1);
    if (last === undefined) break;
    from = last.position + 1;
  }
  const readMs = performance.now() - readStarted;
  const started = performance.now();
  const replayed = await planeOver(again, { drive: false });
  const replayMs = performance.now() - started;
  const volumes = replayed.volumes.list({ limit: 1 }).totalCount;
  if (volumes !== VOLUMES) throw new Error(`${volumes} volumes after the replay, ${VOLUMES} were written`);
  printRows([
    { what: 'replay into all read models / reading alone', figure: `${(replayMs / readMs).toFixed(2)}×  (${Math.round(EVENTS / (replayMs / 1000))} events/s against ${Math.round(EVENTS / (readMs / 1000))})`, aim: '' },
    { what: 'peak memory of the process that wrote, read and replayed', figure: `${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`, aim: 'below 1 536 MiB' },
  ]);
  await replayed.close();
});
