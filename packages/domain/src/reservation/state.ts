/** Who holds what. Holders are spread over buckets so that one more among a hundred thousand is cheap to add. */
import { BUCKETS, FIRST_NUMBER } from './limits.ts';

/** What one holder has. `amount` is in bytes for capacity and space, else 1. */
export interface Holding {
  readonly amount: number;
  /** The number handed out, for keys that hand out numbers. */
  readonly number: number | null;
}

/** Holdings by their holder. */
export type Bucket = Readonly<Record<string, Holding>>;

/** A reservation's folded stream. `total` is the sum of all holdings, `next` the number that is handed out next. */
export interface ReservationState {
  readonly buckets: Readonly<Record<string, Bucket>>;
  readonly total: number;
  readonly next: number;
}

/** The state before the first event. */
export const noReservation: ReservationState = { buckets: {}, total: 0, next: FIRST_NUMBER };

/**
 * The bucket of a holder: a small hash, stable for ever.
 *
 * @example
 * import { BUCKETS, bucketOf } from '@blockledger/domain';
 * bucketOf('volume 7') === bucketOf('volume 7') && Number(bucketOf('volume 7')) < BUCKETS; // => true
 */
export const bucketOf = (holder: string): string => {
  let hash = 0;
  for (let i = 0; i < holder.length; i += 1) hash = (Math.imul(hash, 31) + holder.charCodeAt(i)) >>> 0;
  return String(hash % BUCKETS);
};

/**
 * What a holder has, or nothing.
 *
 * @example
 * import { bucketOf, holdingOf, noReservation } from '@blockledger/domain';
 * const state = { ...noReservation, buckets: { [bucketOf('me')]: { me: { amount: 1, number: 7 } } } };
 * holdingOf(state, 'me'); // => { amount: 1, number: 7 }
 * holdingOf(state, 'you'); // => undefined
 */
export const holdingOf = (state: ReservationState, holder: string): Holding | undefined => {
  const bucket = state.buckets[bucketOf(holder)];
  return bucket !== undefined && Object.hasOwn(bucket, holder) ? bucket[holder] : undefined;
};
