/** How the streams of one store are named in EventStoreDB, where several stores and other programs may live. */
import * as E from 'fp-ts/lib/Either.js';
import type { StoreError } from '@blockledger/domain';
import { invalid } from '../errors.ts';

/** The names of one store. */
export interface Names {
  /** All streams of events begin with it, and no other. */
  readonly prefix: string;
  /** The name there of a stream of ours: `blockledger.volume-…`, so that its category is `blockledger.volume`. */
  readonly there: (stream: string) => string;
  /** Our name of a stream there; undefined for one that is not ours. */
  readonly here: (name: string) => string | undefined;
  /** Where folded states of a stream are put aside. Not among the events: it does not begin with the prefix. */
  readonly states: (stream: string, foldVersion: number) => string;
  /** Where a register is kept. Not among the events either. */
  readonly register: (name: string) => string;
}

/** Letters, digits and underscores; the first one is no digit. EventStoreDB keeps names with `$` for itself. */
const NAMESPACE = /^[A-Za-z]\w{0,62}$/;

/** The names under a namespace, or `Invalid`. */
export const namesOf = (namespace: string): E.Either<StoreError, Names> => {
  if (!NAMESPACE.test(namespace)) return E.left(invalid(`a namespace is 1 to 63 letters, digits and _, beginning with a letter, not "${namespace}"`));
  const prefix = `${namespace}.`;
  return E.right({
    prefix,
    there: (stream) => prefix + stream,
    here: (name) => (name.startsWith(prefix) ? name.slice(prefix.length) : undefined),
    states: (stream, foldVersion) => `${namespace}_states-${foldVersion}.${stream}`,
    register: (name) => `${namespace}_registers-${name}`,
  });
};
