/** Tables of refusals: one row per fact that can stand in the way, with the rule, where it is written and what the caller can do. */
import type { Refusal } from './refusal.ts';

/** A row of a table of refusals: the rule that was broken, where it is written, and the way out. */
export interface RefusalRow {
  readonly rule: string;
  readonly spec: string;
  readonly remedy: string;
}

/** What a refusal adds to its row: the sentence, and the values compared. */
export interface RefusalDetails {
  readonly value?: unknown;
  readonly limit?: unknown;
  readonly operationId?: string;
}

/**
 * A constructor for the refusals of a table.
 *
 * @example
 * import { refusalsOf } from '@blockledger/domain';
 * const refuse = refusalsOf({ TooBig: { rule: 'sizeInRange', spec: 'S0-17', remedy: 'ask for less' } });
 * refuse('TooBig', '2 is above 1', { value: 2, limit: 1 }).rule === 'sizeInRange'; // => true
 */
export const refusalsOf =
  <Tag extends string>(table: Readonly<Record<Tag, RefusalRow>>) =>
  (tag: Tag, message: string, details: RefusalDetails = {}): Refusal & { readonly _tag: Tag } => ({ _tag: tag, ...table[tag], message, ...details });
