/** Folds what happened to a backend. Total: whatever the order of events, it never fails. */
import type { BackendEvent } from './messages.ts';
import type { BackendState } from './state.ts';

/**
 * Folds one event into a backend's state. Total: it never refuses and never fails.
 *
 * @example
 * import { evolveBackend, noBackend, type TimestampMs } from '@blockledger/domain';
 * evolveBackend(noBackend, { type: 'BackendPaused', backend: 'ceph', reason: 'new disks', at: 5 as TimestampMs }).paused; // => { reason: 'new disks', since: 5 }
 */
export const evolveBackend = (state: BackendState, event: BackendEvent): BackendState => {
  switch (event.type) {
    case 'BackendPaused':
      return { backend: event.backend, paused: { reason: event.reason, since: event.at } };
    case 'BackendResumed':
      return { ...state, paused: null };
    default:
      return event satisfies never;
  }
};
