/** Numbers of the REST face, in one place. */

/** The source's port (S0-1). */
export const DEFAULT_PORT = 8056;
/** Only this machine, unless told otherwise. */
export const DEFAULT_HOST = '127.0.0.1';
/** Longest reference in a path: a UUID, a colon and a verb fit well. */
export const MAX_REF_LENGTH = 200;
/** A client has so long to send its request, in ms. */
export const REQUEST_TIMEOUT_MS = 30_000;
