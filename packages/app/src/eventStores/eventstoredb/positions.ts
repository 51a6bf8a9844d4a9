/**
 * Places in the log. EventStoreDB counts bytes and begins to read only where an event begins; a position of ours is twice that number. So the
 * position of an event is even and reads from that event on, and one more is odd and reads from behind it: both begin at the same byte.
 */
import type { Position } from '@eventstore/db-client';
import * as E from 'fp-ts/lib/Either.js';
import type { StoreError } from '@blockledger/domain';
import { corrupt } from '../errors.ts';

/** Bytes of log that positions can tell apart: 4.5 PB. */
const LIMIT_BYTES = BigInt(Number.MAX_SAFE_INTEGER) / 2n;

/** The position of an event. A server that tells none where a stream is read is no use here. */
export const positionOf = (at: Position | undefined): E.Either<StoreError, number> => {
  if (at === undefined || at.commit < 0n || at.commit > LIMIT_BYTES) {
    return E.left(corrupt(-1, `EventStoreDB gives an event the position ${at?.commit ?? 'none'}: a number below ${LIMIT_BYTES} is needed`));
  }
  return E.right(Number(at.commit) * 2);
};

/** Where to begin so that everything from a position on is read. From an odd position the event before it comes first, and is not wanted. */
export const placeOf = (fromPosition: number): Position | 'start' => {
  if (fromPosition === 0) return 'start';
  const byte = BigInt(Math.floor(fromPosition / 2));
  return { commit: byte, prepare: byte };
};
