/** Sizes in bytes and moments in milliseconds. Bytes everywhere; rounding happens once, before an event is made. */
import * as t from 'io-ts';

/** 2^10 bytes. */
export const KIB = 1024;
/** 2^20 bytes. */
export const MIB = 1024 * KIB;
/** 2^30 bytes. */
export const GIB = 1024 * MIB;
/** 2^40 bytes. */
export const TIB = 1024 * GIB;

const isCount = (n: number): boolean => Number.isSafeInteger(n) && n >= 0;

/** What tells `Bytes` from any other number, for the compiler only. */
export interface BytesBrand {
  readonly Bytes: unique symbol;
}
/** What tells `TimestampMs` from any other number, for the compiler only. */
export interface TimestampMsBrand {
  readonly TimestampMs: unique symbol;
}

/** A whole, non-negative number of bytes, exact in a JavaScript number (S0-3). */
export type Bytes = t.Branded<number, BytesBrand>;
/** The codec of `Bytes`: 0 to 2^53 − 1, whole. */
export const Bytes = t.brand(t.number, (n): n is Bytes => isCount(n), 'Bytes');

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type TimestampMs = t.Branded<number, TimestampMsBrand>;
/** The codec of `TimestampMs`: 0 to 2^53 − 1, whole. */
export const TimestampMs = t.brand(t.number, (n): n is TimestampMs => isCount(n), 'TimestampMs');

/** A whole number, zero or more. */
export const Count = t.refinement(t.number, isCount, 'Count');

/**
 * The smallest multiple of `granularity` that is not below `bytes` (R-25: round up, explicitly).
 *
 * @example
 * import { MIB, roundUp } from '@blockledger/domain';
 * roundUp(MIB + 1, MIB) === 2 * MIB; // => true
 * roundUp(MIB, MIB) === MIB; // => true
 */
export const roundUp = (bytes: number, granularity: number): Bytes => (Math.ceil(bytes / granularity) * granularity) as Bytes;
