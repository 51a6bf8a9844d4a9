/** The event store in EventStoreDB: opening it, and its parts put together. */
import { setMaxListeners } from 'node:events';
import * as E from 'fp-ts/lib/Either.js';
import pRetry from 'p-retry';
import type { EventStore, StoreError } from '@blockledger/domain';
import { closed, invalid } from '../errors.ts';
import { subscriptionsOver, type ReadPage } from '../subscriptions.ts';
import { appenderOf } from './appending.ts';
import { bellOf } from './bell.ts';
import { connect } from './connection.ts';
import { namesOf } from './names.ts';
import { readsOf } from './reading.ts';
import { registersOf } from './registers.ts';
import { statesOf } from './states.ts';

/** Where the store is. */
export interface EventStoreDbOptions {
  /** As EventStoreDB's clients take it: `esdb://admin:changeit@node1:2113,node2:2113?tlsCAFile=/etc/ca.crt`, or `esdb+discover://…`. */
  readonly connectionString: string;
  /**
   * What the names of all streams begin with, followed by a dot: 1 to 63 letters, digits and `_`, beginning with a letter. Default
   * `blockledger`. Two stores with different namespaces share a cluster and nothing else.
   */
  readonly namespace?: string;
  /** How long an append, or the next event of a read, may take. Default 10 000, at least 100. */
  readonly timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const LEAST_TIMEOUT_MS = 100;
/** How late something appended by another process is seen at most, where the server does not tell of it. */
const LOOK_EVERY_MS = 1_000;
/** How often a subscription tries to read on, with pauses from 100 ms to 5 s: about half a minute. */
const READ_RETRIES = 10;

class NotRead extends Error {
  readonly error: StoreError;
  constructor(error: StoreError) {
    super(error._tag);
    this.error = error;
  }
}

/** A reader that tries again where the store does not answer, until the signal is given. */
const patient = (read: ReadPage, signal: AbortSignal): ReadPage => async (from) => {
  const attempt = async () => {
    const page = await read(from);
    if (E.isLeft(page)) throw new NotRead(page.left);
    return page.right;
  };
  try {
    return E.right(
      await pRetry(attempt, {
        retries: READ_RETRIES,
        minTimeout: 100,
        maxTimeout: 5_000,
        signal,
        shouldRetry: ({ error }) => error instanceof NotRead && error.error._tag === 'Unavailable',
      }),
    );
  } catch (thrown) {
    return E.left(thrown instanceof NotRead ? thrown.error : closed);
  }
};

/**
 * Opens the store in EventStoreDB: durable, for several processes on several machines. It reads the end of the log once, so that
 * a wrong address, password or certificate is told here. `Invalid` for options that cannot be, `Unavailable` where the server does not answer.
 *
 * Positions are twice the log's own, and have gaps. Limits: 1 MiB of JSON per event, 10 000 events per append, and what the server takes in one
 * append (its MaxAppendSize, 1 MiB unless set otherwise), which is answered with `Invalid`. Event ids are recognised where they were appended:
 * the same id in another stream is another event to EventStoreDB.
 *
 * @example
 * import { openEventStoreDb } from '@blockledger/app/eventstoredb';
 * const refused = await openEventStoreDb({ connectionString: 'esdb://127.0.0.1:1?tls=false', timeoutMs: 500 });
 * refused._tag === 'Left' && refused.left._tag === 'Unavailable'; // => true
 */
export const openEventStoreDb = async (options: EventStoreDbOptions): Promise<E.Either<StoreError, EventStore>> => {
  const { connectionString, namespace = 'blockledger', timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  if (!Number.isSafeInteger(timeoutMs) || timeoutMs < LEAST_TIMEOUT_MS) return E.left(invalid(`timeoutMs is a whole number from ${LEAST_TIMEOUT_MS}, not ${timeoutMs}`));
  const names = namesOf(namespace);
  if (E.isLeft(names)) return names;
  const connection = connect(connectionString);
  if (E.isLeft(connection)) return connection;

  const parts = { connection: connection.right, names: names.right, timeoutMs };
  const { page, ...reads } = readsOf(parts);
  const closing = new AbortController();
  // Every subscription that waits for the server listens to it.
  setMaxListeners(0, closing.signal);
  const subscriptions = subscriptionsOver(patient(page, closing.signal));
  const bell = bellOf({ ...parts, onRing: subscriptions.wake, atLeastEveryMs: LOOK_EVERY_MS });
  const close = async (): Promise<void> => {
    closing.abort();
    await Promise.all([subscriptions.close(), bell.close()]);
    await connection.right.close();
  };

  const head = await reads.head()();
  if (E.isLeft(head)) {
    await close();
    return head;
  }
  return E.right({
    append: appenderOf({ ...parts, readStream: reads.readStream }),
    ...reads,
    ...statesOf(parts),
    registers: registersOf(parts),
    subscribe: (fromPosition, handler) => {
      bell.listen();
      return subscriptions.subscribe(fromPosition, handler);
    },
    close,
  });
};
