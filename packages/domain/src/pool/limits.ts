/** Limits of a pool: every number in one place. */

/** Provisioned bytes may be at most this many times the total. */
export const MAX_OVER_SUBSCRIPTION = 1000;
/** Provisioned bytes may at least fill the pool. */
export const MIN_OVER_SUBSCRIPTION = 1;
/** What a pool gets when nobody says otherwise (S1-29). */
export const DEFAULT_OVER_SUBSCRIPTION = 20;
/** How many refused operations a pool remembers for the callers that wait for their answer. */
export const REFUSALS_KEPT = 16;
