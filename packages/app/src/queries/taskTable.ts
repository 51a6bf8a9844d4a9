/** From events to tasks: which events begin a task, and which end it (S0-6, S0-135). The one place that says so. */
import type { PoolEvent, SnapshotEvent, StoredRefusal, VolumeEvent } from '@blockledger/domain';
import type { TaskType } from './views.ts';

/** Any event that tells of an operation. */
export type OperationEvent = Extract<VolumeEvent | SnapshotEvent | PoolEvent, { readonly operationId: string }>;

/** What an event means for the task of its operation. */
export type TaskChange =
  | { readonly to: 'begun'; readonly type: TaskType; readonly resource?: { readonly kind: 'snapshot'; readonly id: string } }
  /** Ends it if it is of one of these types. */
  | { readonly to: 'succeeded' | 'cancelled'; readonly types: readonly TaskType[] }
  | { readonly to: 'refused'; readonly types: readonly TaskType[]; readonly refusal: StoredRefusal }
  | { readonly to: 'delayed' | 'failed'; readonly error: { readonly code: string; readonly message: string }; readonly work: string }
  /** `stepped`: a step that may have been delayed has worked. */
  | { readonly to: 'retried' | 'abandoned' | 'stepped' };

const CREATING = ['CreateBlockVolume', 'CloneBlockVolume', 'AdoptBlockVolume', 'RecoverBlockVolume'] as const;

const volumeChange = (event: OperationEvent): TaskChange | undefined => {
  switch (event.type) {
    case 'VolumeRequested':
      return { to: 'begun', type: event.parent === null ? 'CreateBlockVolume' : 'CloneBlockVolume' };
    case 'VolumeAdoptionRequested':
      return { to: 'begun', type: 'AdoptBlockVolume' };
    case 'VolumeRecovered':
      return { to: 'begun', type: 'RecoverBlockVolume' };
    case 'VolumeCreated':
      return { to: 'succeeded', types: CREATING };
    case 'VolumeReserved':
    case 'VolumeUpdateReserved':
    case 'VolumeFlattenReserved':
      return { to: 'stepped' };
    case 'VolumeRefused':
      return { to: 'refused', types: CREATING, refusal: event.refusal };
    case 'VolumeUpdateRequested':
      return { to: 'begun', type: 'UpdateBlockVolume' };
    case 'VolumeUpdated':
      return { to: 'succeeded', types: ['UpdateBlockVolume'] };
    case 'VolumeUpdateRefused':
      return { to: 'refused', types: ['UpdateBlockVolume'], refusal: event.refusal };
    case 'VolumeFlattenRequested':
      return { to: 'begun', type: 'FlattenBlockVolume' };
    case 'VolumeFlattened':
      return { to: 'succeeded', types: ['FlattenBlockVolume'] };
    case 'VolumeFlattenRefused':
      return { to: 'refused', types: ['FlattenBlockVolume'], refusal: event.refusal };
    case 'VolumeFlattenCancelled':
      return { to: 'cancelled', types: ['FlattenBlockVolume'] };
    case 'VolumeRollbackRequested':
      return { to: 'begun', type: 'RollBackBlockVolume' };
    case 'VolumeRolledBack':
      return { to: 'succeeded', types: ['RollBackBlockVolume'] };
    case 'VolumeRollbackRefused':
      return { to: 'refused', types: ['RollBackBlockVolume'], refusal: event.refusal };
    default:
      return deletionChange(event);
  }
};

const deletionChange = (event: OperationEvent): TaskChange | undefined => {
  switch (event.type) {
    case 'VolumeDeletionRequested':
      return { to: 'begun', type: 'DeleteBlockVolume' };
    case 'VolumeTrashed':
    case 'VolumeDeleted':
      return { to: 'succeeded', types: ['DeleteBlockVolume'] };
    case 'VolumeDeletionRefused':
      return { to: 'refused', types: ['DeleteBlockVolume'], refusal: event.refusal };
    case 'VolumeUndeleteRequested':
      return { to: 'begun', type: 'RestoreBlockVolume' };
    case 'VolumeRestored':
      return { to: 'succeeded', types: ['RestoreBlockVolume'] };
    case 'VolumeUndeleteCancelled':
      return { to: 'cancelled', types: ['RestoreBlockVolume'] };
    case 'VolumeDisownRequested':
      return { to: 'begun', type: 'DisownBlockVolume' };
    case 'VolumeDisownCancelled':
      return { to: 'cancelled', types: ['DisownBlockVolume'] };
    case 'VolumeDisowned':
      return { to: 'succeeded', types: ['DisownBlockVolume'] };
    default:
      return snapshotChange(event);
  }
};

const snapshotChange = (event: OperationEvent): TaskChange | undefined => {
  switch (event.type) {
    case 'SnapshotSlotReserved':
      // An internal snapshot is a step of its rollback, not a task of its own.
      return event.expiresAt === null ? { to: 'begun', type: 'CreateBlockSnapshot', resource: { kind: 'snapshot', id: event.snapshotId } } : undefined;
    case 'SnapshotCreated':
      return { to: 'succeeded', types: ['CreateBlockSnapshot'] };
    case 'SnapshotDeletionRequested':
      return { to: 'begun', type: 'DeleteBlockSnapshot' };
    case 'SnapshotDeleted':
      return { to: 'succeeded', types: ['DeleteBlockSnapshot', 'CreateBlockSnapshot'] };
    case 'SnapshotDeletionRefused':
      return { to: 'refused', types: ['DeleteBlockSnapshot'], refusal: event.refusal };
    case 'PoolRequested':
      return { to: 'begun', type: 'CreatePool' };
    case 'PoolRegistered':
      return { to: 'succeeded', types: ['CreatePool'] };
    case 'PoolRefused':
      return { to: 'refused', types: ['CreatePool'], refusal: event.refusal };
    case 'PoolRetired':
      return { to: 'begun', type: 'DeletePool' };
    case 'WorkDelayed':
    case 'WorkFailed':
      return { to: event.type === 'WorkFailed' ? 'failed' : 'delayed', error: { code: event.error.code, message: event.error.message }, work: event.work };
    case 'WorkRetried':
      return { to: 'retried' };
    case 'OperationAbandoned':
      return { to: 'abandoned' };
    default:
      // Steps in between.
      return undefined;
  }
};

/** What an event means for its operation's task; undefined for steps in between. */
export const taskChangeOf = (event: OperationEvent): TaskChange | undefined => volumeChange(event);
