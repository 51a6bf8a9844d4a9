/** Starting over a long log: into all read models, against reading and decoding alone. */
import { fork } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { openSqliteStore } from '@blockledger/app/sqlite';
import type { Benchmark, Figures } from './frame/benchmark.ts';
import { fill, must, openedSqlite, planeOver } from './support.ts';

const PER_VOLUME = 20;
const LENGTHS = [10_000, 100_000, 1_000_000] as const;

const self = fileURLToPath(import.meta.url);

/** Writes a log of so many events; the copy lies still while others read it. */
const written = async (events: number): Promise<{ readonly path: string; readonly remove: () => void }> => {
  const { store, path, remove } = await openedSqlite();
  const plane = await planeOver(store);
  await fill(store, plane.pools.get('vols')?.id ?? '', events / PER_VOLUME, PER_VOLUME);
  must(await store.backup(`${path}.copy`)());
  await plane.close();
  return { path: `${path}.copy`, remove };
};

const readAlone = async (path: string): Promise<void> => {
  const store = must(await openSqliteStore({ path }));
  for (let from = 0; ; ) {
    const page = must(await store.readAll(from, 10_000)());
    const last = page.at(-1);
    if (last === undefined) break;
    from = last.position + 1;
  }
  await store.close();
};

const replayed = async (path: string): Promise<void> => {
  const plane = await planeOver(must(await openSqliteStore({ path })), { drive: false });
  if (plane.volumes.list({ limit: 1 }).totalCount === 0) throw new Error('no volumes after the replay');
  await plane.close();
};

/** In a process of its own, so that the memory is that of this work alone. */
const alone = (what: 'read' | 'replay', path: string, events: number): Promise<Figures> => {
  copyFileSync(path, `${path}.again`);
  const child = fork(self, [what, `${path}.again`]);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the process ended with ${code}`)));
    child.once('message', (told: { readonly ms: number; readonly peakMiB: number }) => resolve({ rate: events / (told.ms / 1000), time: told.ms, 'peak memory': told.peakMiB }));
  });
};

export const benchmark: Benchmark = {
  name: 'replay',
  title: 'Starting over a long log',
  about: `Replay of a log in SQLite into all read models, lives of volumes with ${PER_VOLUME} events each, in a process of its own; and only reading and decoding it.`,
  rounds: 3,
  warmUp: 0,
  along: { name: 'events', points: LENGTHS },
  measures: [
    { name: 'rate', unit: '/s', better: 'more' },
    { name: 'time', unit: 'ms', better: 'less', plot: true },
    { name: 'peak memory', unit: 'MiB', better: 'less', plot: true },
  ],
  targets: [{ what: 'memory for replaying 1,000,000 events', measure: 'peak memory', of: 'into all read models', atMost: 1536 }],
  bounds: 'JSON.parse, and what the read models keep of each volume.',
  start: async () => {
    const logs = new Map<number, Awaited<ReturnType<typeof written>>>();
    for (const events of LENGTHS) logs.set(events, await written(events));
    const pathOf = (events: number): string => logs.get(events)?.path ?? '';
    return {
      contestants: [
        { name: 'into all read models', role: 'ours', measure: (events) => alone('replay', pathOf(events), events) },
        { name: 'reading alone', role: 'limit', measure: (events) => alone('read', pathOf(events), events) },
      ],
      stop: () => {
        for (const { remove } of logs.values()) remove();
      },
    };
  },
};

const [what, path] = process.argv.slice(2);
if (process.argv[1] === self && path !== undefined) {
  const started = performance.now();
  await (what === 'replay' ? replayed(path) : readAlone(path));
  process.send?.({ ms: performance.now() - started, peakMiB: process.resourceUsage().maxRSS / 1024 });
}
