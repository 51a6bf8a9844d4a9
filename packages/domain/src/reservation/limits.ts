/** Limits of reservations: every number in one place. */

/** A name, a serial number: one holder. */
export const HOLDERS_OF_A_NAME = 1;
/** REST integers start here and are never used again (S0-3). */
export const FIRST_NUMBER = 1;
/** Over how many parts a ledger's holders are spread, so that adding one among very many copies only a small part. */
export const BUCKETS = 256;
/** Access paths that may have virtual IPs (S0-69). */
export const MAX_VIP_PATHS = 8;
