/**
 * A process of its own that owns a SQLite store. Usage: `sqliteChild.ts <mode> <path>`; every line it prints is a fact:
 * - `hold`: opens the store, prints `open` or the error's JSON, and keeps it until it is killed.
 * - `append`: appends without end on 8 streams, 1 to 4 events at a time; prints `<stream> <revision> <position>` after each
 *   acknowledgement. The events of one append carry `{ append, at, of }`.
 * - `once <n>`: appends n times, one after another, and prints `ack` after each.
 */
import { writeSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import type { CommandId, NewEvent, TimestampMs } from '@blockledger/domain';
import { openSqliteStore } from '@blockledger/app/sqlite';

const [, , mode = 'hold', path = '', times = '10'] = process.argv;
const say = (line: string): void => void writeSync(1, `${line}\n`);

const event = (data: object): NewEvent => ({
  eventId: randomUUID(),
  type: 'VolumeResized',
  schemaVersion: 1,
  data,
  meta: { commandId: randomUUID() as CommandId, issuedBy: 'test', tenant: 'default', correlationId: 'test', at: 0 as TimestampMs },
});

const opened = await openSqliteStore({ path });
if (opened._tag === 'Left') {
  say(JSON.stringify(opened.left));
  process.exit(3);
}
const store = opened.right;
say('open');

const append = async (stream: string, revision: number, count: number): Promise<number> => {
  const id = randomUUID();
  const batch = Array.from({ length: count }, (_, at) => event({ append: id, at, of: count }));
  const answer = await store.append(stream, revision === -1 ? 'none' : revision, batch)();
  if (answer._tag === 'Left') {
    say(JSON.stringify(answer.left));
    process.exit(4);
  }
  say(mode === 'once' ? 'ack' : `${stream} ${answer.right.revision} ${answer.right.position}`);
  return answer.right.revision;
};

if (mode === 'hold') setInterval(() => undefined, 1000);
if (mode === 'append') {
  for (let s = 0; s < 8; s += 1) {
    void (async (): Promise<void> => {
      const stream = `volume-${s}`;
      const tail = await store.readStream(stream, 0)();
      let revision = tail._tag === 'Right' ? tail.right.length - 1 : -1;
      for (let n = 0; ; n += 1) revision = await append(stream, revision, 1 + ((n + s) % 4));
    })();
  }
}
if (mode === 'once') {
  let revision = -1;
  for (let n = 0; n < Number(times); n += 1) revision = await append('volume-0', revision, 1);
  await store.close();
}
