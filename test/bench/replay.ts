/** Reading a long log and folding it into all read models; and reading the same events from a peer. */
import { fork } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { openSqliteStore } from '@blockledger/app/sqlite';
import { asPeers, EMMETT, emmettVersion, openEmmett } from './emmett.ts';
import type { Benchmark, Contestant, Figures } from './frame/benchmark.ts';
import { fill, must, openedSqlite, planeOver, volumeLife } from './support.ts';

const PER_VOLUME = 20;
const LENGTHS = [10_000, 100_000, 1_000_000] as const;
/** Writing a million events takes the peer minutes, and reading them stream by stream as well. */
const PEERS_LENGTHS = [10_000, 100_000] as const;
/** The peer's best of 100, 1,000 and 10,000. */
const PEERS_BATCH = 1_000;

const self = fileURLToPath(import.meta.url);

interface Log {
  readonly path: string;
  readonly peersPath: string;
  readonly remove: () => void;
}

const streamOf = (number: number): string => `volume-0b9d7a3e-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** The same lives for the peer, of which none is read by ours. */
const writtenByPeer = async (path: string, volumes: number, poolId: string): Promise<void> => {
  const store = await openEmmett(path);
  const lives = function* (from: number, to: number): Generator<readonly [string, ReturnType<typeof asPeers>[]]> {
    for (let number = from; number < to; number += 1) yield [streamOf(number), volumeLife(streamOf(number).slice('volume-'.length), number + 1, poolId, PER_VOLUME).map(asPeers)];
  };
  for (let from = 0; from < volumes; from += 500) await store.fill(lives(from, Math.min(volumes, from + 500)));
  store.close();
};

/** Writes a log of so many events; the copy lies still while others read it. */
const written = async (events: number): Promise<Log> => {
  const { store, path, remove } = await openedSqlite();
  const plane = await planeOver(store);
  const poolId = plane.pools.get('vols')?.id ?? '';
  await fill(store, poolId, events / PER_VOLUME, PER_VOLUME);
  must(await store.backup(`${path}.copy`)());
  await plane.close();
  const peersPath = `${path}.peer`;
  if (PEERS_LENGTHS.some((length) => length === events)) await writtenByPeer(peersPath, events / PER_VOLUME, poolId);
  return { path: `${path}.copy`, peersPath, remove };
};

/** What is done in a process of its own: it tells how many events it has read. */
const WORK: Readonly<Record<string, (path: string) => Promise<number>>> = {
  read: async (path) => {
    const store = must(await openSqliteStore({ path }));
    for (let from = 0; ; ) {
      const last = must(await store.readAll(from, 10_000)()).at(-1);
      if (last === undefined) {
        await store.close();
        return from;
      }
      from = last.position + 1;
    }
  },
  replay: async (path) => {
    const store = must(await openSqliteStore({ path }));
    const events = must(await store.head()()) + 1;
    // Only the replay: no checkpoint of it is written.
    const plane = await planeOver(store, { drive: false, limits: { checkpointEvents: 0 } });
    if (plane.volumes.list({ limit: 1 }).totalCount === 0) throw new Error('no volumes after the replay');
    await plane.close();
    return events;
  },
  batches: async (path) => {
    const store = await openEmmett(path);
    const events = await store.replay(PEERS_BATCH);
    store.close();
    return events;
  },
  streams: async (path) => {
    const store = await openEmmett(path);
    let events = 0;
    for (let number = 0; ; number += 1) {
      const stream = await store.read(streamOf(number));
      if (stream.length === 0) break;
      events += stream.length;
    }
    store.close();
    return events;
  },
};

/** In a process of its own, so that the memory is that of this work alone. */
const alone = (what: keyof typeof WORK, path: string, events: number): Promise<Figures> => {
  copyFileSync(path, `${path}.again`);
  const child = fork(self, [what, `${path}.again`]);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the process ended with ${code}`)));
    child.once('message', (told: { readonly ms: number; readonly peakMiB: number; readonly count: number }) => {
      if (told.count < events) reject(new Error(`${told.count} of ${events} events were read`));
      else resolve({ rate: told.count / (told.ms / 1000), time: told.ms, 'peak memory': told.peakMiB });
    });
  });
};

const IN_BATCHES = `${EMMETT}, in batches`;
const BY_STREAM = `${EMMETT}, stream by stream`;

/** By V8's profile of six readings of 100,000 events. */
const WHY = 'of what a read takes, JSON.parse and its garbage are three quarters, and the peer parses as much; rows out of SQLite are a sixth, the check of the checksum a twentieth';

export const benchmark: Benchmark = {
  name: 'replay',
  title: 'Reading a long log',
  about:
    `A log of lives of volumes with ${PER_VOLUME} events each, so that there are as many more volumes as the log is longer, in a process of its own for each time: read alone, which checks and parses every event, and folded into all read models. ` +
    `The peer reads events of the same lives, in batches of ${PEERS_BATCH} by position (its consumer's own read, without the pauses and the record of each event that its consumer adds), and stream by stream. Peak memory is that of the whole process, Node and its modules included.`,
  rounds: 3,
  warmUp: 0,
  along: { name: 'events', points: LENGTHS },
  measures: [
    { name: 'rate', unit: '/s', better: 'more', plot: true },
    { name: 'time', unit: 'ms', better: 'less', plot: true },
    { name: 'peak memory', unit: 'MiB', better: 'less', plot: true },
  ],
  targets: [
    { what: 'reading 100,000 events against emmett-sqlite in batches', measure: 'rate', of: 'reading alone', against: IN_BATCHES, at: 100_000, atLeast: 5, why: WHY },
    { what: 'reading 100,000 events against emmett-sqlite stream by stream', measure: 'rate', of: 'reading alone', against: BY_STREAM, at: 100_000, atLeast: 5, why: WHY },
    { what: 'memory for replaying 1,000,000 events of 50,000 volumes', measure: 'peak memory', of: 'into all read models', atMost: 1536 },
  ],
  bounds: 'JSON.parse, and what the read models keep of each volume.',
  start: async () => {
    const logs = new Map<number, Log>();
    for (const events of LENGTHS) logs.set(events, await written(events));
    const contestant = (name: string, role: Contestant['role'], what: keyof typeof WORK): Contestant => ({
      name,
      role,
      ...(role === 'peer' ? { points: PEERS_LENGTHS, version: emmettVersion() } : {}),
      measure: (events) => alone(what, (role === 'peer' ? logs.get(events)?.peersPath : logs.get(events)?.path) ?? '', events),
    });
    return {
      contestants: [contestant('reading alone', 'ours', 'read'), contestant('into all read models', 'ours', 'replay'), contestant(IN_BATCHES, 'peer', 'batches'), contestant(BY_STREAM, 'peer', 'streams')],
      stop: () => {
        for (const { remove } of logs.values()) remove();
      },
    };
  },
};

const [what = '', path] = process.argv.slice(2);
const work = WORK[what];
if (process.argv[1] === self && path !== undefined && work !== undefined) {
  const started = performance.now();
  const count = await work(path);
  process.send?.({ count, ms: performance.now() - started, peakMiB: process.resourceUsage().maxRSS / 1024 });
}
