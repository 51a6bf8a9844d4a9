/** What the double's log holds. */

/** The revision of a tombstone, and the `$tb` of a stream that was deleted: the greatest 64-bit integer. As a number it is rounded up to 2^63. */
export const LAST_REVISION = 2 ** 63;

/** What a client wants to be written. */
export interface Proposed {
  readonly id: string;
  readonly type: string;
  readonly json: boolean;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

/** One event of the log. `position` is the byte where its record begins; `end`, the byte after its record. */
export interface Recorded extends Proposed {
  readonly stream: string;
  readonly revision: number;
  readonly position: number;
  readonly end: number;
  readonly createdMs: number;
}

/** A place in $all as clients name it. */
export interface Position {
  readonly commit: number;
  readonly prepare: number;
}

const FRAMING_AND_FIXED_FIELDS = 88;

/** How long the record of an event is, in bytes: lengths before and after, fixed fields, the names, what is in it. */
export const recordLength = (stream: string, { type, data, metadata }: Proposed): number =>
  FRAMING_AND_FIXED_FIELDS + Buffer.byteLength(stream) + Buffer.byteLength(type) + data.length + metadata.length;

/** What the server counts of an event against the greatest append: two bytes for each letter of its type. */
export const countedSize = ({ type, data, metadata }: Proposed): number => data.length + metadata.length + type.length * 2;

/** Whether a stream is the server's own. */
export const isSystemStream = (stream: string): boolean => stream.startsWith('$');

const OF_ALL_GROUP = /^\$persistentsubscription-\$all::.*-(checkpoint|parked)$/u;

/** Whether $all shows an event: all of them, but for what the server keeps about its epochs and about persistent subscriptions to $all. */
export const isShownInAll = ({ stream }: Recorded): boolean => stream !== '$epoch-information' && !OF_ALL_GROUP.test(stream);

/** The data of an event, read as JSON. */
export const jsonOf = (event: Proposed): unknown => JSON.parse(Buffer.from(event.data).toString('utf8'));

/** Negative when `a` is before `b`. */
export const comparePositions = (a: Position, b: Position): number => (a.commit === b.commit ? a.prepare - b.prepare : a.commit - b.commit);

/** The place of an event in $all: every event commits itself, so both halves are the same. */
export const positionOf = ({ position }: Recorded): Position => ({ commit: position, prepare: position });
