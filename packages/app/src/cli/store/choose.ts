/** Which store a command is about, and opening its file. */
import { existsSync } from 'node:fs';
import type { Secret, StoreError } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { openStoreFile, type StoreFile } from '../../eventStores/sqlite/index.ts';
import { CONFIG_FILES, usualConfig } from '../defaults.ts';
import { ending, type Ending } from '../exit.ts';
import { loadConfig } from '../loadConfig.ts';
import { discover, nearest } from '../service/discovery.ts';
import { isConnectionString, placeOfStore, type StorePlace } from './place.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What was said about it. */
export interface StoreChoice {
  readonly store: string | undefined;
  readonly config: string | undefined;
}

const NO_FILE = ending('usage', 'a store in memory has no file', 'name the file with --store');

/** Of a service over EventStoreDB, only its own configuration knows the password. */
const nameOf = (running: string): string | undefined => (isConnectionString(running) ? undefined : running);

/** Flags go before the environment, that before the service that runs here, and that before the configuration file. */
const chooseText = async ({ store, config }: StoreChoice, environment: Environment): Promise<E.Either<Ending, string | Secret>> => {
  const given = store ?? environment['BLOCKLEDGER_STORE'];
  if (given !== undefined && given !== '') return E.right(given);
  const running = config === undefined ? nearest(discover(environment)) : undefined;
  const known = running === undefined ? undefined : nameOf(running.store);
  if (known !== undefined) return E.right(known.endsWith(':memory:') ? ':memory:' : known);
  if (config === undefined && !existsSync(usualConfig())) {
    return E.left(ending('usage', 'which store?', `name its file with --store or BLOCKLEDGER_STORE, or the configuration file with --config (there is no ${CONFIG_FILES[0]} here)`));
  }
  const loaded = await loadConfig(config ?? usualConfig(), {});
  if (E.isLeft(loaded)) return loaded;
  await loaded.right.close?.();
  return E.right(loaded.right.store);
};

/** The store that is meant. One in memory is only there for the process that has it. */
export const choosePlace = async (choice: StoreChoice, environment: Environment): Promise<E.Either<Ending, Exclude<StorePlace, { readonly is: 'memory' }>>> => {
  const text = await chooseText(choice, environment);
  const place = E.isLeft(text) ? text : placeOfStore(text.right);
  if (E.isLeft(place)) return place;
  return place.right.is === 'memory' ? E.left(NO_FILE) : E.right(place.right);
};

/** Why a store's file cannot be used, in words. */
export const storeTrouble = (error: StoreError): string => {
  switch (error._tag) {
    case 'Corrupt':
      return `${error.position < 0 ? '' : `position ${error.position}${error.stream === undefined ? '' : ` of ${error.stream}`}: `}${error.message}`;
    case 'Conflict':
      return 'somebody else wrote to it';
    case 'Locked':
    case 'Unavailable':
    case 'Invalid':
      return error.message;
  }
};

/** Opens a store's file. */
export const openFile = (path: string): E.Either<Ending, StoreFile> => {
  const file = openStoreFile(path);
  if (E.isRight(file)) return file;
  const why = storeTrouble(file.left);
  return E.left(file.left._tag === 'Corrupt' ? ending('failed', `the store ${path} is damaged: ${why}`, 'restore it from a backup') : ending('unavailable', `the store cannot be read: ${why}`));
};
