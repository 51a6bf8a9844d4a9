/** Rules are named values; `decide` is a list of their names and reads like the specification. */
import * as E from 'fp-ts/lib/Either.js';
import type { Refusal } from './refusal.ts';

/** A rule looks at a case and returns the refusal that stands in the way, or nothing. */
export type Rule<Case, R extends Refusal> = (subject: Case) => R | undefined;

/**
 * The first of the refusals, or nothing where every rule holds.
 *
 * @example
 * import { firstRefusal } from '@blockledger/domain';
 * firstRefusal(undefined, undefined); // => undefined
 */
export const firstRefusal = <R extends Refusal>(...refusals: readonly (R | undefined)[]): R | undefined => refusals.find((refusal) => refusal !== undefined);

/**
 * The events where every rule holds, or else the first of the refusals.
 *
 * @example
 * import { unlessRefused } from '@blockledger/domain';
 * unlessRefused([undefined], { type: 'LightWentOn' })._tag; // => 'Right'
 */
export const unlessRefused = <R extends Refusal, Event extends { readonly type: string }>(refusals: readonly (R | undefined)[], ...events: readonly Event[]): E.Either<R, readonly Event[]> => {
  const refusal = firstRefusal(...refusals);
  return refusal === undefined ? E.right(events) : E.left(refusal);
};

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
