/** Starting over logs of more and more events about as many volumes: from a checkpoint of the read models, and by replaying the whole log. */
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { copyFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import Database from 'libsql';
import { openSqliteStore, type SqliteStore } from '@blockledger/app/sqlite';
import type { NewEvent } from '@blockledger/domain';
import type { Benchmark, Contestant, Figures } from './frame/benchmark.ts';
import { eventOf, must, openedSqlite, planeOver, volumeLife } from './support.ts';

const VOLUMES = 500;
const LENGTHS = [10_000, 100_000, 1_000_000] as const;
const [SHORTEST] = LENGTHS;
/** Events behind the checkpoint: half of what there are at most, since the next is written after 10,000. */
const TAIL = 5_000;
/** Events of a volume in one append. */
const TOGETHER = 200;

const self = fileURLToPath(import.meta.url);

/** As the engine stores one change of a volume's description. */
const change = (at: number): readonly NewEvent[] => {
  const told = { operationId: randomUUID(), at };
  return [
    eventOf(told.operationId, { type: 'VolumeUpdateRequested', ...told, changes: { description: `changed at ${at}` } }),
    eventOf(told.operationId, { type: 'VolumeUpdateReserved', ...told }),
    eventOf(told.operationId, { type: 'VolumeUpdated', ...told }),
  ];
};

/** So many events about every volume, whose streams have `has` already. */
const lengthen = async (store: SqliteStore, volumes: readonly string[], has: number, more: number): Promise<void> => {
  for (let done = 0; done < more; done += TOGETHER) {
    const count = Math.min(TOGETHER, more - done);
    const appends = volumes.map((volumeId) => {
      const events = Array.from({ length: Math.ceil(count / 3) }, (_, n) => change(1_800_000_000_000 + has + done + n)).flat().slice(0, count);
      return store.append(`volume-${volumeId}`, has + done - 1, events)();
    });
    for (const appended of await Promise.all(appends)) must(appended);
  }
};

interface Log {
  /** With a checkpoint that lies some events back. */
  readonly path: string;
  /** The same log without. */
  readonly bare: string;
  readonly remove: () => void;
}

/** A plane writes a checkpoint of so long a log by itself; it is there when its manifest is. */
const checkpointed = async (store: SqliteStore): Promise<void> => {
  const plane = await planeOver({ ...store, close: () => Promise.resolve() }, { drive: false });
  while (must(await store.loadState('checkpoint-a', 1)()) === undefined) await sleep(20);
  await plane.close();
};

const written = async (events: number): Promise<Log> => {
  const { store, path, remove } = await openedSqlite();
  const first = await planeOver({ ...store, close: () => Promise.resolve() }, { limits: { checkpointEvents: 0 } });
  const poolId = first.pools.get('vols')?.id ?? '';
  await first.close();
  const volumes = Array.from({ length: VOLUMES }, () => randomUUID());
  for (const [at, volumeId] of volumes.entries()) must(await store.append(`volume-${volumeId}`, 'none', volumeLife(volumeId, at + 1, poolId, 3))());
  const each = events / VOLUMES;
  await lengthen(store, volumes, 3, each - 3);
  await checkpointed(store);
  await lengthen(store, volumes, each, TAIL / VOLUMES);
  await store.close();
  const bare = `${path}.bare`;
  copyFileSync(path, bare);
  const without = new Database(bare);
  without.exec("DELETE FROM states WHERE stream LIKE 'checkpoint-%'");
  without.close();
  return { path, bare, remove };
};

interface Told {
  readonly ms: number;
  readonly cpuMs: number;
  readonly peakMiB: number;
  readonly heapMiB: number;
}

/** A start in a process of its own. */
const alone = (path: string): Promise<Told> =>
  new Promise((resolve, reject) => {
    const child = fork(self, [path]);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the process ended with ${code}`)));
    child.once('message', (told: Told) => {
      child.removeAllListeners('exit').once('exit', () => resolve(told));
    });
  });

/** Beside each, a start over the shortest log, so that both meet the same moment of the machine. */
const contestant = (name: string, role: Contestant['role'], pathOf: (events: number) => string): Contestant => ({
  name,
  role,
  measure: async (events): Promise<Figures> => {
    const shortest = await alone(pathOf(SHORTEST));
    const { ms, cpuMs, peakMiB, heapMiB } = events === SHORTEST ? shortest : await alone(pathOf(events));
    return { 'time': ms, 'CPU time': cpuMs, 'CPU time against the shortest log': cpuMs / shortest.cpuMs, 'rate': (events + TAIL) / (ms / 1000), 'peak memory': peakMiB, 'heap that stays': heapMiB };
  },
});

const CHECKPOINT = 'from a checkpoint';
const WHOLE = 'by the whole log';

export const benchmark: Benchmark = {
  name: 'startUp',
  title: 'Starting over a long log',
  about:
    `Logs of SQLite that tell of changes of ${VOLUMES} volumes, however long they are, from opening the file until everything can be asked for, in a process of its own for each time. ` +
    `By the whole log, every event is read and folded into all read models. From a checkpoint, it is taken in and the ${TAIL} events behind it are folded: half of what there are at most. CPU time is that of the start without the loading of modules. The rate counts all events of the log. ` +
    'Memory is that of the whole process, Node and its modules included; the heap that stays is looked at after all garbage is collected.',
  rounds: 3,
  warmUp: 0,
  along: { name: 'events', points: LENGTHS },
  measures: [
    { name: 'time', unit: 'ms', better: 'less', plot: true },
    { name: 'CPU time', unit: 'ms', better: 'less', plot: true },
    { name: 'CPU time against the shortest log', unit: 'times', better: 'less' },
    { name: 'rate', unit: '/s', better: 'more' },
    { name: 'peak memory', unit: 'MiB', better: 'less', plot: true },
    { name: 'heap that stays', unit: 'MiB', better: 'less', plot: true },
  ],
  targets: [
    { what: 'a start from a checkpoint over 1,000,000 events, against one over 10,000', measure: 'CPU time against the shortest log', of: CHECKPOINT, atMost: 1.5 },
    { what: 'memory for replaying 1,000,000 events of 500 volumes', measure: 'peak memory', of: WHOLE, atMost: 512 },
  ],
  bounds: 'From a checkpoint what it holds, which is bounded by what there is and not by the log; by the whole log JSON.parse and the folding.',
  start: async () => {
    const logs = new Map<number, Log>();
    for (const events of LENGTHS) logs.set(events, await written(events));
    return {
      contestants: [contestant(CHECKPOINT, 'ours', (events) => logs.get(events)?.path ?? ''), contestant(WHOLE, 'limit', (events) => logs.get(events)?.bare ?? '')],
      stop: () => {
        for (const { remove } of logs.values()) remove();
      },
    };
  },
};

/** What is left when all garbage is collected. */
const heapMiB = (): number => {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed / 2 ** 20;
};

const [path] = process.argv.slice(2);
if (process.argv[1] === self && path !== undefined) {
  const [started, before] = [performance.now(), process.cpuUsage()];
  const plane = await planeOver(must(await openSqliteStore({ path })), { drive: false, limits: { checkpointEvents: 0 } });
  if (plane.volumes.list({ limit: 1 }).totalCount !== VOLUMES) throw new Error('volumes are missing after the start');
  const ms = performance.now() - started;
  const { user, system } = process.cpuUsage(before);
  const told: Told = { ms, cpuMs: (user + system) / 1_000, peakMiB: process.resourceUsage().maxRSS / 1024, heapMiB: heapMiB() };
  await plane.close();
  process.send?.(told, () => process.disconnect());
}
