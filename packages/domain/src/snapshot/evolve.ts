/** Folds what happened to a snapshot. Total: whatever the order of events, it never fails. */
import type { OperationId } from '../kernel/ids.ts';
import type { TimestampMs } from '../kernel/quantities.ts';
import { inNewRound, noTroubles, withoutTroubles, withTrouble } from '../kernel/troubles.ts';
import { REFUSALS_KEPT } from './limits.ts';
import type { SnapshotEvent } from './messages.ts';
import { noSnapshot, type SnapshotFields, type SnapshotStage, type SnapshotState } from './state.ts';

const change = (state: SnapshotState, at: TimestampMs, fields: Partial<SnapshotFields>): SnapshotState =>
  state.snapshot === null ? state : { ...state, snapshot: { ...state.snapshot, ...fields, updatedAt: at } };

const enter = (state: SnapshotState, operationId: OperationId, stage: SnapshotStage): SnapshotState => ({ ...state, operationId, stage });

const finish = (state: SnapshotState, operationId: OperationId): SnapshotState => ({
  ...state,
  stage: null,
  troubles: withoutTroubles(state.troubles, operationId),
});

/** Back to where the refused deletion began. */
const reopened = (state: SnapshotState): SnapshotState => (state.before === null ? state : { ...state, ...state.before, before: null });

/** Where a deletion starts from. */
const leaving = (state: SnapshotState): SnapshotState =>
  state.lifecycle === 'creating' || state.lifecycle === 'active'
    ? { ...state, before: { lifecycle: state.lifecycle, stage: state.stage, operationId: state.operationId } }
    : state;

/**
 * Folds one event into a snapshot's state. Total: it never refuses and never fails.
 *
 * @example
 * import { evolveSnapshot, noSnapshot, type OperationId, type TimestampMs } from '@blockledger/domain';
 * evolveSnapshot(noSnapshot, { type: 'SnapshotClosed', operationId: '0b9d7a3e-0000-4000-8000-000000000002' as OperationId, at: 0 as TimestampMs }).closedBy; // => '0b9d7a3e-0000-4000-8000-000000000002'
 */
export const evolveSnapshot = (state: SnapshotState, event: SnapshotEvent): SnapshotState => {
  switch (event.type) {
    case 'SnapshotRequested': {
      const { snapshotId, volume, poolId, name, description, tenant, groupSnapshotId, expiresAt, generation, at, operationId } = event;
      const taken = { number: null, sizeBytes: null, allocatedBytes: null, protected: false, clones: [], createdAt: at, updatedAt: at };
      const snapshot: SnapshotFields = { snapshotId, volume, poolId, name, description, tenant, groupSnapshotId, expiresAt, generation, ...taken };
      return { ...noSnapshot, lifecycle: 'creating', snapshot, stage: 'numbering', operationId, begunBy: operationId };
    }
    case 'SnapshotNumbered':
      return enter(change(state, event.at, { number: event.number }), event.operationId, 'taking');
    case 'SnapshotCreated': {
      const { sizeBytes, allocatedBytes, at, operationId } = event;
      return { ...enter(change(state, at, { sizeBytes, allocatedBytes }), operationId, 'informing'), lifecycle: 'active' };
    }
    case 'SnapshotSlotInformed':
    case 'SnapshotSlotReleased':
      return finish(state, event.operationId);
    case 'SnapshotProtected':
      return change(state, event.at, { protected: true });
    case 'SnapshotUnprotected':
      return change(state, event.at, { protected: false });
    case 'CloneReserved':
      return state.snapshot === null || state.snapshot.clones.includes(event.cloneId) ? state : change(state, event.at, { clones: [...state.snapshot.clones, event.cloneId] });
    case 'CloneReleased':
      return state.snapshot === null ? state : change(state, event.at, { clones: state.snapshot.clones.filter((clone) => clone !== event.cloneId) });
    case 'SnapshotDeletionRequested':
      return { ...enter(leaving(state), event.operationId, 'asking'), lifecycle: 'deleting', force: event.force };
    case 'SnapshotDeletionPermitted':
      return enter(state, event.operationId, 'removing');
    case 'SnapshotDeletionRefused':
      return { ...reopened(state), refused: [{ operationId: event.operationId, refusal: event.refusal }, ...state.refused].slice(0, REFUSALS_KEPT) };
    case 'SnapshotDeleted': {
      const deleted: SnapshotState = { ...change(state, event.at, {}), lifecycle: 'deleted', troubles: noTroubles };
      return state.closedBy === null ? enter(deleted, event.operationId, 'freeing') : finish(deleted, event.operationId);
    }
    case 'SnapshotClosed':
      return { ...state, closedBy: event.operationId };
    case 'SnapshotReopened':
      return { ...state, closedBy: null };
    case 'SnapshotMoved':
      return change(state, event.at, { volume: event.volume, poolId: event.poolId });
    case 'OperationAbandoned':
      return { ...enter(leaving(state), event.operationId, 'asking'), lifecycle: 'deleting', troubles: inNewRound(state.troubles, event.operationId) };
    case 'WorkDelayed':
    case 'WorkFailed':
    case 'WorkRetried':
      return { ...state, troubles: withTrouble(state.troubles, event) };
    default:
      return event satisfies never;
  }
};
