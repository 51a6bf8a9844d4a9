/** Folds what happened to a volume. Total: whatever the order of events, it never fails. */
import { workName } from '../kernel/owing.ts';
import { withoutTroubles, withTrouble } from '../kernel/troubles.ts';
import { abandoned } from './evolve/abandon.ts';
import { evolveAttachment } from './evolve/attachments.ts';
import { without } from './evolve/common.ts';
import { evolveCreation } from './evolve/creation.ts';
import { evolveDeletion } from './evolve/deletion.ts';
import { evolveFlatten } from './evolve/flatten.ts';
import { evolveMigration } from './evolve/migration.ts';
import { evolveRollback } from './evolve/rollback.ts';
import { evolveSlot } from './evolve/slots.ts';
import { evolveUpdate } from './evolve/update.ts';
import { evolveUser } from './evolve/users.ts';
import type { VolumeEvent } from './messages.ts';
import type { VolumeState } from './state.ts';

/**
 * Folds one event into a volume's state. Total: it never refuses and never fails, whatever the order of events.
 *
 * @example
 * import { evolveVolume, noVolume, type TimestampMs } from '@blockledger/domain';
 * // An event that does not fit changes nothing.
 * evolveVolume(noVolume, { type: 'VolumeDemoted', at: 0 as TimestampMs }).volume; // => null
 */
export const evolveVolume = (state: VolumeState, event: VolumeEvent): VolumeState => reshaped(state, folded(state, event));

/** Access paths are shown every other size, other limits (I-18) and another place. */
const reshaped = (before: VolumeState, after: VolumeState): VolumeState => {
  const [was, is] = [before.volume, after.volume];
  return was === null || is === null || (was.sizeBytes === is.sizeBytes && was.qos === is.qos && was.placement === is.placement) ? after : { ...after, shape: before.shape + 1 };
};

const folded = (state: VolumeState, event: VolumeEvent): VolumeState => {
  switch (event.type) {
    case 'VolumeRequested':
    case 'VolumeAdoptionRequested':
    case 'VolumeRecovered':
    case 'VolumeReserved':
    case 'VolumeRefused':
    case 'VolumeMade':
    case 'VolumeCreated':
      return evolveCreation(state, event);
    case 'VolumeUpdateRequested':
    case 'VolumeUpdateReserved':
    case 'VolumeUpdateRefused':
    case 'VolumeResized':
    case 'VolumeSettingsApplied':
    case 'VolumeSettingsFound':
    case 'VolumeUpdated':
      return evolveUpdate(state, event);
    case 'VolumeFlattenRequested':
    case 'VolumeFlattenReserved':
    case 'VolumeFlattenRefused':
    case 'VolumeFlattened':
    case 'VolumeFlattenCancelRequested':
    case 'VolumeFlattenCancelled':
      return evolveFlatten(state, event);
    case 'VolumeMigrationRequested':
    case 'VolumeMigrationReserved':
    case 'VolumeMigrationRefused':
    case 'VolumeMigrationCopied':
    case 'VolumeMigrated':
    case 'VolumeMigrationCancelRequested':
    case 'VolumeMigrationCancelled':
      return evolveMigration(state, event);
    case 'VolumeRollbackRequested':
    case 'VolumeRollbackRefused':
    case 'VolumeRollbackStarted':
    case 'VolumeRolledBack':
      return evolveRollback(state, event);
    case 'VolumeDeletionRequested':
    case 'VolumeSnapshotsClosed':
    case 'VolumeDeletionRefused':
    case 'VolumeTrashed':
    case 'VolumeTrashRetained':
    case 'VolumeUndeleteRequested':
    case 'VolumeRestored':
    case 'VolumeUndeleteCancelled':
    case 'VolumeDeleted':
    case 'VolumeDisownRequested':
    case 'VolumeDisowned':
    case 'VolumeDisownCancelled':
      return evolveDeletion(state, event);
    case 'SnapshotSlotReserved':
    case 'SnapshotSlotTold':
    case 'SnapshotSlotRefused':
    case 'SnapshotSlotFilled':
    case 'SnapshotDeletionAgreed':
    case 'SnapshotSlotFreed':
    case 'BackupSnapshotRetained':
      return evolveSlot(state, event);
    case 'VolumeMapped':
    case 'MappedVolumeTold':
    case 'VolumeUnmapped':
    case 'VolumeJoinedGroup':
    case 'VolumeLeftGroup':
    case 'VolumeDemoted':
    case 'VolumePromoted':
      return evolveUser(state, event);
    case 'VolumeAttached':
    case 'VolumeDetached':
    case 'AttachmentReserved':
    case 'AttachmentConnecting':
    case 'AttachmentAdmitted':
    case 'AttachmentRefused':
    case 'AttachmentConnected':
    case 'AttachmentCompleted':
    case 'AttachmentDetaching':
    case 'AttachmentDisconnecting':
    case 'AttachmentDismissed':
    case 'AttachmentDisconnected':
    case 'AttachmentReleased':
      return evolveAttachment(state, event);
    case 'AttachmentsDisconnected':
      return { ...state, troubles: withoutTroubles(state.troubles, event.operationId) };
    case 'OperationAbandoned':
      return abandoned(state, event);
    case 'DueSettled':
      return {
        ...state,
        dues: state.dues.filter((due) => !(due.operationId === event.operationId && due.step === event.due)),
        troubles: without(state.troubles, workName(event.operationId, event.due)),
      };
    case 'WorkDelayed':
    case 'WorkFailed':
    case 'WorkRetried':
      return { ...state, troubles: withTrouble(state.troubles, event) };
    default:
      return event satisfies never;
  }
};
