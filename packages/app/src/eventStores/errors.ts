/** Short ways to say each `StoreError`. */
import type { ExpectedRevision, StoreError } from '@blockledger/domain';

/** Input that can never be stored. */
export const invalid = (message: string): StoreError => ({ _tag: 'Invalid', message });

/** The stream is at another revision. `actual` is -1 for a stream that does not exist. */
export const conflict = (stream: string, expected: ExpectedRevision, actual: number): StoreError => ({
  _tag: 'Conflict',
  stream,
  expected,
  actual: actual === -1 ? 'none' : actual,
});

/** The store cannot answer now. `outcomeUnknown` says that the append may have landed all the same. */
export const unavailable = (message: string, outcomeUnknown = false): StoreError => ({ _tag: 'Unavailable', message, outcomeUnknown });

/** A stored record cannot be read. `position` is -1 where the damage has no position in the log. */
export const corrupt = (position: number, message: string, stream?: string): StoreError => ({
  _tag: 'Corrupt',
  position,
  message,
  ...(stream === undefined ? {} : { stream }),
});

/** The answer of every call after `close`. */
export const closed: StoreError = unavailable('the event store is closed');
