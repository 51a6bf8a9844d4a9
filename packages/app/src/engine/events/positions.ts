/** Positions in the log that callers name. */
import type { Refusal } from '@blockledger/domain';
import { refuseEngine } from '../refusals.ts';

/** Before the first event. */
export const BEFORE_ALL = -1;

/** A position that the log does not have: it was given by another log, or by this one before it was restored. */
export const positionOutside = (from: unknown, head: number): Refusal =>
  refuseEngine('PositionNotInLog', `position ${JSON.stringify(from)} is not in this log, which ends at ${head}`, { value: from, limit: { first: BEFORE_ALL, last: head } });
