/** Limits of a webhook: every number in one place. */

const HOUR_MS = 3_600_000;

/** Webhooks that one installation has. */
export const MAX_WEBHOOKS = 100;
/** Longest address, in characters. */
export const MAX_URL_LENGTH = 2048;
/** So many kinds, ids or types may stand in each list of a filter. */
export const MAX_FILTER_ENTRIES = 256;
/** Shortest signing key, in bytes, as Standard Webhooks has it. */
export const MIN_SECRET_BYTES = 24;
/** Longest signing key, in bytes. */
export const MAX_SECRET_BYTES = 64;
/** After a rotation, deliveries are signed with the old secret, too, for so long. */
export const SECRET_GRACE_MS = 24 * HOUR_MS;
/** A webhook that has failed for so long is disabled. */
export const DISABLE_AFTER_MS = 72 * HOUR_MS;
