/** Sizes: Cinder counts in GiB and calls them GB, everything of ours is bytes (S1-40). */
import { GIB } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { cinderError, type CinderError } from '../errors.ts';

/**
 * Bytes of a size that Cinder gives: whole GiB, at least 1 (S1-30, S1-40). Refused as `InvalidInput` otherwise.
 *
 * @example
 * import { bytesOfGib } from '@blockledger/app/cinder-driver';
 * bytesOfGib(10); // => { _tag: 'Right', right: 10737418240 }
 * bytesOfGib(0.5)._tag; // => 'Left'
 */
export const bytesOfGib = (gib: number): E.Either<CinderError, number> =>
  Number.isSafeInteger(gib) && gib > 0 && Number.isSafeInteger(gib * GIB) ? E.right(gib * GIB) : E.left(cinderError('InvalidInput', 'SizeOutOfRange', `a size must be a whole number of GiB, at least 1: ${gib}`));

/**
 * GiB of a size in bytes, with a fraction where there is one (S1-29).
 *
 * @example
 * import { gibOfBytes } from '@blockledger/app/cinder-driver';
 * gibOfBytes(10995116277760); // => 10240
 */
export const gibOfBytes = (bytes: number): number => bytes / GIB;
