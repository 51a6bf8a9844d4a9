/**
 * `@event-driven-io/emmett-sqlite`, arranged so that its acknowledgement means committed. As it comes it opens a connection for each operation; over one
 * connection its appends join the transaction of whoever came first and answer before that is committed. So: one connection, and an append begins when the one before has ended.
 */
import { appendToStream, createEventStoreSchema, readMessagesBatch, readStream, sqliteConnection } from '@event-driven-io/emmett-sqlite';
import type { Emmett, PeerEvent } from '../emmett.ts';

/** Opens a file: WAL and `synchronous=FULL` as ours, and everything else as it comes. */
export const openEmmett = async (fileName: string): Promise<Emmett> => {
  const connection = sqliteConnection({ fileName });
  await connection.command('PRAGMA synchronous = FULL');
  const told = [await connection.querySingle<object>('PRAGMA journal_mode'), await connection.querySingle<object>('PRAGMA synchronous')];
  if (JSON.stringify(told) !== '[{"journal_mode":"wal"},{"synchronous":2}]') throw new Error(`the peer is not as durable as ours: ${JSON.stringify(told)}`);
  await createEventStoreSchema(connection);
  let before: Promise<unknown> = Promise.resolve();
  const alone = <A>(work: () => Promise<A>): Promise<A> => {
    const mine = before.then(work);
    before = mine.catch(() => undefined);
    return mine;
  };
  const append = async (stream: string, has: number, events: readonly PeerEvent[]): Promise<void> => {
    const [type = ''] = stream.split('-');
    const { success } = await appendToStream(connection, stream, type, [...events], { expectedStreamVersion: BigInt(has) });
    if (!success) throw new Error(`the peer refused to append to ${stream}`);
  };
  return {
    append: (stream, has, events) => alone(() => append(stream, has, events)),
    read: async (stream) => (await readStream(connection, stream)).events,
    replay: async (batchSize) => {
      for (let [after, count] = [0n, 0]; ; ) {
        const { messages, currentGlobalPosition } = await readMessagesBatch(connection, { after, batchSize });
        if (messages.length === 0) return count;
        count += messages.length;
        after = currentGlobalPosition;
      }
    },
    fill: (streams) => alone(() => connection.withTransaction(async () => {
      for (const [stream, events] of streams) await append(stream, 0, events);
    })),
    close: () => connection.close(),
  };
};
