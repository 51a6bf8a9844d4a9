/** Numbers of the REST contract, in one place. */

/** Where the source has its interface (S0-1). */
export const API_ROOT = '/api/v1';
/** A page holds at most so many, unless everything is asked for with −1 (S0-4). */
export const MAX_PAGE = 1000;
/** A page that nobody asked a size for. */
export const DEFAULT_PAGE = 100;
/** Longest `Idempotency-Key`, in characters. */
export const MAX_KEY_LENGTH = 255;
/** `Prefer: wait=N` waits at most so long, in seconds. */
export const MAX_WAIT_S = 300;
/** The header of every answer with a position in the log: what was answered is seen by whoever knows the log up to it. */
export const POSITION_HEADER = 'Blockledger-Position';
/** The header of a request that must see the log up to a position. */
export const AT_LEAST_HEADER = 'Blockledger-At-Least';
/** So long a request waits for the position that it must see, in ms. */
export const AT_LEAST_WAIT_MS = 5_000;
