/** What an answer that is not well means (S1-4, S1-5). */
import * as E from 'fp-ts/lib/Either.js';
import { MASK, permanent, type PortError, retryable } from '@blockledger/domain';
import { ErrorAnswer } from './codecs.ts';
import type { ArrayRequest } from './requests.ts';

/** Status codes of the array. */
export const STATUS = { ok: 200, created: 201, bad: 400, unauthorised: 401, forbidden: 403, notFound: 404, conflict: 409, tooMany: 429, fault: 500 } as const;

/** An answer as it came. `body` is undefined where it is no JSON. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Whoever holds an object, a mapping as a rule, lets it go soon or not at all. */
const HELD_MS = 5_000;
const MOST_LETTERS = 300;

/** The object is not the one that we made, or not as we know it; it was not touched. */
export const mismatch = (code: string, message: string, expected?: unknown, found?: unknown): PortError => ({
  _tag: 'Mismatch',
  code,
  message,
  ...(expected === undefined ? {} : { expected }),
  ...(found === undefined ? {} : { found }),
});

/** What this backend cannot do at all; nothing was sent. */
export const unsupported = (capability: string, message: string): PortError => permanent('Unsupported', `${capability}: ${message}`);

/** Somebody holds the object: those who are named, or whoever the array means. */
export const busy = (message: string, watchers: readonly string[] = []): PortError => ({ _tag: 'Retryable', code: 'Busy', message, outcomeUnknown: false, watchers, retryAfterMs: HELD_MS });

/** An effect may still land, so that nothing is concluded from what is not there (I-7). */
export const notConclusive = (message: string, retryAfterMs: number): PortError => ({ _tag: 'Retryable', code: 'NotConclusive', message, outcomeUnknown: false, retryAfterMs });

/** What the array says, on one line, without anything that is secret in the request. */
const told = ({ status, body }: Answer, hidden: readonly string[]): string => {
  const read = ErrorAnswer.decode(body);
  const words = E.isLeft(read) ? '' : [read.right.error, read.right.details].filter((text) => text !== undefined && text !== '').join(': ');
  const shown = hidden.filter((text) => text !== '').reduce((text, secret) => text.replaceAll(secret, MASK), words);
  return `${status}${shown === '' ? '' : ` ${shown.replaceAll(/\s+/g, ' ')}`}`.slice(0, MOST_LETTERS);
};

/** Whether the words of an error match, whatever their case. */
export const says = ({ body }: Answer, pattern: RegExp): boolean => {
  const read = ErrorAnswer.decode(body);
  return E.isRight(read) && pattern.test(`${read.right.error} ${read.right.details ?? ''}`);
};

/** A full pool is a 400 like any other wrong request, and only its words tell (S1-5). */
const NO_SPACE = /insufficient (?:space|capacity)|not enough (?:free )?(?:space|capacity)|no (?:free )?space|only \S+ ?\w* free|out of space/i;
const EXISTS = /already exists|duplicate/i;

/**
 * The error that an answer means where an action has no use for it.
 *
 * @returns `Retryable` for a full pool (`NoSpace`), an object in use (`Busy`) and a fault of the array (`ArrayFault`), `Mismatch` for an
 * object that exists, `Permanent` for everything else.
 *
 * @example
 * import { portErrorOf, requests } from '@blockledger/adapters-qsan';
 * const request = requests.createVolume({ pool: 'Pool-1', name: 'volume-1', sizeBytes: 1, thin: true });
 * const body = { error: 'Insufficient space', code: 400, details: "Pool 'Pool-1' has only 100GB free, requested 500GB" };
 * portErrorOf(request, { status: 400, body }).code; // => 'NoSpace'
 */
export function portErrorOf({ summary, method }: ArrayRequest, answer: Answer, hidden: readonly string[] = []): PortError {
  const message = `${summary}: ${told(answer, hidden)}`;
  const { status } = answer;
  switch (status) {
    case STATUS.bad:
      return says(answer, NO_SPACE) ? retryable('NoSpace', message) : permanent('Invalid', message);
    case STATUS.unauthorised:
      // The array forgot one token after the other, as when it starts anew: nothing was done, and a later try has a token of its own.
      return retryable('Denied', message);
    case STATUS.forbidden:
      return permanent('Denied', message);
    case STATUS.notFound:
      return permanent('NotFound', message);
    case STATUS.conflict:
      return says(answer, EXISTS) ? mismatch('Exists', message) : busy(message);
    case STATUS.tooMany:
      return busy(message);
    default:
      return status >= STATUS.fault ? retryable('ArrayFault', message, method !== 'GET') : permanent('Unexpected', message);
  }
}
