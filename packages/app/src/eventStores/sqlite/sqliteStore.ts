/** The event store in one SQLite file: opening it, and its methods, each of which is a few lines over the parts beside this file. */
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { EventStore, StateSnapshot, StoredEvent, StoreError } from '@blockledger/domain';
import { closed, unavailable } from '../errors.ts';
import { messageOf } from '../../system/thrown.ts';
import { checkCounts, prepareAppend, prepareState } from '../prepare.ts';
import { pageFrom, subscriptionsOver } from '../subscriptions.ts';
import { backupFile } from './backup.ts';
import { commitQueue } from './commitQueue.ts';
import { attempt, connect, type Connection } from './connection.ts';
import { takeLock, truePath, type Lock } from './lock.ts';
import { readerOf } from './reader.ts';
import { prepareFile } from './schema.ts';
import { verifyStore, type Verified } from './verify.ts';
import { stateChecksum, writerOf } from './writer.ts';

/** Where the store is. */
export interface SqliteOptions {
  /** The database file; it is created if absent, its folder is not. Beside it stand `-wal`, `-shm`, `-lock` and `-owner`. */
  readonly path: string;
}

/** An event store in a file, with what a file can do besides. */
export interface SqliteStore extends EventStore {
  /** Copies the store, as it is at this moment, to a new file while appends go on. `Invalid` if that file exists. */
  readonly backup: (toPath: string) => TaskEither<StoreError, void>;
  /** Reads everything and checks it; the first damage is a `Corrupt`. Appends go on meanwhile, but wait during its last part. */
  readonly verify: () => TaskEither<StoreError, Verified>;
}

const LOAD_STATE = 'SELECT revision, checksum, CAST(state AS BLOB) FROM states WHERE stream = ? AND fold_version = ?';
/** More events than any stream has. */
const ALL = Number.MAX_SAFE_INTEGER;
/** Pages that are read before others get their turn: about four milliseconds. */
const PAGES_PER_TURN = 8;

const nextTurn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

/**
 * Opens the store, alone: a second open of the same file, in this process or another, is answered with `Locked` and the owner.
 * The lock goes with the process that holds it. A file that is no event store, damaged, or of a later version is `Corrupt`.
 *
 * An append is acknowledged after its transaction's flush to disk (WAL, synchronous=FULL); appends of one turn of the event loop
 * share a transaction. Limits: 1 MiB of JSON per event, 10 000 events per append, 65 536 appends waiting.
 *
 * @example
 * import { openSqliteStore } from '@blockledger/app/sqlite';
 * const refused = await openSqliteStore({ path: '/no/such/folder/blockledger.db' });
 * refused._tag === 'Left' && refused.left._tag === 'Unavailable'; // => true
 */
export const openSqliteStore = ({ path }: SqliteOptions): Promise<E.Either<StoreError, SqliteStore>> => {
  const where = E.tryCatch(
    () => truePath(path),
    (thrown) => unavailable(`cannot open ${path}: ${messageOf(thrown)}`),
  );
  if (E.isLeft(where)) return Promise.resolve(where);
  const lock = takeLock(where.right);
  if (E.isLeft(lock)) return Promise.resolve(lock);
  const opened = openLocked(where.right, lock.right);
  if (E.isLeft(opened)) lock.right.release();
  return Promise.resolve(opened);
};

const openLocked = (path: string, lock: Lock): E.Either<StoreError, SqliteStore> => {
  const connected = attempt(() => connect(path));
  if (E.isLeft(connected)) return connected;
  const db = connected.right;
  const prepared = prepareFile(db);
  const store = E.isLeft(prepared) ? prepared : attempt(() => storeOver(db, path, lock));
  if (E.isLeft(store)) db.close();
  return store;
};

const storeOver = (db: Connection, path: string, lock: Lock): SqliteStore => {
  const reader = readerOf(db);
  const writer = writerOf(db, reader);
  const loadState = db.prepare(LOAD_STATE);
  writer.refresh();
  let isClosed = false;
  /** Why nothing more is written: after a failed transaction the end of the log could not be read again. */
  let failure: StoreError | undefined;

  const subscriptions = subscriptionsOver((from) => (isClosed ? E.left(closed) : E.map(pageFrom(from))(reader.page(from, writer.end()))));
  const queue = commitQueue(db, {
    onCommit: subscriptions.wake,
    onRollback: () => {
      const refreshed = attempt(writer.refresh);
      failure = E.isLeft(refreshed) ? refreshed.left : undefined;
    },
  });

  const readLog = async (from: number, limit: number): Promise<E.Either<StoreError, readonly StoredEvent[]>> => {
    const end = Math.min(writer.end(), from + limit);
    const pages: (readonly StoredEvent[])[] = [];
    for (let next = from; next < end; next += pages.at(-1)?.length ?? 0) {
      const page = isClosed ? E.left(closed) : reader.page(next, end);
      if (E.isLeft(page)) return page;
      pages.push(page.right);
      if (pages.length % PAGES_PER_TURN === 0) await nextTurn();
    }
    const [only = []] = pages;
    return E.right(pages.length < 2 ? only : pages.flat());
  };

  const findState = (stream: string, foldVersion: number): StateSnapshot | undefined => {
    const row = loadState.first(stream, foldVersion);
    if (row === undefined) return undefined;
    const [revision, checksum, state] = [Number(row[0]), row[1], String(row[2])];
    // A damaged state is as good as none: it is only a cache of what the events say.
    if (stateChecksum(stream, foldVersion, revision, state) !== checksum) return undefined;
    return { stream, foldVersion, revision, state: JSON.parse(state) as unknown };
  };

  const close = async (): Promise<void> => {
    if (isClosed) return;
    queue.close();
    isClosed = true;
    await subscriptions.close();
    // The library keeps the file open until its statements are collected, so SQLite's own checkpoint at the last close comes late.
    attempt(() => db.execute('PRAGMA wal_checkpoint(TRUNCATE)'));
    db.close();
    lock.release();
  };

  /** Refuses after `close`, and with bad numbers; otherwise answers. */
  const task =
    <A>(counts: Readonly<Record<string, number>>, answer: () => Promise<E.Either<StoreError, A>>): TaskEither<StoreError, A> =>
    () => {
      const flaw = isClosed ? closed : checkCounts(counts);
      return flaw === undefined ? answer() : Promise.resolve(E.left(flaw));
    };
  const now = <A>(answer: () => E.Either<StoreError, A>): Promise<E.Either<StoreError, A>> => Promise.resolve(answer());

  return {
    append: (stream, expected, events) =>
      task({}, () => {
        const append = prepareAppend(stream, expected, events);
        if (E.isLeft(append)) return Promise.resolve(append);
        return queue.add(() => (failure === undefined ? writer.append(append.right) : E.left(failure)));
      }),
    readStream: (stream, fromRevision, limit) =>
      task({ fromRevision, ...(limit === undefined ? {} : { limit }) }, () =>
        now(() =>
          E.flatten(
            attempt(() => {
              const id = writer.streamId(stream);
              return id === undefined ? E.right([]) : reader.stream(stream, id, fromRevision, limit ?? ALL);
            }),
          ),
        ),
      ),
    readAll: (fromPosition, limit) => task({ fromPosition, limit }, () => readLog(fromPosition, limit)),
    subscribe: subscriptions.subscribe,
    saveState: (snapshot) =>
      task({}, () => {
        const json = prepareState(snapshot);
        if (E.isLeft(json)) return Promise.resolve(json);
        return queue.add(() => E.right(writer.saveState(snapshot, json.right)));
      }),
    loadState: (stream, foldVersion) => task({ foldVersion }, () => now(() => attempt(() => findState(stream, foldVersion)))),
    head: () => task({}, () => now(() => E.right(writer.end() - 1))),
    backup: (toPath) => task({}, () => backupFile(path, toPath)),
    verify: () => task({}, () => verifyStore(db, reader, writer.end())),
    close,
  };
};
