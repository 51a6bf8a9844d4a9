/** Who holds what. Holders are spread over buckets so that one more among a hundred thousand is cheap to add. */
import { BUCKETS, FIRST_NUMBER } from './limits.ts';

export interface Holding {
  readonly amount: number;
  /** The number handed out, for keys that hand out numbers. */
  readonly number: number | null;
}

export type Bucket = Readonly<Record<string, Holding>>;

export interface ReservationState {
  readonly buckets: Readonly<Record<string, Bucket>>;
  readonly total: number;
  readonly next: number;
}

export const noReservation: ReservationState = { buckets: {}, total: 0, next: FIRST_NUMBER };

/** The bucket of a holder: a small hash, stable for ever. */
export const bucketOf = (holder: string): string => {
  let hash = 0;
  for (let i = 0; i < holder.length; i += 1) hash = (Math.imul(hash, 31) + holder.charCodeAt(i)) >>> 0;
  return String(hash % BUCKETS);
};

export const holdingOf = (state: ReservationState, holder: string): Holding | undefined => {
  const bucket = state.buckets[bucketOf(holder)];
  return bucket !== undefined && Object.hasOwn(bucket, holder) ? bucket[holder] : undefined;
};
