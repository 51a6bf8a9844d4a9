/** Both ends of a copy: where it is read from, and where it is written to. */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { EventStore, StoreError } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { Readable } from '../../eventStores/copying/log.ts';
import { openSqliteStore, openStoreFile } from '../../eventStores/sqlite/index.ts';
import { holdStoreFile } from '../../eventStores/sqlite/source.ts';
import { ending, messageOf, type Ending } from '../exit.ts';
import { storeTrouble } from './choose.ts';
import { beginCopy, endCopy } from './copyMark.ts';
import { openEventStoreDbPlace } from './eventStoreDb.ts';
import type { EventStoreDbPlace, StorePlace } from './place.ts';

/** Where a copy is read from. */
export interface From {
  readonly log: Readable;
  /** Events in it, where that is known. */
  readonly events: number | undefined;
  readonly close: () => Promise<void> | void;
}

/** Where a copy is written to. */
export interface To {
  readonly store: Pick<EventStore, 'readAll' | 'append'>;
  /** It keeps the order of appends that are not waited for. */
  readonly isQueued: boolean;
  /** Makes a store of it that can be served. */
  readonly finish: () => Promise<E.Either<Ending, void>>;
  readonly close: () => Promise<void>;
}

const NO_MEMORY = ending('usage', 'a store in memory cannot be copied', 'name a file, or a connection string of EventStoreDB');

/** Nobody writes to a file that is held. EventStoreDB cannot be held: whoever writes to it meanwhile is found when both are compared. */
export const openFrom = async (place: StorePlace): Promise<E.Either<Ending, From>> => {
  if (place.is === 'memory') return E.left(NO_MEMORY);
  if (place.is === 'eventStoreDb') {
    return E.map((store: EventStore): From => ({ log: store, events: undefined, close: store.close }))(await openEventStoreDbPlace(place));
  }
  const explain = (error: StoreError): Ending =>
    error._tag === 'Locked'
      ? ending('inUse', `the store ${place.shown} is in use by ${error.owner}`, 'stop that process first: what it writes later would not be in the copy')
      : ending(error._tag === 'Corrupt' ? 'failed' : 'unavailable', `the store ${place.shown} cannot be read: ${storeTrouble(error)}`);
  return E.bimap(explain, (held: { readonly events: number; readonly readAll: EventStore['readAll']; readonly close: () => void }): From => ({ log: held, events: held.events, close: held.close }))(holdStoreFile(place.path));
};

/** What stands beside a file while it is copied to. */
const LITTER = ['', '-wal', '-shm', '-lock', '-owner'] as const;

/** A file is written under another name, and gets its own when it is whole: a copy that was cut cannot be served. */
const openFile = async (path: string, isResumed: boolean): Promise<E.Either<Ending, To>> => {
  const partial = `${path}.copying`;
  if (existsSync(path)) return E.left(ending('cannotCreate', `${path} is there already`, 'give a file that is not there: a copy never overwrites anything'));
  if (existsSync(partial) && !isResumed) return E.left(ending('cannotCreate', `${partial} is there: a copy to ${path} was cut`, 'go on with it by --resume, or remove that file'));
  if (!existsSync(partial) && isResumed) return E.left(ending('cannotCreate', `there is no ${partial}: no copy to ${path} was cut`, 'leave --resume out'));
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch (thrown) {
    return E.left(ending('cannotCreate', `the folder of ${path} cannot be made: ${messageOf(thrown)}`));
  }
  const opened = await openSqliteStore({ path: partial });
  if (E.isLeft(opened)) return E.left(ending(opened.left._tag === 'Locked' ? 'inUse' : 'cannotCreate', `${partial} cannot be written: ${storeTrouble(opened.left)}`));
  const store = opened.right;
  const notMade = (error: StoreError): Ending => ending('cannotCreate', `the copy ${path} was not made: ${storeTrouble(error)}`);
  const finish = async (): Promise<E.Either<Ending, void>> => {
    const made = await store.backup(path)();
    const file = E.isLeft(made) ? made : openStoreFile(path);
    const verified = E.isLeft(file) ? file : await file.right.verify();
    if (E.isRight(file)) file.right.close();
    if (E.isLeft(verified)) return E.left(notMade(verified.left));
    await store.close();
    for (const end of LITTER) rmSync(partial + end, { force: true });
    return E.right(undefined);
  };
  return E.right({ store, isQueued: true, finish, close: store.close });
};

/** EventStoreDB says beside the log that a copy has begun, and a service does not start over it until it is whole. */
const openEventStoreDb = async (place: EventStoreDbPlace, isResumed: boolean): Promise<E.Either<Ending, To>> => {
  const opened = await openEventStoreDbPlace(place, { evenHalfCopied: true });
  if (E.isLeft(opened)) return opened;
  const store = opened.right;
  const begun = await beginCopy(store, place.shown, isResumed);
  if (E.isRight(begun)) return E.right({ store, isQueued: false, finish: () => endCopy(store, place.shown), close: store.close });
  await store.close();
  return begun;
};

/** Opens the other end. It must be empty, or hold what a copy that was cut has left. */
export const openTo = (place: StorePlace, isResumed: boolean): Promise<E.Either<Ending, To>> => {
  if (place.is === 'memory') return Promise.resolve(E.left(NO_MEMORY));
  return place.is === 'file' ? openFile(place.path, isResumed) : openEventStoreDb(place, isResumed);
};
