/** A snapshot's status for people and for faces. */
import type { StoredRefusal } from '../kernel/settlement.ts';
import { failuresOf } from '../kernel/troubles.ts';
import type { SnapshotState } from './state.ts';

/** What a snapshot is doing. `error`: work failed for good and waits for retry, abandon or deletion. */
export type SnapshotStatus = 'creating' | 'active' | 'deleting' | 'error' | 'deleted';

/**
 * Null for a snapshot that never was.
 *
 * @example
 * import { noSnapshot, snapshotStatus } from '@blockledger/domain';
 * snapshotStatus(noSnapshot); // => null
 * snapshotStatus({ ...noSnapshot, lifecycle: 'deleting' }); // => 'deleting'
 */
export const snapshotStatus = (state: SnapshotState): SnapshotStatus | null => {
  if (state.lifecycle === 'absent') return null;
  if (state.lifecycle !== 'deleted' && failuresOf(state.troubles).length > 0) return 'error';
  return state.lifecycle;
};

/**
 * A snapshot that can be cloned from and rolled back to.
 *
 * @example
 * import { isUsable, noSnapshot } from '@blockledger/domain';
 * isUsable({ ...noSnapshot, lifecycle: 'active' }); // => true
 * isUsable({ ...noSnapshot, lifecycle: 'creating' }); // => false
 */
export const isUsable = (state: SnapshotState): boolean => state.lifecycle === 'active' && state.closedBy === null;

/**
 * How the caller of an operation is answered while the others are asked.
 *
 * @example
 * import { answerOfSnapshot, noSnapshot } from '@blockledger/domain';
 * answerOfSnapshot(noSnapshot, '0b9d7a3e-0000-4000-8000-000000000002'); // => 'accepted'
 */
export const answerOfSnapshot = (state: SnapshotState, operationId: string): StoredRefusal | 'pending' | 'accepted' => {
  const refused = state.refused.find((entry) => entry.operationId === operationId);
  if (refused !== undefined) return refused.refusal;
  const waits = state.operationId === operationId && (state.stage === 'numbering' || state.stage === 'asking');
  return waits ? 'pending' : 'accepted';
};
