/** The commands by which a driver tells an aggregate how its owed work ended, and the events of work that goes badly: alike in every aggregate. */
import * as t from 'io-ts';
import { BackendResult } from '../ports/blockBackend.ts';
import { OperationId } from './ids.ts';
import { PortError } from './portError.ts';
import { Count, TimestampMs } from './quantities.ts';
import type { CallResult, Outcome } from './work.ts';

/** A refusal as it is stored: the caller's answer, kept word for word (I-16). */
export const StoredRefusal = t.readonly(
  t.intersection([
    t.strict({ _tag: t.string, rule: t.string, spec: t.string, message: t.string, remedy: t.string }),
    t.partial({ value: t.unknown, limit: t.unknown, operationId: t.string }),
  ]),
  'StoredRefusal',
);
/** A value of the codec `StoredRefusal`. */
export type StoredRefusal = t.TypeOf<typeof StoredRefusal>;

/**
 * Fields of the four settlement commands; every aggregate with owed work takes them, beside its own id. `result` is what its calls report.
 *
 * @example
 * import { settlementCommandsOf, VipResult } from '@blockledger/domain';
 * Object.keys(settlementCommandsOf(VipResult)); // => ['ConfirmWork', 'RefuseWork', 'FailWork', 'DelayWork']
 */
export const settlementCommandsOf = <R extends t.Mixed>(result: R) =>
  ({
    ConfirmWork: { workId: t.string, result, number: t.union([t.null, Count]) },
    RefuseWork: { workId: t.string, refusal: StoredRefusal },
    FailWork: { workId: t.string, error: PortError },
    DelayWork: { workId: t.string, error: PortError },
  }) as const;

/** The settlement commands of an aggregate whose work is done by block backends. */
export const settlementCommands = settlementCommandsOf(BackendResult);

/** Events of work in trouble; `workId` is without its round. */
export const troubleEvents = {
  /** The first failure of work that goes on being retried. */
  WorkDelayed: { operationId: OperationId, work: t.string, error: PortError, at: TimestampMs },
  /** The final failure: the resource shows `error` and offers retry or abandon. */
  WorkFailed: { operationId: OperationId, work: t.string, error: PortError, at: TimestampMs },
  /** Somebody asked to try again. */
  WorkRetried: { operationId: OperationId, work: t.string, at: TimestampMs },
} as const;

/**
 * How a piece of owed work ended, as a command to its owner: done, refused by another aggregate, failed for good, or failed for now.
 * `number` is the one that a reservation handed out, null where none did.
 */
export type Settlement =
  | { readonly type: 'ConfirmWork'; readonly workId: string; readonly result: CallResult; readonly number: number | null }
  | { readonly type: 'RefuseWork'; readonly workId: string; readonly refusal: StoredRefusal }
  | { readonly type: 'FailWork'; readonly workId: string; readonly error: PortError }
  | { readonly type: 'DelayWork'; readonly workId: string; readonly error: PortError };

/**
 * The settlement command for an outcome. The number is the one that any of the told aggregates handed out.
 *
 * @example
 * import { settlementOf } from '@blockledger/domain';
 * settlementOf('op/reserve', { _tag: 'Told', replies: [{ number: 7 }] }); // => { type: 'ConfirmWork', workId: 'op/reserve', result: {}, number: 7 }
 */
export const settlementOf = (workId: string, outcome: Outcome): Settlement => {
  switch (outcome._tag) {
    case 'Told':
      return { type: 'ConfirmWork', workId, result: {}, number: outcome.replies.find((r) => r.number !== undefined)?.number ?? null };
    case 'Performed':
      return { type: 'ConfirmWork', workId, result: outcome.result, number: null };
    case 'Refused':
      return { type: 'RefuseWork', workId, refusal: outcome.refusal };
    case 'Failed':
      return { type: 'FailWork', workId, error: outcome.error };
    case 'Delayed':
      return { type: 'DelayWork', workId, error: outcome.error };
  }
};
