/** The store in EventStoreDB, where its client is installed: it is loaded only by who needs it. */
import type * as StoreModule from '../../eventStores/eventstoredb/index.ts';
import type * as VersionModule from '../../eventStores/eventstoredb/version.ts';
import { reveal, type EventStore, type StoreError } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { ending, type Ending } from '../exit.ts';
import { isHalfCopied } from './copyMark.ts';
import type { EventStoreDbPlace } from './place.ts';

/** The client, and the version that this program is tried with. */
export const CLIENT = '@eventstore/db-client';
export const CLIENT_VERSION = '6.2.1';

const MISSING = ending('config', `a store in EventStoreDB needs the package ${CLIENT}, which is not installed`, `install it beside Blockledger: npm install ${CLIENT}@${CLIENT_VERSION}`);

const isMissing = (thrown: unknown): boolean => thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_MODULE_NOT_FOUND' && thrown.message.includes(CLIENT);

type Modules = readonly [Pick<typeof StoreModule, 'openEventStoreDb'>, Pick<typeof VersionModule, 'serverVersion'>];

const load = async (): Promise<E.Either<Ending, Modules>> => {
  try {
    return E.right(await Promise.all([import('../../eventStores/eventstoredb/index.ts'), import('../../eventStores/eventstoredb/version.ts')]));
  } catch (thrown) {
    if (isMissing(thrown)) return E.left(MISSING);
    throw thrown;
  }
};

/** What is wrong, and what to do. */
const explain = ({ shown }: EventStoreDbPlace, error: StoreError): Ending => {
  const why = 'message' in error ? error.message : error._tag;
  if (error._tag === 'Invalid') return ending('config', `the store ${shown} cannot be opened: ${why}`, 'correct its connection string');
  return ending('unavailable', `the store ${shown} does not answer: ${why}`, 'see whether EventStoreDB runs and can be reached, and whether user, password and certificates are right');
};

/** Opens it. A part of a copy is not taken for a store unless whoever asks goes on with the copy. */
export const openEventStoreDbPlace = async (place: EventStoreDbPlace, { evenHalfCopied = false }: { readonly evenHalfCopied?: boolean } = {}): Promise<E.Either<Ending, EventStore>> => {
  const modules = await load();
  if (E.isLeft(modules)) return modules;
  const [{ openEventStoreDb }] = modules.right;
  const { connectionString, namespace } = place;
  const opened = await openEventStoreDb({ connectionString: reveal(connectionString), ...(namespace === undefined ? {} : { namespace }) });
  if (E.isLeft(opened)) return E.left(explain(place, opened.left));
  const store = opened.right;
  const isHalf = evenHalfCopied ? E.right(false) : await isHalfCopied(store, place.shown);
  if (E.isRight(isHalf) && !isHalf.right) return E.right(store);
  await store.close();
  return E.isLeft(isHalf) ? isHalf : E.left(ending('failed', `the store ${place.shown} holds a part of a copy that was cut`, 'make it whole with `blockledger store copy … --resume`'));
};

/** The version that the server says it has, `unknown` where it does not say. */
export const serverVersionOf = async ({ connectionString }: EventStoreDbPlace): Promise<string> => {
  const modules = await load();
  return E.isLeft(modules) ? 'unknown' : modules.right[1].serverVersion(reveal(connectionString));
};
