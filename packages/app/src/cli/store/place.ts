/** Where a store is: in a file, in memory, or in EventStoreDB. The connection string of the last one is a secret: what is shown has neither user nor password. */
import { readFileSync, statSync } from 'node:fs';
import { reveal, secret, type Secret } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { ending, messageOf, type Ending } from '../exit.ts';

/** A store in EventStoreDB. */
export interface EventStoreDbPlace {
  readonly is: 'eventStoreDb';
  readonly shown: string;
  /** As the client takes it. */
  readonly connectionString: Secret;
  readonly namespace?: string;
}

/** Where a store is. `shown` may be printed. */
export type StorePlace =
  | { readonly is: 'memory'; readonly shown: string }
  | { readonly is: 'file'; readonly shown: string; readonly path: string }
  | EventStoreDbPlace;

const SCHEME = /^esdb(?:\+discover)?:\/\//i;

/** Whether a text names a store in EventStoreDB rather than a file. */
export const isConnectionString = (text: string): boolean => SCHEME.test(text);

/** The hosts alone. A password may hold any character, so what counts is the last `@`. */
const hostsOf = (connectionString: string): string => {
  const rest = connectionString.slice(connectionString.lastIndexOf('@') + 1).replace(SCHEME, '');
  return rest.split(/[/?]/)[0] ?? '';
};

/** Ours, not the client's, which refuses settings that it does not know. */
const NAMESPACE = /([?&])namespace=([^&]*)(&|$)/i;

const eventStoreDbPlace = (text: string): EventStoreDbPlace => {
  const query = text.indexOf('?', text.lastIndexOf('@') + 1);
  const [base, settings] = query < 0 ? [text, ''] : [text.slice(0, query), text.slice(query)];
  const [, , namespace] = NAMESPACE.exec(settings) ?? [];
  const left = settings.replace(NAMESPACE, (_, before: string, __, after: string) => (after === '&' ? before : ''));
  const scheme = SCHEME.exec(text)?.[0].toLowerCase() ?? '';
  return {
    is: 'eventStoreDb',
    shown: `${scheme}${hostsOf(text)}${namespace === undefined ? '' : ` (namespace ${namespace})`}`,
    connectionString: secret(base + left),
    ...(namespace === undefined ? {} : { namespace }),
  };
};

const OTHERS = 0o077;

/** The first line of a file that only its owner can read. */
const readSecret = (path: string): E.Either<Ending, string> => {
  try {
    if ((statSync(path).mode & OTHERS) !== 0) return E.left(ending('config', `others than its owner can read ${path}, which names the store`, `chmod 600 ${path}`));
    const line = readFileSync(path, 'utf8').split('\n')[0]?.trim() ?? '';
    return line === '' ? E.left(ending('config', `${path} is to name the store in its first line, which is empty`)) : E.right(line);
  } catch (thrown) {
    return E.left(ending('config', `${path}, which names the store, cannot be read: ${messageOf(thrown)}`));
  }
};

/** `@file` is looked into; everything else is a path, `:memory:` or a connection string. */
export const placeOfStore = (given: string | Secret): E.Either<Ending, StorePlace> => {
  const text = typeof given === 'string' ? given : reveal(given);
  if (text.startsWith('@')) {
    const named = readSecret(text.slice(1));
    return E.isLeft(named) ? named : placeOfStore(secret(named.right));
  }
  if (isConnectionString(text)) return E.right(eventStoreDbPlace(text));
  return E.right(text === ':memory:' ? { is: 'memory', shown: text } : { is: 'file', shown: text, path: text });
};

/** What a configuration file is told of the store: its path. A connection string is nothing to make other paths of. */
export const givenPath = (store: string | undefined): { readonly store?: string } => (store === undefined || store.startsWith('@') || isConnectionString(store) ? {} : { store });
