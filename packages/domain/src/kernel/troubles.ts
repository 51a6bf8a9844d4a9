/** Work in trouble: which steps were delayed or failed, and in which round of trying they are. Plain JSON inside a state. */
import type { OperationId } from './ids.ts';
import type { PortError } from './portError.ts';
import type { TimestampMs } from './quantities.ts';

/** Work that did not succeed: why, since when, and whether it is still being tried (I-2). */
export interface Trouble {
  readonly operationId: OperationId;
  readonly error: PortError;
  /** Final: nothing is tried until somebody retries. Otherwise it is being retried. */
  readonly final: boolean;
  readonly since: TimestampMs;
  /** How many times somebody asked to try again; part of the work's id. */
  readonly round: number;
  /** False once a retry was asked for: only the round is remembered. */
  readonly open: boolean;
}

/** By the work's name, `operationId/step`. */
export type Troubles = Readonly<Record<string, Trouble>>;

/** All is well. */
export const noTroubles: Troubles = {};

/** An event of trouble, as every aggregate with owed work has them. */
export interface TroubleEvent {
  readonly type: 'WorkDelayed' | 'WorkFailed' | 'WorkRetried';
  readonly operationId: OperationId;
  readonly work: string;
  readonly at: TimestampMs;
  readonly error?: PortError;
}

const NOTHING: PortError = { _tag: 'Permanent', code: 'None', message: '' };

/**
 * Folds one event of trouble.
 *
 * @example
 * import { noTroubles, withTrouble, type OperationId, type TimestampMs } from '@blockledger/domain';
 * const error = { _tag: 'Permanent', code: 'Gone', message: 'no such pool' } as const;
 * const failed = withTrouble(noTroubles, { type: 'WorkFailed', operationId: 'op' as OperationId, work: 'op/make', error, at: 5 as TimestampMs });
 * failed['op/make']?.final; // => true
 */
export const withTrouble = (troubles: Troubles, event: TroubleEvent): Troubles => {
  const before = troubles[event.work];
  const round = before?.round ?? 0;
  const retried = event.type === 'WorkRetried';
  return {
    ...troubles,
    [event.work]: {
      operationId: event.operationId,
      error: event.error ?? before?.error ?? NOTHING,
      final: event.type === 'WorkFailed',
      since: before?.open === true ? before.since : event.at,
      round: retried ? round + 1 : round,
      open: !retried,
    },
  };
};

/**
 * Forgets the troubles of an operation that ended.
 *
 * @example
 * import { noTroubles, withTrouble, withoutTroubles, type OperationId, type TimestampMs } from '@blockledger/domain';
 * const error = { _tag: 'Permanent', code: 'Gone', message: 'no such pool' } as const;
 * const failed = withTrouble(noTroubles, { type: 'WorkFailed', operationId: 'op' as OperationId, work: 'op/make', error, at: 5 as TimestampMs });
 * withoutTroubles(failed, 'op'); // => {}
 */
export const withoutTroubles = (troubles: Troubles, operationId: string): Troubles =>
  Object.values(troubles).some((trouble) => trouble.operationId === operationId)
    ? Object.fromEntries(Object.entries(troubles).filter(([, trouble]) => trouble.operationId !== operationId))
    : troubles;

/**
 * The id of a piece of work in its present round.
 *
 * @example
 * import { noTroubles, withTrouble, workIdOf, type OperationId, type TimestampMs } from '@blockledger/domain';
 * const error = { _tag: 'Permanent', code: 'Gone', message: 'no such pool' } as const;
 * const failed = withTrouble(noTroubles, { type: 'WorkFailed', operationId: 'op' as OperationId, work: 'op/make', error, at: 5 as TimestampMs });
 * const retried = withTrouble(failed, { type: 'WorkRetried', operationId: 'op' as OperationId, work: 'op/make', at: 6 as TimestampMs });
 * workIdOf(retried, 'op/make'); // => 'op/make#1'
 */
export const workIdOf = (troubles: Troubles, work: string): string => {
  const round = troubles[work]?.round ?? 0;
  return round === 0 ? work : `${work}#${round}`;
};

/** True for work that failed for good and waits for somebody. */
export const isStuck = (troubles: Troubles, work: string): boolean => {
  const trouble = troubles[work];
  return trouble !== undefined && trouble.final && trouble.open;
};

/**
 * The failures that wait for somebody, by the work's name.
 *
 * @example
 * import { failuresOf, noTroubles, withTrouble, type OperationId, type TimestampMs } from '@blockledger/domain';
 * const error = { _tag: 'Permanent', code: 'Gone', message: 'no such pool' } as const;
 * const failed = withTrouble(noTroubles, { type: 'WorkFailed', operationId: 'op' as OperationId, work: 'op/make', error, at: 5 as TimestampMs });
 * failuresOf(failed).map(([work]) => work); // => ['op/make']
 */
export const failuresOf = (troubles: Troubles): readonly (readonly [string, Trouble])[] =>
  Object.entries(troubles).filter(([, trouble]) => trouble.final && trouble.open);

/**
 * The final failure of an operation, if it has one.
 *
 * @example
 * import { failureOf, noTroubles, withTrouble, type OperationId, type TimestampMs } from '@blockledger/domain';
 * const error = { _tag: 'Permanent', code: 'Gone', message: 'no such pool' } as const;
 * const failed = withTrouble(noTroubles, { type: 'WorkFailed', operationId: 'op' as OperationId, work: 'op/make', error, at: 5 as TimestampMs });
 * failureOf(failed, 'op')?.work; // => 'op/make'
 */
export const failureOf = (troubles: Troubles, operationId: string): (Trouble & { readonly work: string }) | undefined => {
  for (const [work, trouble] of failuresOf(troubles)) if (trouble.operationId === operationId) return { ...trouble, work };
  return undefined;
};

/**
 * Closes the troubles of an operation and begins a new round of all its steps.
 *
 * @example
 * import { inNewRound, noTroubles, withTrouble, workIdOf, type OperationId, type TimestampMs } from '@blockledger/domain';
 * const error = { _tag: 'Permanent', code: 'Gone', message: 'no such pool' } as const;
 * const failed = withTrouble(noTroubles, { type: 'WorkFailed', operationId: 'op' as OperationId, work: 'op/make', error, at: 5 as TimestampMs });
 * workIdOf(inNewRound(failed, 'op'), 'op/make'); // => 'op/make#1'
 */
export const inNewRound = (troubles: Troubles, operationId: string): Troubles =>
  Object.fromEntries(
    Object.entries(troubles).map(([work, trouble]) => [work, trouble.operationId === operationId ? { ...trouble, open: false, round: trouble.round + 1 } : trouble]),
  );
