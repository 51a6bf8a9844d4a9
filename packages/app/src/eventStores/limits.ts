/** The limits of the embedded event stores. Exceeding one is answered with `Invalid`, or `Unavailable` for the queue. */

/** Bytes of one event as stored, in UTF-8 JSON. */
export const EVENT_LIMIT_BYTES = 1_048_576;
/** Events in one append. */
export const APPEND_LIMIT_EVENTS = 10_000;
/** UTF-16 units in a stream's name. The longest are reservations of names: 255 characters, nine units each when they are escaped. */
export const STREAM_NAME_LIMIT = 4_096;
/** Bytes of one state snapshot, in UTF-8 JSON. */
export const STATE_LIMIT_BYTES = 16_777_216;
/** Appends and snapshots that may wait for their commit at one time. */
export const QUEUE_LIMIT = 65_536;
/** Events that are read, checked and handed over together; 256 was the fastest (docs/decisions/0001). */
export const PAGE_EVENTS = 256;
/** Bytes of one register, in UTF-8 JSON. */
export const REGISTER_LIMIT_BYTES = 65_536;
