/** How fast the SQLite store appends, each append acknowledged after its flush, against one flush per event to a plain file. */
import { randomUUID } from 'node:crypto';
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandId, EventStore, NewEvent, TimestampMs } from '@blockledger/domain';
import { openedStore, temporaryFolder } from '../support/sqlite.ts';
import type { Benchmark } from './frame/benchmark.ts';

const ROUND_MS = 700;
const WRITERS = [1, 8, 64, 1_000] as const;

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

export const benchmark: Benchmark = {
  name: 'store',
  title: 'Appends to the embedded store',
  about: 'One event of some 480 bytes appended to the stream of each writer, with its expected revision, again and again; it counts once it is acknowledged.',
  rounds: 5,
  along: { name: 'writers', points: WRITERS },
  measures: [{ name: 'rate', unit: '/s', better: 'more', plot: true }],
  bounds: 'From one writer the flush of the disk; from many, turning events into JSON and rows, since one flush serves all that waited.',
  start: async () => {
    const { folder, remove } = temporaryFolder();
    const store = await openedStore(join(folder, 'append.db'));
    return {
      contestants: [
        { name: 'Blockledger on SQLite', role: 'ours', measure: async (writers) => ({ rate: await appendRate(store, writers) }) },
        { name: 'one flush for each, to a plain file', role: 'limit', measure: () => ({ rate: flushRate(join(folder, 'plain.ndjson')) }) },
      ],
      stop: async () => {
        await store.close();
        remove();
      },
    };
  },
};
