/** Recognising a repeat: the caller lost the answer of an append and sends it again under the same event ids. */
import * as E from 'fp-ts/lib/Either.js';
import type { Appended, StoredEvent, StoreError } from '@blockledger/domain';
import { conflict, invalid } from './errors.ts';
import { sameJson } from './json.ts';
import type { PreparedAppend } from './prepare.ts';

const isSame = (json: string, stored: StoredEvent): boolean => {
  const { eventId, type, schemaVersion, data, meta } = stored;
  return sameJson(JSON.parse(json), { eventId, type, schemaVersion, data, meta });
};

/**
 * What an append that cannot simply be stored, because the stream is at another revision (`actual`, -1 = none), is answered with. `there` are the
 * events that stand where a repeat would have put its own: behind the revision that it expects, as many as it has. The answer of the first append, if
 * this is a repeat of it; `Invalid`, if an id belongs to another event there, or some ids are known and others are not; otherwise `Conflict`.
 */
export const answerRepeat = (append: PreparedAppend, actual: number, there: readonly StoredEvent[]): E.Either<StoreError, Appended> => {
  const inPlace = new Map(there.map((event) => [event.eventId, event]));
  let last: StoredEvent | undefined;
  let known = 0;
  let ordered = 0;
  for (const [at, { eventId, json }] of append.events.entries()) {
    const stored = inPlace.get(eventId);
    if (stored === undefined) continue;
    if (!isSame(json, stored)) return E.left(invalid(`event id ${eventId} belongs to another event: revision ${stored.revision} of ${stored.stream}`));
    known += 1;
    if (stored.revision === append.previous + 1 + at) ordered += 1;
    last = stored;
  }
  if (last === undefined || (known === append.events.length && ordered < known)) return E.left(conflict(append.stream, append.expected, actual));
  if (known < append.events.length) return E.left(invalid(`the append to ${append.stream} repeats ${known} of its ${append.events.length} event ids, and adds others`));
  return E.right({ revision: last.revision, position: last.position });
};
