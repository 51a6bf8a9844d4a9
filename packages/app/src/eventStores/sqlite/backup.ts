/** A consistent copy of the database while it is in use. */
import { existsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import type { StoreError } from '@blockledger/domain';
import { invalid, unavailable } from '../errors.ts';
import { messageOf } from '../../system/thrown.ts';
import { explain } from './connection.ts';

/** The part of `libsql/promise` that is used here. Its own declarations do not compile: they import files that are not shipped. */
interface AsyncDatabase {
  readonly exec: (sql: string) => Promise<unknown>;
  readonly close: () => unknown;
}
const Database = createRequire(import.meta.url)('libsql/promise') as new (path: string) => AsyncDatabase;

const flush = async (path: string): Promise<void> => {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
};

/** VACUUM INTO runs in a thread of the library on a connection of its own: appends go on, and are not in the copy. */
const copy = async (path: string, partial: string): Promise<void> => {
  const database = new Database(path);
  try {
    await database.exec(`VACUUM INTO '${partial.replaceAll("'", "''")}'`);
  } finally {
    await database.close();
  }
};

/**
 * Writes a copy of the database at `path` to `toPath`, which must not exist yet. The copy is one moment of the log, holds every
 * event acknowledged before the call, and appears under its name only when it is whole and flushed. It opens like any store.
 */
export const backupFile = async (path: string, toPath: string): Promise<E.Either<StoreError, void>> => {
  if (existsSync(toPath)) return E.left(invalid(`${toPath} exists already`));
  const partial = `${toPath}.partial`;
  try {
    await rm(partial, { force: true });
    await copy(path, partial);
    await flush(partial);
    await rename(partial, toPath);
    await flush(dirname(toPath));
    return E.right(undefined);
  } catch (thrown) {
    await rm(partial, { force: true }).catch(() => undefined);
    const error = explain(thrown);
    return E.left(error._tag === 'Corrupt' ? error : unavailable(`backup to ${toPath}: ${messageOf(thrown)}`));
  }
};
