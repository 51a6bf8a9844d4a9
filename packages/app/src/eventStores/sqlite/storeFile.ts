/** The file of a store, looked at from outside: for checks and backups, whether or not a service owns it. Nothing here writes to it. */
import { existsSync, statSync } from 'node:fs';
import * as E from 'fp-ts/lib/Either.js';
import type { StoreError } from '@blockledger/domain';
import { corrupt, unavailable } from '../errors.ts';
import { backupFile } from './backup.ts';
import { attempt, connect, type Connection } from './connection.ts';
import { holderOf, truePath } from './lock.ts';
import { readerOf } from './reader.ts';
import { APPLICATION_ID, flawOfVersion, pragma } from './schema.ts';
import { verifyStore, type Verified } from './verify.ts';

/** Called now and then with how far long work has come. */
export type OnProgress = (done: number, total: number) => void;

/** A store's file. */
export interface StoreFile {
  /** As it was named. */
  readonly path: string;
  /** Events in it when it was opened. */
  readonly events: number;
  /** Bytes that a backup of it will have, about. */
  readonly bytes: number;
  /** Who has the store open now; undefined when nobody has. */
  readonly holder: string | undefined;
  /** Reads every event that was there when the file was opened, and checks all of it. The first damage is a `Corrupt`. */
  readonly verify: (onProgress?: OnProgress) => Promise<E.Either<StoreError, Verified>>;
  /** Copies the store to a file that must not exist yet, flushed and whole. Appends of its owner go on meanwhile. */
  readonly backup: (toPath: string, onProgress?: OnProgress) => Promise<E.Either<StoreError, void>>;
  /** Closes the file; the process that serves it is not disturbed. */
  readonly close: () => void;
}

/** An owner that commits just now holds the file for so long at most, in ms. */
const PATIENCE_MS = 5_000;
/** How often the growing copy is looked at. */
const LOOK_EVERY_MS = 100;

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

const backupWatched = async (path: string, bytes: number, toPath: string, onProgress: OnProgress | undefined): Promise<E.Either<StoreError, void>> => {
  const timer = setInterval(() => onProgress?.(Math.min(bytes, sizeOf(`${toPath}.partial`)), bytes), LOOK_EVERY_MS);
  try {
    return await backupFile(path, toPath);
  } finally {
    clearInterval(timer);
  }
};

const fileOver = (db: Connection, path: string, truly: string): E.Either<StoreError, StoreFile> => {
  db.execute(`PRAGMA busy_timeout = ${PATIENCE_MS}`);
  if (pragma(db, 'application_id') !== APPLICATION_ID) return E.left(corrupt(-1, 'this file is not an event store of Blockledger'));
  const flaw = flawOfVersion(pragma(db, 'user_version'));
  if (flaw !== undefined) return E.left(corrupt(-1, flaw));
  const events = Number(db.prepare('SELECT coalesce(max(position), -1) + 1 FROM events').first()?.[0]);
  const bytes = (pragma(db, 'page_count') - pragma(db, 'freelist_count')) * pragma(db, 'page_size');
  return E.right({
    path,
    events,
    bytes,
    holder: holderOf(truly),
    verify: (onProgress) => verifyStore(db, readerOf(db), events, onProgress),
    backup: (toPath, onProgress) => backupWatched(truly, bytes, toPath, onProgress),
    close: () => db.close(),
  });
};

/**
 * Opens the file of a store without owning the store. A file that is absent is `Unavailable`, and is not made; one that is no event store,
 * or damaged, is `Corrupt`.
 *
 * @example
 * import { openStoreFile } from '@blockledger/app/sqlite';
 * const refused = openStoreFile('/no/such/file.db');
 * refused._tag === 'Left' && refused.left._tag === 'Unavailable'; // => true
 */
export const openStoreFile = (path: string): E.Either<StoreError, StoreFile> => {
  if (!existsSync(path)) return E.left(unavailable(`${path} is not there`));
  const truly = attempt(() => truePath(path));
  if (E.isLeft(truly)) return truly;
  const connected = attempt(() => connect(truly.right, { readonly: true }));
  if (E.isLeft(connected)) return connected;
  const file = E.flatten(attempt(() => fileOver(connected.right, path, truly.right)));
  if (E.isLeft(file)) connected.right.close();
  return file;
};
