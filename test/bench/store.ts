/** How fast the SQLite store appends, and serves commands that need a stream's state, each append acknowledged after its flush: against a peer, and against one flush per event to a plain file. */
import { randomUUID } from 'node:crypto';
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import type { CommandId, EventStore, NewEvent, TimestampMs } from '@blockledger/domain';
import { openedStore, temporaryFolder } from '../support/sqlite.ts';
import { asPeers, EMMETT, emmettVersion, openEmmett, type Emmett } from './emmett.ts';
import type { Benchmark, Contestant } from './frame/benchmark.ts';
import { must } from './support.ts';

const ROUND_MS = 700;
const CALLERS = [1, 8, 64, 1_000] as const;
/** For commands: each caller has its share of them. */
const STREAMS = 2_000;
const EVENTS_OF_STREAM = 20;

/** An event of usual size: about 480 bytes as stored. */
const event = (n: number): NewEvent => ({
  eventId: randomUUID(),
  type: 'VolumeResized',
  schemaVersion: 1,
  data: { operationId: '0b9d7a3e-0000-4000-8000-000000000001', sizeBytes: 1_073_741_824 + n, previousBytes: 1_073_741_824, pool: 'ssd-01' },
  meta: {
    commandId: '0b9d7a3e-0000-4000-8000-000000000001' as CommandId,
    issuedBy: 'token:ci',
    tenant: 'default',
    correlationId: '0b9d7a3e-0000-4000-8000-000000000001',
    at: 1_700_000_000_000 as TimestampMs,
  },
});

/** A store as the work below sees it. `has` is how many events a stream has. */
interface Store {
  readonly append: (stream: string, has: number, events: readonly NewEvent[]) => Promise<void>;
  readonly read: (stream: string) => Promise<readonly unknown[]>;
}

/** What a command decides by: how many events there are, and the size that they lead to. */
interface State {
  readonly has: number;
  readonly sizeBytes: number;
}

const folded = (events: readonly unknown[]): State => {
  let sizeBytes = 0;
  for (const { data } of events as readonly { readonly data: { readonly sizeBytes: number } }[]) ({ sizeBytes } = data);
  return { has: events.length, sizeBytes };
};

/** What so many callers do for a while, again and again; times per second. */
const rateOf = async (callers: number, work: (caller: number, time: number) => Promise<void>): Promise<number> => {
  const startedAt = performance.now();
  let done = 0;
  const call = async (caller: number): Promise<void> => {
    for (let time = 0; performance.now() - startedAt < ROUND_MS; time += 1) {
      await work(caller, time);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, caller) => call(caller)));
  return (done / (performance.now() - startedAt)) * 1000;
};

/** Each caller appends to a stream of its own. */
const appendRate = ({ append }: Store, callers: number): Promise<number> => {
  const streams = Array.from({ length: callers }, () => `volume-${randomUUID()}`);
  return rateOf(callers, (caller, time) => append(streams[caller] ?? '', time, [event(time)]));
};

/** Where a command finds the state of a stream, and what is told of the new one. */
interface States {
  readonly of: (stream: string) => State | Promise<State>;
  readonly keep: (stream: string, state: State) => void;
}

/** Each caller takes its streams in turns: their state, then one event at the revision of that state. */
const commandRate = ({ append }: Store, names: readonly string[], { of, keep }: States, callers: number): Promise<number> => {
  const each = Math.floor(names.length / callers);
  return rateOf(callers, async (caller, time) => {
    const stream = names[caller + callers * (time % each)] ?? '';
    const { has, sizeBytes } = await of(stream);
    if (sizeBytes === 0) throw new Error(`${stream} is empty`);
    await append(stream, has, [event(time)]);
    keep(stream, { has: has + 1, sizeBytes: 1_073_741_824 + time });
  });
};

/** Each event is written to the end of a plain file and flushed by a call of its own. */
const flushRate = (path: string): number => {
  const file = openSync(path, 'a');
  const startedAt = performance.now();
  let done = 0;
  for (; performance.now() - startedAt < ROUND_MS; done += 1) {
    writeSync(file, `${JSON.stringify(event(done))}\n`);
    fdatasyncSync(file);
  }
  closeSync(file);
  return (done / (performance.now() - startedAt)) * 1000;
};

/** Or its acknowledgement would not mean committed: another connection sees each event as soon as it is acknowledged. */
const checkCommitted = async ({ append }: Store, path: string): Promise<void> => {
  const other = new Database(path, { readonly: true });
  const find = other.prepare('SELECT count(*) AS found FROM emt_messages WHERE stream_id = ?');
  await Promise.all(
    Array.from({ length: 64 }, async () => {
      const stream = `volume-${randomUUID()}`;
      await append(stream, 0, [event(0)]);
      if ((find.get(stream) as { readonly found: number }).found !== 1) throw new Error('the peer acknowledged what is not committed');
    }),
  );
  other.close();
};

const oursOn = (store: EventStore): Store => ({
  append: async (stream, has, events) => void must(await store.append(stream, has === 0 ? 'none' : has - 1, events)()),
  read: async (stream) => must(await store.readStream(stream, 0)()),
});
const peersOn = ({ append, read }: Emmett): Store => ({ append: (stream, has, events) => append(stream, has, events.map(asPeers)), read });

const newNames = (): readonly string[] => Array.from({ length: STREAMS }, () => `volume-${randomUUID()}`);
const lifeOf = (stream: string): readonly [string, readonly NewEvent[]] => [stream, Array.from({ length: EVENTS_OF_STREAM }, (_, n) => event(n))];

const OURS = 'Blockledger on SQLite';
const READING = 'Blockledger, every stream read anew';

/** Nothing is kept. */
const readingOf = ({ read }: Store): States => ({ of: async (stream) => folded(await read(stream)), keep: () => undefined });

/** Both of ours over one file. */
const ours = async (store: EventStore): Promise<readonly Contestant[]> => {
  const own = oursOn(store);
  const filled = async (): Promise<readonly string[]> => {
    const names = newNames();
    await Promise.all(names.map(lifeOf).map(([stream, events]) => own.append(stream, 0, events)));
    return names;
  };
  const [names, others] = [await filled(), await filled()];
  // As the engine keeps the folded states of all resources.
  const states = new Map<string, State>();
  const reading = readingOf(own);
  const kept: States = { of: (stream) => states.get(stream) ?? reading.of(stream), keep: (stream, state) => void states.set(stream, state) };
  for (const stream of names) kept.keep(stream, await reading.of(stream));
  return [
    { name: OURS, role: 'ours', measure: async (callers) => ({ appends: await appendRate(own, callers), commands: await commandRate(own, names, kept, callers) }) },
    { name: READING, role: 'ours', measure: async (callers) => ({ commands: await commandRate(own, others, reading, callers) }) },
  ];
};

const peers = async (store: Emmett, path: string): Promise<Contestant> => {
  const names = newNames();
  const own = peersOn(store);
  await store.fill(names.map(lifeOf).map(([stream, events]) => [stream, events.map(asPeers)] as const));
  await checkCommitted(own, path);
  return {
    name: EMMETT,
    role: 'peer',
    version: emmettVersion(),
    measure: async (callers) => ({ appends: await appendRate(own, callers), commands: await commandRate(own, names, readingOf(own), callers) }),
  };
};

const WHY_ONE = 'one caller waits for a flush of the disk each time, at either: the row of the plain file shows what a flush alone takes';
const WHY_MANY = 'one flush serves all already: by V8’s profile the commit, with the pages that it writes, is a third, the inserts are a fifth, JSON and its checks a tenth';

export const benchmark: Benchmark = {
  name: 'store',
  title: 'The embedded store',
  about:
    `Appends: one event of some 480 bytes to the stream of each caller, with its id, metadata, schema version and expected revision, again and again. Commands: of ${STREAMS} streams that begin with ${EVENTS_OF_STREAM} such events the state is needed, ` +
    'then one event is appended at its revision; of ours the folded states are kept, as the engine keeps them, or every stream is read anew. Either counts once it is acknowledged, which means committed and flushed. ' +
    '`@event-driven-io/emmett-sqlite` is arranged for that: WAL with `synchronous=FULL` as ours, all over one connection, and each append waits until the one before has ended. ' +
    'Without the latter, its appends join the transaction of whoever came first and are acknowledged before its COMMIT; as it comes, with a connection for each operation, appends of several callers fail (both were seen). ' +
    'That another connection sees each event as soon as it is acknowledged is checked before the rounds. It reads every stream anew, which is its own way. Neither looks whether an event id stands in another stream; ours recognises a repeat by the ids behind the expected revision.',
  rounds: 7,
  along: { name: 'callers', points: CALLERS },
  measures: [
    { name: 'appends', unit: '/s', better: 'more', plot: true },
    { name: 'commands', unit: '/s', better: 'more', plot: true },
  ],
  targets: [
    { what: 'appends from 64 callers against emmett-sqlite', measure: 'appends', of: OURS, against: EMMETT, at: 64, atLeast: 14, aim: 28, why: WHY_MANY },
    { what: 'appends from one caller against emmett-sqlite', measure: 'appends', of: OURS, against: EMMETT, at: 1, atLeast: 4, why: WHY_ONE },
    { what: 'commands from 64 callers against emmett-sqlite', measure: 'commands', of: OURS, against: EMMETT, at: 64, atLeast: 14, aim: 28, why: WHY_MANY },
    { what: 'commands from one caller against emmett-sqlite', measure: 'commands', of: OURS, against: EMMETT, at: 1, atLeast: 4, why: WHY_ONE },
  ],
  bounds: 'From one caller the flush of the disk; from many, the pages that a commit writes, rows and JSON, since one flush serves all that waited. Where every stream is read anew, reading, checking and parsing its events.',
  start: async () => {
    const { folder, remove } = temporaryFolder();
    const store = await openedStore(join(folder, 'append.db'));
    const path = join(folder, 'peer.db');
    const theirs = await openEmmett(path);
    return {
      contestants: [
        ...(await ours(store)),
        await peers(theirs, path),
        { name: 'one flush for each, to a plain file', role: 'limit', measure: () => ({ appends: flushRate(join(folder, 'plain.ndjson')) }) },
      ],
      stop: async () => {
        await store.close();
        theirs.close();
        remove();
      },
    };
  },
};
