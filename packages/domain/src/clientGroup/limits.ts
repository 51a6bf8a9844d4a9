/** Limits of a client group: every number in one place. */

/** Initiators that one client group has. */
export const MAX_CLIENTS = 256;
/** How many refused operations a client group remembers for the callers that wait for their answer. */
export const REFUSALS_KEPT = 16;
