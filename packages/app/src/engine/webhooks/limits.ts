/** Numbers of the sending side of webhooks, in one place. */

/** A receiver has so long to answer, in ms. */
export const DELIVERY_TIMEOUT_MS = 15_000;
/** Of an answer so much is read, in bytes; the rest is thrown away. */
export const MAX_ANSWER_BYTES = 16 * 1024;
/** Longest pause between two attempts, in ms; also where the receiver asks for a longer one. */
export const LONGEST_PAUSE_MS = 15 * 60_000;
/** An attempt under way has so long to end when its webhook is stopped, in ms; then it is cut, and made again later. */
export const STOP_GRACE_MS = 2_000;
/** How far deliveries got is recorded after so many of them, */
export const RECORD_EVERY = 100;
/** or so long after one of them, in ms. */
export const RECORD_AFTER_MS = 5_000;
/** Where a filter passes over so many positions, that is recorded, too: a restart begins there. */
export const PASSED_OVER = 10_000;
/** Outcomes that are remembered of each webhook. */
export const KEPT_DELIVERIES = 100;
