/** Why the client has no answer. */
import type { Problem } from '../api/problem.ts';

/**
 * - `Refused`: the service said no, and why. - `Unreachable`: nobody answered, or not in time; a change may have been made, and repeating it
 *   with the same key is safe. - `Unexpected`: what answered is not a Blockledger service, or a newer one. - `NotSent`: what was given cannot be
 *   part of an address (nothing, `.` or `..`), and would have led to another resource: nothing was sent.
 */
export type ClientFailure =
  | { readonly _tag: 'Refused'; readonly status: number; readonly problem: Problem }
  | { readonly _tag: 'Unreachable'; readonly message: string }
  | { readonly _tag: 'Unexpected'; readonly status: number; readonly message: string }
  | { readonly _tag: 'NotSent'; readonly message: string };

/**
 * A sentence about a failure, for people.
 *
 * @example
 * import { failureMessage } from '@blockledger/app/client';
 * failureMessage({ _tag: 'Unreachable', message: 'it does not answer' }); // => 'it does not answer'
 */
export const failureMessage = (failure: ClientFailure): string => (failure._tag === 'Refused' ? failure.problem.detail : failure.message);
