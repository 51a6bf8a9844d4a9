/**
 * How fast the SQLite store appends and replays. Run alone:
 *
 * node --conditions=@blockledger/source --import tsx test/bench/store.ts [events to replay]
 *
 * Absolute figures move several times over on shared machines: quote the ratios, whose parts come from one run in turns.
 */
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, fdatasyncSync, openSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CommandId, EventStore, NewEvent, TimestampMs } from '@blockledger/domain';
import { openedStore, temporaryFolder } from '../support/sqlite.ts';

const self = fileURLToPath(import.meta.url);
const ROUNDS = 5;
const ROUND_MS = 700;
const PAGE = 1024;

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

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const whole = (n: number): string => Math.round(n).toLocaleString('en-US').replaceAll(',', ' ');

/** Appends of one event to `writers` streams for a while; acknowledged appends per second. */
const appendRate = async (store: EventStore, writers: number): Promise<number> => {
  const startedAt = performance.now();
  let done = 0;
  const write = async (): Promise<void> => {
    const stream = `volume-${randomUUID()}`;
    for (let revision = -1; performance.now() - startedAt < ROUND_MS; revision += 1) {
      const answer = await store.append(stream, revision === -1 ? 'none' : revision, [event(revision)])();
      if (answer._tag === 'Left') throw new Error(JSON.stringify(answer.left));
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: writers }, write));
  return (done / (performance.now() - startedAt)) * 1000;
};

/** The baseline: each event is written to the end of a plain file and flushed by a call of its own. */
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

/** Reads the whole log in pages; runs in a process of its own, so that the memory is that of replay alone. */
const replay = async (path: string): Promise<void> => {
  const store = await openedStore(path);
  const rates: number[] = [];
  let events = 0;
  for (let round = 0; round < 3; round += 1) {
    const startedAt = performance.now();
    events = 0;
    for (;;) {
      const page = await store.readAll(events, PAGE)();
      if (page._tag === 'Left') throw new Error(JSON.stringify(page.left));
      events += page.right.length;
      if (page.right.length === 0) break;
    }
    rates.push((events / (performance.now() - startedAt)) * 1000);
  }
  const streamStartedAt = performance.now();
  for (let n = 0; n < 500; n += 1) await store.readStream(`volume-${(n * 37) % 10_000}`, 0, 20)();
  const streamMs = (performance.now() - streamStartedAt) / 500;
  await store.close();
  console.log(JSON.stringify({ events, perSecond: median(rates), streamMs, rssBytes: process.resourceUsage().maxRSS * 1024 }));
};

/** Fills a store with events of 10 000 streams, 1000 appends in flight. */
const fill = async (path: string, events: number): Promise<number> => {
  const store = await openedStore(path);
  const streams = 10_000;
  const startedAt = performance.now();
  for (let n = 0; n < events; n += 1000) {
    const appends = Array.from({ length: Math.min(1000, events - n) }, (_, at) => {
      const revision = Math.floor((n + at) / streams) - 1;
      return store.append(`volume-${(n + at) % streams}`, revision === -1 ? 'none' : revision, [event(n + at)])();
    });
    for (const answer of await Promise.all(appends)) if (answer._tag === 'Left') throw new Error(JSON.stringify(answer.left));
  }
  const rate = (events / (performance.now() - startedAt)) * 1000;
  await store.close();
  return rate;
};

/** Measures the store and answers with the lines to print. */
export async function benchStore(replayEvents = 1_000_000): Promise<readonly string[]> {
  const { folder, remove } = temporaryFolder();
  try {
    const store = await openedStore(join(folder, 'append.db'));
    const rounds = { flush: [] as number[], one: [] as number[], many: [] as number[] };
    for (let round = 0; round < ROUNDS; round += 1) {
      rounds.flush.push(flushRate(join(folder, 'plain.ndjson')));
      rounds.one.push(await appendRate(store, 1));
      rounds.many.push(await appendRate(store, 64));
    }
    await store.close();
    const [flush, one, many] = [median(rounds.flush), median(rounds.one), median(rounds.many)];
    const path = join(folder, 'replay.db');
    const filled = await fill(path, replayEvents);
    const child = [...process.execArgv, self, '--replay', path];
    const { events, perSecond, streamMs, rssBytes } = JSON.parse(execFileSync(process.execPath, child, { encoding: 'utf8' })) as {
      readonly [what: string]: number;
    };
    return [
      `append to a plain file, one flush each   ${whole(flush)}/s   1.00`,
      `append to SQLite, 1 stream               ${whole(one)}/s   ${(one / flush).toFixed(2)}`,
      `append to SQLite, 64 streams at a time   ${whole(many)}/s   ${(many / flush).toFixed(2)}`,
      `append to SQLite, 1000 at a time         ${whole(filled)}/s   ${(filled / flush).toFixed(2)}`,
      `replay of ${whole(events ?? 0)} events             ${whole(perSecond ?? 0)}/s   peak RSS ${whole((rssBytes ?? 0) / 1e6)} MB, file ${whole(statSync(path).size / 1e6)} MB`,
      `the first 20 events of one stream        ${(streamMs ?? 0).toFixed(3)} ms`,
    ];
  } finally {
    remove();
  }
}

if (process.argv[1] === self) {
  const [what, path] = process.argv.slice(2);
  if (what === '--replay') await replay(path ?? '');
  else for (const line of await benchStore(what === undefined ? undefined : Number(what))) console.log(line);
}
