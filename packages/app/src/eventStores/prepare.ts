/** Checks an append and writes its JSON, once and before it is queued: the commit loop only writes what is known to be good. */
import * as E from 'fp-ts/lib/Either.js';
import { Uuid, type ExpectedRevision, type NewEvent, type StateSnapshot, type StoreError } from '@blockledger/domain';
import { invalid } from './errors.ts';
import { writeJson } from './json.ts';
import { APPEND_LIMIT_EVENTS, EVENT_LIMIT_BYTES, REGISTER_LIMIT_BYTES, STATE_LIMIT_BYTES, STREAM_NAME_LIMIT } from './limits.ts';

/** One event, checked. */
export interface PreparedEvent {
  readonly eventId: string;
  /** JSON of `{eventId, type, schemaVersion, data, meta}`, in this order. */
  readonly json: string;
}

/** One append, checked. `previous` is the revision that the stream must be at, -1 for a stream that must not exist. */
export interface PreparedAppend {
  readonly stream: string;
  readonly streamJson: string;
  readonly expected: ExpectedRevision;
  readonly previous: number;
  readonly events: readonly PreparedEvent[];
}

const isCount = (n: number): boolean => Number.isSafeInteger(n) && n >= 0;

/** Why a stream cannot have this name, or undefined. NUL and lone surrogates would not survive a database. */
const flawOfName = (stream: string): string | undefined => {
  if (stream === '' || stream.length > STREAM_NAME_LIMIT) return `a stream's name has 1 to ${STREAM_NAME_LIMIT} characters`;
  // oxlint-disable-next-line no-control-regex -- NUL is what is looked for
  return /\u0000|\p{Surrogate}/u.test(stream) ? 'a stream\'s name is well-formed text without NUL' : undefined;
};

const prepareEvent = (event: NewEvent): E.Either<StoreError, PreparedEvent> => {
  const { eventId, type, schemaVersion, data, meta } = event;
  if (!Uuid.is(eventId)) return E.left(invalid(`an event id is a lower-case UUID, not "${String(eventId)}"`));
  if (typeof type !== 'string' || type === '') return E.left(invalid(`event ${eventId} has no type`));
  if (!Number.isSafeInteger(schemaVersion) || schemaVersion < 1) {
    return E.left(invalid(`schema version ${schemaVersion} of ${type}: it counts from 1`));
  }
  if (typeof data !== 'object' || data === null) return E.left(invalid(`data of ${type} ${eventId} is not an object`));
  const json = writeJson({ eventId, type, schemaVersion, data, meta }, EVENT_LIMIT_BYTES);
  return E.isLeft(json) ? E.left(invalid(`${type} ${eventId} is not plain JSON of the right size: ${json.left}`)) : E.right({ eventId, json: json.right });
};

/** Checks everything about an append that does not depend on what is stored. Only `Invalid` is answered. */
export const prepareAppend = (
  stream: string,
  expected: ExpectedRevision,
  events: readonly NewEvent[],
): E.Either<StoreError, PreparedAppend> => {
  const flaw = flawOfName(stream);
  if (flaw !== undefined) return E.left(invalid(flaw));
  if (expected !== 'none' && !isCount(expected)) return E.left(invalid(`expected revision ${expected} is neither 'none' nor a count`));
  if (events.length === 0 || events.length > APPEND_LIMIT_EVENTS) {
    return E.left(invalid(`an append has 1 to ${APPEND_LIMIT_EVENTS} events, not ${events.length}`));
  }
  const prepared: PreparedEvent[] = [];
  for (const event of events) {
    const one = prepareEvent(event);
    if (E.isLeft(one)) return one;
    prepared.push(one.right);
  }
  if (new Set(prepared.map(({ eventId }) => eventId)).size < prepared.length) {
    return E.left(invalid('two events of one append have the same id'));
  }
  const previous = expected === 'none' ? -1 : expected;
  return E.right({ stream, streamJson: JSON.stringify(stream), expected, previous, events: prepared });
};

/** The JSON under which a prepared event is stored: the whole `StoredEvent`. */
export const storedJson = (append: PreparedAppend, event: PreparedEvent, revision: number, position: number): string =>
  `{"position":${position},"stream":${append.streamJson},"revision":${revision},${event.json.slice(1)}`;

/** The JSON of a state snapshot's state, or `Invalid`. */
export const prepareState = ({ stream, foldVersion, revision, state }: StateSnapshot): E.Either<StoreError, string> => {
  const flaw = flawOfName(stream);
  if (flaw !== undefined) return E.left(invalid(flaw));
  if (!isCount(foldVersion) || !isCount(revision)) return E.left(invalid('fold version and revision are counts'));
  const json = writeJson(state, STATE_LIMIT_BYTES);
  return E.isLeft(json) ? E.left(invalid(`the state of ${stream} is not plain JSON of the right size: ${json.left}`)) : json;
};

const REGISTER_NAME = /^[\w-]{1,100}$/;

/** `Invalid` unless a register can have this name. */
export const checkRegister = (name: string): StoreError | undefined =>
  REGISTER_NAME.test(name) ? undefined : invalid('a register\'s name has 1 to 100 letters, digits, - and _');

/** The JSON of a register's value, or `Invalid`. */
export const prepareRegister = (name: string, expected: ExpectedRevision, value: object): E.Either<StoreError, string> => {
  const flaw = checkRegister(name);
  if (flaw !== undefined) return E.left(flaw);
  if (expected !== 'none' && !isCount(expected)) return E.left(invalid(`expected revision ${expected} is neither 'none' nor a count`));
  if (typeof value !== 'object' || value === null) return E.left(invalid(`what the register ${name} is to hold is not an object`));
  const json = writeJson(value, REGISTER_LIMIT_BYTES);
  return E.isLeft(json) ? E.left(invalid(`what the register ${name} is to hold is not plain JSON of the right size: ${json.left}`)) : json;
};

/** `Invalid` unless every number given is a count. */
export const checkCounts = (counts: Readonly<Record<string, number>>): StoreError | undefined => {
  for (const [name, n] of Object.entries(counts)) if (!isCount(n)) return invalid(`${name} is a whole number from 0, not ${n}`);
  return undefined;
};
