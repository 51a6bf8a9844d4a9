/** Numbers of the REST face, in one place. */

/** The source's port (S0-1). */
export const DEFAULT_PORT = 8056;
/** Only this machine, unless told otherwise. */
export const DEFAULT_HOST = '127.0.0.1';
/** Where the source has its interface (S0-1). */
export const API_ROOT = '/api/v1';
/** Longest request body, in bytes. */
export const MAX_BODY_BYTES = 1024 * 1024;
/** A page holds at most so many, unless everything is asked for with −1 (S0-4). */
export const MAX_PAGE = 1000;
/** A page that nobody asked a size for. */
export const DEFAULT_PAGE = 100;
/** Longest `Idempotency-Key`, in characters. */
export const MAX_KEY_LENGTH = 255;
/** Longest reference in a path: a UUID, a colon and a verb fit well. */
export const MAX_REF_LENGTH = 200;
/** A client has so long to send its request, in ms. */
export const REQUEST_TIMEOUT_MS = 30_000;
