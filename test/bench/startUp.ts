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
import { defaultLimits } from '@blockledger/app';
import { openSqliteStore, type SqliteStore } from '@blockledger/app/sqlite';
import type { NewEvent } from '@blockledger/domain';
import type { Benchmark, Contestant, Figures } from './frame/benchmark.ts';
import { eventOf, must, openedSqlite, planeOver, volumeLife } from './support.ts';

const VOLUMES = 500;
const LENGTHS = [10_000, 100_000, 1_000_000] as const;
const [SHORTEST] = LENGTHS;
/** Events behind the checkpoint: half of what there are at most, since the next is written after 10,000. */
const TAIL = 5_000;
/** Finished tasks that are kept: so few that the shortest log has as many, and so many as there are unless told otherwise. */
const [FEW, MANY] = [3_000, defaultLimits.finishedTasks];
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
  /** With a checkpoint of a plane that keeps few finished tasks. */
  readonly few: string;
  /** With one of a plane that keeps many. */
  readonly many: string;
  /** The same log without. */
  readonly bare: string;
  readonly remove: () => void;
}

/** A plane writes a checkpoint of so long a log by itself; it is there when its manifest is. Then some events follow. */
const checkpointed = async (path: string, finishedTasks: number, volumes: readonly string[], has: number): Promise<void> => {
  const store = must(await openSqliteStore({ path }));
  const plane = await planeOver({ ...store, close: () => Promise.resolve() }, { drive: false, limits: { finishedTasks } });
  while (must(await store.loadState('checkpoint-a', 1)()) === undefined) await sleep(20);
  await plane.close();
  await lengthen(store, volumes, has, TAIL / VOLUMES);
  await store.close();
};

const written = async (events: number): Promise<Log> => {
  const { store, path: few, remove } = await openedSqlite();
  const first = await planeOver({ ...store, close: () => Promise.resolve() }, { limits: { checkpointEvents: 0 } });
  const poolId = first.pools.get('vols')?.id ?? '';
  await first.close();
  const volumes = Array.from({ length: VOLUMES }, () => randomUUID());
  for (const [at, volumeId] of volumes.entries()) must(await store.append(`volume-${volumeId}`, 'none', volumeLife(volumeId, at + 1, poolId, 3))());
  const each = events / VOLUMES;
  await lengthen(store, volumes, 3, each - 3);
  await store.close();
  const [many, bare] = [`${few}.many`, `${few}.bare`];
  copyFileSync(few, many);
  await checkpointed(few, FEW, volumes, each);
  await checkpointed(many, MANY, volumes, each);
  copyFileSync(few, bare);
  const without = new Database(bare);
  without.exec("DELETE FROM states WHERE stream LIKE 'checkpoint-%'");
  without.close();
  return { few, many, bare, remove };
};

interface Told {
  readonly ms: number;
  readonly cpuMs: number;
  readonly peakMiB: number;
  readonly heapMiB: number;
}

/** A start in a process of its own. */
const alone = (path: string, finishedTasks: number): Promise<Told> =>
  new Promise((resolve, reject) => {
    const child = fork(self, [path, String(finishedTasks)]);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the process ended with ${code}`)));
    child.once('message', (told: Told) => {
      child.removeAllListeners('exit').once('exit', () => resolve(told));
    });
  });

const figuresOf = (events: number, { ms, cpuMs, peakMiB, heapMiB }: Told): Figures => ({
  'time': ms,
  'CPU time': cpuMs,
  'rate': (events + TAIL) / (ms / 1000),
  'peak memory': peakMiB,
  'heap that stays': heapMiB,
});

type PathOf = (events: number) => string;

/** Beside each start there is one over the shortest log, so that both meet the same moment of the machine. */
const compared = (name: string, finishedTasks: number, pathOf: PathOf): Contestant => ({
  name,
  role: 'ours',
  measure: async (events) => {
    const shortest = await alone(pathOf(SHORTEST), finishedTasks);
    const told = events === SHORTEST ? shortest : await alone(pathOf(events), finishedTasks);
    return { ...figuresOf(events, told), 'CPU time against the shortest log': told.cpuMs / shortest.cpuMs };
  },
});

const CHECKPOINT = 'from a checkpoint';
const WITH_MANY = `from a checkpoint with up to ${MANY} tasks`;
const WHOLE = 'by the whole log';

export const benchmark: Benchmark = {
  name: 'startUp',
  title: 'Starting over a long log',
  about:
    `Logs of SQLite that tell of changes of ${VOLUMES} volumes, however long they are, from opening the file until everything can be asked for, in a process of its own for each time. ` +
    `By the whole log, every event is read and folded into all read models. From a checkpoint, it is taken in and the ${TAIL} events behind it are folded: half of what there are at most. ` +
    `Every third event ends a task: of finished tasks ${FEW} are kept (\`finishedTasks\`), as many as the shortest log has; or up to ${MANY}, which is so unless told otherwise. ` +
    'CPU time is that of the start without the loading of modules; the rate counts all events of the log. ' +
    'Memory is that of the whole process, Node and its modules included; the heap that stays is looked at after all garbage is collected.',
  rounds: 2,
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
    {
      what: `the same where up to ${MANY} finished tasks are kept`,
      measure: 'CPU time against the shortest log',
      of: WITH_MANY,
      atMost: 1.5,
      why: 'it grows with the finished tasks until there are as many as are kept: about 3,300 after 10,000 such events, 33,000 after 100,000, and all that are kept after 600,000',
    },
    { what: 'memory for replaying 1,000,000 events of 500 volumes', measure: 'peak memory', of: WHOLE, atMost: 512 },
  ],
  bounds: 'From a checkpoint what it holds, which is bounded by what there is and not by the log; by the whole log JSON.parse and the folding.',
  start: async () => {
    const logs = new Map<number, Log>();
    for (const events of LENGTHS) logs.set(events, await written(events));
    return {
      contestants: [
        compared(CHECKPOINT, FEW, (events) => logs.get(events)?.few ?? ''),
        compared(WITH_MANY, MANY, (events) => logs.get(events)?.many ?? ''),
        { name: WHOLE, role: 'limit', measure: async (events) => figuresOf(events, await alone(logs.get(events)?.bare ?? '', FEW)) },
      ],
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

const [path, finishedTasks] = process.argv.slice(2);
if (process.argv[1] === self && path !== undefined) {
  const [started, before] = [performance.now(), process.cpuUsage()];
  const plane = await planeOver(must(await openSqliteStore({ path })), { drive: false, limits: { checkpointEvents: 0, finishedTasks: Number(finishedTasks) } });
  if (plane.volumes.list({ limit: 1 }).totalCount !== VOLUMES) throw new Error('volumes are missing after the start');
  const ms = performance.now() - started;
  const { user, system } = process.cpuUsage(before);
  const told: Told = { ms, cpuMs: (user + system) / 1_000, peakMiB: process.resourceUsage().maxRSS / 1024, heapMiB: heapMiB() };
  await plane.close();
  process.send?.(told, () => process.disconnect());
}
