/** Opens the store that the settings name. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { EventStore, StoreError } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { memoryStore } from '../eventStores/memory/index.ts';
import { openSqliteStore } from '../eventStores/sqlite/index.ts';
import { openEventStoreDbPlace } from './store/eventStoreDb.ts';
import type { StorePlace } from './store/place.ts';
import { ending, messageOf, type Ending } from './exit.ts';

const explain = (path: string, error: StoreError): Ending => {
  switch (error._tag) {
    case 'Locked':
      return ending('inUse', `the store ${path} is in use by ${error.owner}`, 'stop that process, or give another file with --store');
    case 'Corrupt':
      return ending('unavailable', `the store ${path} cannot be read at position ${error.position}: ${error.message}`, 'restore it from a backup');
    default:
      return ending('unavailable', `the store ${path} cannot be opened: ${error._tag}${'message' in error ? `: ${error.message}` : ''}`);
  }
};

/** A SQLite file, in a folder that is created; EventStoreDB; or memory. */
export const openStore = async (place: StorePlace): Promise<E.Either<Ending, EventStore>> => {
  if (place.is === 'memory') return E.right(memoryStore());
  if (place.is === 'eventStoreDb') return openEventStoreDbPlace(place);
  const { path } = place;
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch (thrown) {
    return E.left(ending('unavailable', `the folder of the store ${path} cannot be made: ${messageOf(thrown)}`));
  }
  return E.mapLeft((error: StoreError) => explain(path, error))(await openSqliteStore({ path }));
};
