/** Tasks of volumes, by their events. */
import type { VolumeEvent } from '@blockledger/domain';
import { begun, cancelled, refused, succeeded, troubleChange, type TaskChange } from './change.ts';

const CREATING = ['CreateBlockVolume', 'CloneBlockVolume', 'AdoptBlockVolume', 'RecoverBlockVolume'] as const;

export const volumeTasks = (event: VolumeEvent): TaskChange | undefined => {
  switch (event.type) {
    case 'VolumeRequested':
      return begun(event.parent === null ? 'CreateBlockVolume' : 'CloneBlockVolume');
    case 'VolumeAdoptionRequested':
      return begun('AdoptBlockVolume');
    case 'VolumeRecovered':
      return begun('RecoverBlockVolume');
    case 'VolumeCreated':
      return succeeded(...CREATING);
    case 'VolumeReserved':
    case 'VolumeUpdateReserved':
    case 'VolumeFlattenReserved':
    case 'VolumeMigrationReserved':
    case 'VolumeMigrationCopied':
      return { to: 'stepped' };
    case 'VolumeRefused':
      return refused(event, ...CREATING);
    case 'VolumeUpdateRequested':
      return begun('UpdateBlockVolume');
    case 'VolumeUpdated':
      return succeeded('UpdateBlockVolume');
    case 'VolumeUpdateRefused':
      return refused(event, 'UpdateBlockVolume');
    case 'VolumeFlattenRequested':
      return begun('FlattenBlockVolume');
    case 'VolumeFlattened':
      return succeeded('FlattenBlockVolume');
    case 'VolumeFlattenRefused':
      return refused(event, 'FlattenBlockVolume');
    case 'VolumeFlattenCancelled':
      return cancelled('FlattenBlockVolume');
    case 'VolumeMigrationRequested':
      return begun('MigrateBlockVolume');
    case 'VolumeMigrated':
      return succeeded('MigrateBlockVolume');
    case 'VolumeMigrationRefused':
      return refused(event, 'MigrateBlockVolume');
    case 'VolumeMigrationCancelled':
      return cancelled('MigrateBlockVolume');
    case 'VolumeRollbackRequested':
      return begun('RollBackBlockVolume');
    case 'VolumeRolledBack':
      return succeeded('RollBackBlockVolume');
    case 'VolumeRollbackRefused':
      return refused(event, 'RollBackBlockVolume');
    case 'SnapshotSlotReserved':
      // An internal snapshot is a step of its rollback, not a task of its own.
      return event.expiresAt === null ? { to: 'begun', type: 'CreateBlockSnapshot', resource: { kind: 'snapshot', id: event.snapshotId } } : undefined;
    case 'OperationAbandoned':
      return { to: 'abandoned' };
    default:
      return endingTasks(event);
  }
};

const endingTasks = (event: VolumeEvent): TaskChange | undefined => {
  switch (event.type) {
    case 'VolumeDeletionRequested':
      return begun('DeleteBlockVolume');
    case 'VolumeTrashed':
    case 'VolumeDeleted':
      return succeeded('DeleteBlockVolume');
    case 'VolumeDeletionRefused':
      return refused(event, 'DeleteBlockVolume');
    case 'VolumeUndeleteRequested':
      return begun('RestoreBlockVolume');
    case 'VolumeRestored':
      return succeeded('RestoreBlockVolume');
    case 'VolumeUndeleteCancelled':
      return cancelled('RestoreBlockVolume');
    case 'VolumeDisownRequested':
      return begun('DisownBlockVolume');
    case 'VolumeDisownCancelled':
      return cancelled('DisownBlockVolume');
    case 'VolumeDisowned':
      return succeeded('DisownBlockVolume');
    case 'AttachmentConnecting':
      return begun('AttachBlockVolume');
    case 'AttachmentAdmitted':
      return { to: 'stepped' };
    case 'AttachmentConnected':
      return succeeded('AttachBlockVolume');
    case 'AttachmentRefused':
      return refused(event, 'AttachBlockVolume');
    case 'AttachmentDisconnecting':
      return begun('DetachBlockVolume');
    case 'AttachmentsDisconnected':
      return succeeded('DetachBlockVolume');
    default:
      return troubleChange(event);
  }
};
