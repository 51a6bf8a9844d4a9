/** Limits of an access token: every number in one place. */

/** Longest name, in characters; they are ASCII. */
export const MAX_TOKEN_NAME_LENGTH = 64;
/** Longest tenant, in UTF-16 code units. */
export const MAX_TENANT_LENGTH = 128;
/** A token that expires does so within so long: ten years, leap days counted. One without an expiry lives until it is revoked. */
export const MAX_TOKEN_LIFETIME_MS = 3_653 * 24 * 3_600_000;
/** Longest reason of a revocation, in UTF-16 code units. */
export const MAX_REASON_LENGTH = 255;
