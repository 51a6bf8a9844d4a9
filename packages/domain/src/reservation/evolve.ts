/** Folds what happened. Total: no order of events makes it fail. */
import type { ReservationEvent } from './messages.ts';
import { bucketOf, holdingOf, type Bucket, type ReservationState } from './state.ts';

const withBucket = (state: ReservationState, holder: string, change: (bucket: Bucket) => Bucket): ReservationState['buckets'] => {
  const key = bucketOf(holder);
  return { ...state.buckets, [key]: change(state.buckets[key] ?? {}) };
};

/**
 * Folds one event into a reservation's state. Total: it never refuses and never fails.
 *
 * @example
 * import { evolveReservation, noReservation, type TimestampMs } from '@blockledger/domain';
 * const reserved = { type: 'Reserved', holder: 'db-1', amount: 1, number: 1, limit: null, at: 0 as TimestampMs } as const;
 * evolveReservation(noReservation, reserved).next; // => 2
 */
export const evolveReservation = (state: ReservationState, event: ReservationEvent): ReservationState => {
  const before = holdingOf(state, event.holder)?.amount ?? 0;
  switch (event.type) {
    case 'Reserved':
      return {
        buckets: withBucket(state, event.holder, (bucket) => ({ ...bucket, [event.holder]: { amount: event.amount, number: event.number } })),
        total: state.total - before + event.amount,
        next: event.number === null ? state.next : Math.max(state.next, event.number + 1),
      };
    case 'Released':
      return {
        ...state,
        buckets: withBucket(state, event.holder, (bucket) => Object.fromEntries(Object.entries(bucket).filter(([key]) => key !== event.holder))),
        total: state.total - before,
      };
    default:
      return event satisfies never;
  }
};
