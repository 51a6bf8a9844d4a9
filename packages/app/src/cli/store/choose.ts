/** Which store a command is about, and opening its file. */
import { existsSync } from 'node:fs';
import type { StoreError } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { openStoreFile, type StoreFile } from '../../eventStores/sqlite/index.ts';
import { CONFIG_FILES, usualConfig } from '../defaults.ts';
import { ending, type Ending } from '../exit.ts';
import { loadConfig } from '../loadConfig.ts';
import { discover, nearest } from '../service/discovery.ts';

/** What was said about it. */
export interface StoreChoice {
  readonly store: string | undefined;
  readonly config: string | undefined;
}

const NO_FILE = ending('usage', 'a store in memory has no file', 'name the file with --store');

/** Flags go before the environment, that before the service that runs here, and that before the configuration file. */
export const choosePath = async ({ store, config }: StoreChoice, environment: Readonly<Record<string, string | undefined>>): Promise<E.Either<Ending, string>> => {
  const given = store ?? environment['BLOCKLEDGER_STORE'];
  if (given === ':memory:') return E.left(NO_FILE);
  if (given !== undefined && given !== '') return E.right(given);
  const running = config === undefined ? nearest(discover(environment)) : undefined;
  if (running !== undefined) return running.store.endsWith(':memory:') ? E.left(NO_FILE) : E.right(running.store);
  if (config === undefined && !existsSync(usualConfig())) {
    return E.left(ending('usage', 'which store?', `name its file with --store or BLOCKLEDGER_STORE, or the configuration file with --config (there is no ${CONFIG_FILES[0]} here)`));
  }
  const loaded = await loadConfig(config ?? usualConfig(), {});
  if (E.isLeft(loaded)) return loaded;
  await loaded.right.close?.();
  return loaded.right.store === ':memory:' ? E.left(NO_FILE) : E.right(loaded.right.store);
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

/** Opens the file that was chosen. */
export const openChosen = async (choice: StoreChoice, environment: Readonly<Record<string, string | undefined>>): Promise<E.Either<Ending, StoreFile>> => {
  const path = await choosePath(choice, environment);
  if (E.isLeft(path)) return path;
  const file = openStoreFile(path.right);
  if (E.isRight(file)) return file;
  const why = storeTrouble(file.left);
  return E.left(file.left._tag === 'Corrupt' ? ending('failed', `the store ${path.right} is damaged: ${why}`, 'restore it from a backup') : ending('unavailable', `the store cannot be read: ${why}`));
};
