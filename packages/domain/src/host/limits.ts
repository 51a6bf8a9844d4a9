/** Limits of a host: every number in one place. */

/** Addresses that one host has. */
export const MAX_ADDRESSES = 64;
/** Longest reason for a pause or a declaration, in characters. */
export const MAX_HOST_REASON = 255;
/** Whoever says that a host is not admitted, so soon after it was, looked before. */
export const ADMISSION_SETTLES_MS = 30_000;
/** How many refused operations a host remembers for the callers that wait for their answer. */
export const REFUSALS_KEPT = 16;
