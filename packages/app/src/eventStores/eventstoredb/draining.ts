/** Reads, to their end. */
import { StreamNotFoundError, type StreamingRead } from '@eventstore/db-client';
import { Silence, watchOver } from './silence.ts';

/**
 * Everything that a read gives. The client has no deadline for reads, and where a read is cancelled it ends as if there were no more: so the
 * watch ends it with an error.
 */
export const drain = async <R>(what: string, timeoutMs: number, read: StreamingRead<R>): Promise<readonly R[]> => {
  const all: R[] = [];
  const watch = watchOver(timeoutMs, () => {
    read.destroy(new Silence(what, timeoutMs));
    void read.cancel().catch(() => undefined);
  });
  // An error that comes after the loop has ended concerns nobody.
  read.on('error', () => undefined);
  try {
    for await (const one of read) {
      watch.alive();
      all.push(one);
    }
    return all;
  } finally {
    watch.end();
  }
};

/** Everything that a read of one stream gives: nothing where there is no such stream. */
export const drainStream = async <R>(what: string, timeoutMs: number, read: StreamingRead<R>): Promise<readonly R[]> => {
  try {
    return await drain(what, timeoutMs, read);
  } catch (thrown) {
    if (thrown instanceof StreamNotFoundError) return [];
    throw thrown;
  }
};
