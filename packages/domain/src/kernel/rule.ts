/** Rules are named values; `decide` is a list of their names and reads like the specification. */
import * as E from 'fp-ts/lib/Either.js';
import type { Refusal } from './refusal.ts';

/** A rule looks at a case and returns the refusal that stands in the way, or nothing. */
export type Rule<Case, R extends Refusal> = (subject: Case) => R | undefined;

/**
 * Checks the rules in order; the first refusal wins.
 *
 * @example
 * import { obey } from '@blockledger/domain';
 * const positive = (n: number) =>
 *   n > 0 ? undefined : { _tag: 'NotPositive', rule: 'positive', spec: 'R-25', message: `${n} is not positive`, remedy: 'ask for more' };
 * obey(3, positive)._tag === 'Right'; // => true
 * obey(0, positive)._tag === 'Left'; // => true
 */
export const obey = <Case, R extends Refusal>(subject: Case, ...rules: readonly Rule<Case, R>[]): E.Either<R, Case> => {
  for (const rule of rules) {
    const refusal = rule(subject);
    if (refusal !== undefined) return E.left(refusal);
  }
  return E.right(subject);
};
