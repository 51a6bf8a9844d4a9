/**
 * One owner per file. The lock is SQLite's own exclusive lock on a file beside the database, held by an open transaction: the
 * operating system drops it with the process, so a killed owner never blocks the next. The database itself stays readable for
 * others (the sqlite3 tool, a backup). The lock file is never deleted, since two processes could then lock two files.
 */
import { existsSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import type { StoreError } from '@blockledger/domain';
import { messageOf } from '../../system/thrown.ts';
import { connect, explain, isBusy, type Connection } from './connection.ts';

/** A held lock. */
export interface Lock {
  readonly release: () => void;
}

/** Longer than a look at the lock takes, in ms. */
const LOOK_MS = 200;

/** One name per file, whatever links lead to it. The file itself need not exist yet, its folder must. */
export const truePath = (path: string): string => {
  try {
    return realpathSync(path);
  } catch {
    return join(realpathSync(dirname(path)), basename(path));
  }
};

const describe = (): string => {
  const startedAt = new Date(Date.now() - Math.round(process.uptime() * 1000)).toISOString();
  return JSON.stringify({ pid: process.pid, host: hostname(), startedAt });
};

/** Who says to hold the lock. The text beside the lock may be a moment old, or gone: it only informs. */
const ownerOf = (ownerPath: string): string => {
  try {
    const { pid, host, startedAt } = JSON.parse(readFileSync(ownerPath, 'utf8')) as Record<string, unknown>;
    return `process ${String(pid)} on ${String(host)}, started ${String(startedAt)}`;
  } catch {
    return 'an unknown process';
  }
};

/** Takes the lock at once or answers `Locked` with the owner's process id, host and start time. Also refuses a second open in one process. */
export const takeLock = (path: string): E.Either<StoreError, Lock> => {
  const ownerPath = `${path}-owner`;
  let db: Connection | undefined;
  try {
    db = connect(`${path}-lock`);
    // Somebody who only looks whether the lock is held (`holderOf`) holds it for a moment.
    db.execute(`PRAGMA busy_timeout = ${LOOK_MS}`);
    db.execute('BEGIN EXCLUSIVE');
    writeFileSync(ownerPath, describe());
  } catch (thrown) {
    db?.close();
    if (!isBusy(thrown)) return E.left(explain(thrown));
    const owner = ownerOf(ownerPath);
    return E.left({ _tag: 'Locked', owner, message: `${path} is in use by ${owner} (${messageOf(thrown)})` });
  }
  const held = db;
  return E.right({
    release: () => {
      rmSync(ownerPath, { force: true });
      held.close();
    },
  });
};

/**
 * Who holds the lock of a store now, without taking it for longer than a look; undefined when nobody does. It makes no lock file where none is.
 */
export const holderOf = (path: string): string | undefined => {
  if (!existsSync(`${path}-lock`)) return undefined;
  let db: Connection | undefined;
  try {
    db = connect(`${path}-lock`);
    db.execute('BEGIN EXCLUSIVE');
    db.execute('ROLLBACK');
    return undefined;
  } catch (thrown) {
    return isBusy(thrown) ? ownerOf(`${path}-owner`) : undefined;
  } finally {
    db?.close();
  }
};
