/** Limits of a backend's aggregate: every number in one place. */

/** Longest name of a backend in a configuration, in UTF-16 code units. */
export const MAX_BACKEND_NAME_LENGTH = 255;
/** Longest reason of a pause, in UTF-16 code units. */
export const MAX_PAUSE_REASON_LENGTH = 255;
