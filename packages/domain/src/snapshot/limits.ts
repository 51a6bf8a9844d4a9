/** Limits of a snapshot: every number in one place. How many a volume may have is the volume's limit. */

/** How many refused operations a snapshot remembers for the callers that wait for their answer. */
export const REFUSALS_KEPT = 16;
