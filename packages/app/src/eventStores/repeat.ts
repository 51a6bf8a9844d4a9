/** Recognising a repeat: the caller lost the answer of an append and sends it again under the same event ids. */
import * as E from 'fp-ts/lib/Either.js';
import type { Appended, StoredEvent, StoreError } from '@blockledger/domain';
import { conflict, invalid } from './errors.ts';
import { sameJson } from './json.ts';
import type { PreparedAppend } from './prepare.ts';

/** The stored event of an id, or undefined. */
export type FindById = (eventId: string) => E.Either<StoreError, StoredEvent | undefined>;

const isSame = (json: string, stored: StoredEvent): boolean => {
  const { eventId, type, schemaVersion, data, meta } = stored;
  return sameJson(JSON.parse(json), { eventId, type, schemaVersion, data, meta });
};

/**
 * What an append that cannot simply be stored is answered with: because the stream is at another revision (`actual`, -1 = none),
 * or because one of its ids is known. The answer of the first append, if this is a repeat of it at the same expected
 * revision; `Invalid`, if an id belongs to another event; otherwise `Conflict`.
 */
export const answerRepeat = (append: PreparedAppend, actual: number, find: FindById): E.Either<StoreError, Appended> => {
  let last: StoredEvent | undefined;
  let known = 0;
  let inPlace = 0;
  for (const [at, { eventId, json }] of append.events.entries()) {
    const found = find(eventId);
    if (E.isLeft(found)) return found;
    const stored = found.right;
    if (stored === undefined) continue;
    if (stored.stream !== append.stream || !isSame(json, stored)) {
      return E.left(invalid(`event id ${eventId} belongs to another event: revision ${stored.revision} of ${stored.stream}`));
    }
    known += 1;
    if (stored.revision === append.previous + 1 + at) inPlace += 1;
    last = stored;
  }
  if (last === undefined || (known === append.events.length && inPlace < known)) {
    return E.left(conflict(append.stream, append.expected, actual));
  }
  if (known < append.events.length) {
    return E.left(invalid(`the append to ${append.stream} repeats ${known} of its ${append.events.length} event ids, and adds others`));
  }
  return E.right({ revision: last.revision, position: last.position });
};
