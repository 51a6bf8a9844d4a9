/** A snapshot's status for people and for faces. */
import type { StoredRefusal } from '../kernel/settlement.ts';
import { failuresOf } from '../kernel/troubles.ts';
import type { SnapshotState } from './state.ts';

/** What a snapshot is doing. `error`: work failed for good and waits for retry, abandon or deletion. */
export type SnapshotStatus = 'creating' | 'active' | 'deleting' | 'error' | 'deleted';

/** Null for a snapshot that never was. */
export const snapshotStatus = (state: SnapshotState): SnapshotStatus | null => {
  if (state.lifecycle === 'absent') return null;
  if (state.lifecycle !== 'deleted' && failuresOf(state.troubles).length > 0) return 'error';
  return state.lifecycle;
};

/** A snapshot that can be cloned from and rolled back to. */
export const isUsable = (state: SnapshotState): boolean => state.lifecycle === 'active' && state.closedBy === null;

/** How the caller of an operation is answered while the others are asked. */
export const answerOfSnapshot = (state: SnapshotState, operationId: string): StoredRefusal | 'pending' | 'accepted' => {
  const refused = state.refused.find((entry) => entry.operationId === operationId);
  if (refused !== undefined) return refused.refusal;
  const waits = state.operationId === operationId && (state.stage === 'numbering' || state.stage === 'asking');
  return waits ? 'pending' : 'accepted';
};
