/**
 * Group commit: what is asked for in one turn of the event loop goes into one transaction, and each is answered after its COMMIT.
 * One flush of the disk then serves many callers. There are no promises inside the loop: a commit is one synchronous piece.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { StoreError } from '@blockledger/domain';
import { closed, unavailable } from '../errors.ts';
import { QUEUE_LIMIT } from '../limits.ts';
import { explain, type Connection } from './connection.ts';

/** One thing to be done inside a transaction; it may throw what the SQLite library throws, which fails the whole transaction. */
export type Job<A> = () => E.Either<StoreError, A>;

export interface CommitQueue {
  /** Runs the job in the next transaction. A job's own error fails this job only. */
  readonly add: <A>(job: Job<A>) => Promise<E.Either<StoreError, A>>;
  /** Commits what waits, then refuses everything. */
  readonly close: () => void;
}

interface Waiting {
  /** Runs the job and keeps its answer. */
  readonly run: () => void;
  /** Gives the answer kept, or this error. */
  readonly answer: (error?: StoreError) => void;
}

/** Jobs in one transaction at most, so that nobody waits long for the first answer. */
const BATCH_JOBS = 1024;

/** Makes the queue of a connection. `onCommit` is called after each commit, `onRollback` after each transaction that failed. */
export const commitQueue = (
  db: Connection,
  hooks: { readonly onCommit: () => void; readonly onRollback: () => void },
): CommitQueue => {
  let waiting: Waiting[] = [];
  let isScheduled = false;
  let isClosed = false;

  const rollBack = (): void => {
    try {
      db.execute('ROLLBACK');
    } catch {
      // SQLite has rolled back by itself, as it does when the disk is full.
    }
  };

  /** The error that ended the transaction, or undefined. */
  const transact = (batch: readonly Waiting[]): StoreError | undefined => {
    let isCommitting = false;
    try {
      db.execute('BEGIN IMMEDIATE');
      for (const { run } of batch) run();
      isCommitting = true;
      db.execute('COMMIT');
      return undefined;
    } catch (thrown) {
      rollBack();
      const error = explain(thrown);
      // A COMMIT whose flush failed may still be found after a crash.
      return isCommitting && error._tag === 'Unavailable' ? unavailable(error.message, true) : error;
    }
  };

  const commit = (): void => {
    const batch = waiting.slice(0, BATCH_JOBS);
    waiting = waiting.slice(BATCH_JOBS);
    if (batch.length === 0) return;
    const error = transact(batch);
    if (error === undefined) hooks.onCommit();
    else hooks.onRollback();
    for (const { answer } of batch) answer(error);
  };

  const turn = (): void => {
    commit();
    isScheduled = waiting.length > 0;
    if (isScheduled) setImmediate(turn);
  };

  return {
    add: <A>(job: Job<A>) => {
      if (isClosed) return Promise.resolve(E.left(closed));
      if (waiting.length >= QUEUE_LIMIT) return Promise.resolve(E.left(unavailable(`${QUEUE_LIMIT} appends are waiting already`)));
      return new Promise<E.Either<StoreError, A>>((resolve) => {
        let kept: E.Either<StoreError, A> = E.left(closed);
        waiting.push({
          run: () => {
            kept = job();
          },
          answer: (error) => resolve(error === undefined ? kept : E.left(error)),
        });
        if (!isScheduled) setImmediate(turn);
        isScheduled = true;
      });
    },
    close: () => {
      while (waiting.length > 0) commit();
      isClosed = true;
    },
  };
};
