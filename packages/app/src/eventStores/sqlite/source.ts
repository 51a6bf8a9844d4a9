/** A store's file that is read and held: nobody can open the store meanwhile, and nothing in it changes. */
import { existsSync } from 'node:fs';
import * as E from 'fp-ts/lib/Either.js';
import type { EventStore, StoredEvent, StoreError } from '@blockledger/domain';
import { unavailable } from '../errors.ts';
import { attempt, connect } from './connection.ts';
import { takeLock, truePath } from './lock.ts';
import { readerOf } from './reader.ts';
import { openStoreFile } from './storeFile.ts';

/** A file that is held. */
export interface HeldFile extends Pick<EventStore, 'readAll'> {
  /** Events in it. */
  readonly events: number;
  readonly close: () => void;
}

/** Opens it. `Locked` where a service, or another copy, has it; otherwise as `openStoreFile`. */
export const holdStoreFile = (path: string): E.Either<StoreError, HeldFile> => {
  if (!existsSync(path)) return E.left(unavailable(`${path} is not there`));
  const truly = attempt(() => truePath(path));
  if (E.isLeft(truly)) return truly;
  const lock = takeLock(truly.right);
  if (E.isLeft(lock)) return lock;
  const looked = openStoreFile(path);
  const connected = E.isLeft(looked) ? looked : attempt(() => connect(truly.right, { readonly: true }));
  if (E.isRight(looked)) looked.right.close();
  if (E.isLeft(looked) || E.isLeft(connected)) {
    lock.right.release();
    return E.isLeft(looked) ? looked : (connected as E.Left<StoreError>);
  }
  const db = connected.right;
  const reader = readerOf(db);
  const { events } = looked.right;
  return E.right({
    events,
    readAll: (from, limit) => () => {
      const end = Math.min(events, from + limit);
      return Promise.resolve(from < end ? reader.page(from, end) : E.right<StoreError, readonly StoredEvent[]>([]));
    },
    close: () => {
      db.close();
      lock.right.release();
    },
  });
};
