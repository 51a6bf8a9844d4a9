/** Why a volume refuses: every fact that can stand in the way, with its rule, where it is written, and the way out. */
import type { Refusal } from '../kernel/refusal.ts';
import { refusalsOf } from '../kernel/refusals.ts';

/** Every reason for which a volume refuses: the rule, where it is written, and the way out; docs/refusals.md lists them. */
export const volumeRefusals = {
  VolumeNotFound: { rule: 'volumeExists', spec: 'S0-52', remedy: 'check the id; deleted volumes stay in the history' },
  VolumeAlreadyExists: { rule: 'volumeIsNew', spec: 'S0-16', remedy: 'use a new command id for a new volume' },
  VolumeIsBusy: { rule: 'notBusy', spec: 'S0-52', remedy: 'wait for the running operation, or cancel or abandon it' },
  VolumeIsNotReady: { rule: 'ready', spec: 'S0-61', remedy: 'wait until the volume is active; undelete it if it is in the trash' },
  VolumeIsNotTrashed: { rule: 'trashed', spec: 'I-28', remedy: 'only a volume in the trash can be undeleted' },
  VolumeIsPassive: { rule: 'notPassive', spec: 'S0-40', remedy: 'promote the volume first' },
  VolumeIsMapped: { rule: 'notMapped', spec: 'S0-39', remedy: 'remove the volume from its access paths first' },
  VolumeIsAttached: { rule: 'notAttached', spec: 'R-28', remedy: 'detach the volume first' },
  VolumeIsInGroup: { rule: 'notInGroup', spec: 'S0-42', remedy: 'take the volume out of its group first' },
  VolumeHasSnapshots: { rule: 'noSnapshots', spec: 'S0-54', remedy: 'delete the snapshots first, or delete with cascade' },
  VolumeHasNoParent: { rule: 'hasParent', spec: 'S0-38', remedy: 'nothing to do: the volume is independent already' },
  VolumeHasParent: { rule: 'noParent', spec: 'R-11', remedy: 'flatten the volume first' },
  PoolIsOnAnotherBackend: { rule: 'oneBackend', spec: 'R-23', remedy: 'choose a pool of the same backend; between backends the data has to be copied by a host' },
  NameIsNotAllowed: { rule: 'validName', spec: 'S0-12', remedy: 'use 1 to 255 characters without @, / and control characters' },
  TextIsTooLong: { rule: 'validText', spec: 'S0-130', remedy: 'shorten the description or the labels' },
  NothingToChange: { rule: 'someChange', spec: 'R-6', remedy: 'name at least one field to change' },
  SizeOutOfRange: { rule: 'sizeInRange', spec: 'S0-17', remedy: 'choose a size between 1 MiB and 512 TiB' },
  SizeIsMissing: { rule: 'sizeGiven', spec: 'S0-12', remedy: 'give the size in bytes' },
  SizeComesFromTheSnapshot: { rule: 'cloneTakesSnapshotSize', spec: 'S0-14', remedy: 'leave out size and format when cloning; resize afterwards' },
  QosIsInvalid: { rule: 'validQos', spec: 'S0-16', remedy: 'set at least one limit, and no burst below its maximum' },
  PriorityNeedsV3: { rule: 'priorityNeedsV3', spec: 'S0-25', remedy: 'use a V3 volume, or leave performance priority off' },
  CapabilityIsMissing: { rule: 'backendCan', spec: 'R-18', remedy: 'use a pool whose backend has this capability' },
  PoolNotFound: { rule: 'poolExists', spec: 'S0-16', remedy: 'register the pool first' },
  PoolIsUnhealthy: { rule: 'poolHealthy', spec: 'S0-53', remedy: 'repair the pool, then report its health' },
  BackendIsUnknown: { rule: 'backendKnown', spec: 'S0-16', remedy: 'add the backend to the configuration of this control plane' },
  SnapshotNotFound: { rule: 'snapshotExists', spec: 'S0-26', remedy: 'check the snapshot id' },
  SnapshotAlreadyExists: { rule: 'snapshotIsNew', spec: 'S0-61', remedy: 'use a new id for a new snapshot' },
  SnapshotIsNotReady: { rule: 'snapshotReady', spec: 'S0-28', remedy: 'wait until the snapshot is active' },
  SnapshotIsInternal: { rule: 'notInternal', spec: 'S0-132', remedy: 'take a snapshot of the volume and clone that; to a backup a volume can only be rolled back' },
  SnapshotIsInGroupSnapshot: { rule: 'notInGroupSnapshot', spec: 'S0-27', remedy: 'clone or roll back the whole group' },
  SnapshotBelongsElsewhere: { rule: 'ownSnapshot', spec: 'S0-48', remedy: 'roll back to a snapshot of this volume' },
  SnapshotIsInUse: { rule: 'snapshotNotInUse', spec: 'R-11', remedy: 'wait for the rollback to end' },
  SnapshotNameIsTaken: { rule: 'snapshotNameIsFree', spec: 'S0-61', remedy: 'choose another name' },
  SnapshotLimitReached: { rule: 'roomForSnapshot', spec: 'S0-61', remedy: 'delete a snapshot first' },
  V2OnErasurePool: { rule: 'noV2OnErasure', spec: 'S0-29', remedy: 'use a replicated pool or a V3 volume' },
  CloneTooDeep: { rule: 'cloneDepth', spec: 'S0-31', remedy: 'flatten an ancestor, or ask for a flattened clone' },
  GroupIsAnother: { rule: 'oneGroup', spec: 'S3-10', remedy: 'a volume can be in one group: leave it first' },
  MappingNeedsShared: { rule: 'sharedOnPurpose', spec: 'S0-98', remedy: 'say shared: true on both to give one volume to two users' },
  AttachmentNotFound: { rule: 'attachmentExists', spec: 'R-28', remedy: 'check the id; an attachment that was released is gone' },
  AttachmentIsConnected: { rule: 'notConnected', spec: 'S4-8', remedy: 'disconnect it first, or reserve another attachment' },
  AttachmentIsNotConnected: { rule: 'connected', spec: 'S4-4', remedy: 'connect it first' },
  AttachmentIsLeaving: { rule: 'staysAttached', spec: 'S4-5', remedy: 'wait until it is disconnected' },
  AttachmentIsInternal: { rule: 'attachedToHost', spec: 'R-28', remedy: 'backups, clones and migrations are not connected: reserve one for a host' },
  AttachmentTextIsTooLong: { rule: 'validAttachmentText', spec: 'S4-4', remedy: 'shorten the names' },
  TooManyAttachments: { rule: 'roomForAttachment', spec: 'I-12', remedy: 'release attachments that nobody needs' },
  ConnectorIsIncomplete: { rule: 'validConnector', spec: 'S4-3', remedy: 'name in the connector what the message asks for' },
  InitiatorIsNotAllowed: { rule: 'validInitiator', spec: 'S1-34', remedy: 'give an IQN in lower case, or WWNs of 16 hex digits' },
  AccessPathNotFound: { rule: 'accessPathExists', spec: 'S0-16', remedy: 'check the id of the access path' },
  VolumeHasAnotherPath: { rule: 'onePath', spec: 'S1-22', remedy: 'remove the volume from its other access path first: its array maps a volume once' },
  RollbackMustEnd: { rule: 'rollbackEnds', spec: 'R-22', remedy: 'retry, roll back to the backup snapshot, or delete the volume with force' },
  MigrationMustEnd: { rule: 'migrationEnds', spec: 'R-23', remedy: 'remove what is in the way and retry' },
  DeletionMustEnd: { rule: 'deletionEnds', spec: 'I-26', remedy: 'remove what is in the way and retry' },
  NothingToRetry: { rule: 'failedBefore', spec: 'I-2', remedy: 'only failed work can be retried; look at the task' },
  NothingToAbandon: { rule: 'operationRuns', spec: 'I-2', remedy: 'the operation is not running; look at the task' },
  CannotBeCancelled: { rule: 'cancellable', spec: 'S0-139', remedy: 'wait for it to end; only creating, cloning, flattening, migrating until it is copied, and rollbacks not yet started can be cancelled' },
  BackupSnapshotFailed: { rule: 'backupFirst', spec: 'S0-49', remedy: 'find out why the backup snapshot could not be taken, then roll back again' },
  RetentionOutOfRange: { rule: 'retentionInRange', spec: 'I-28', remedy: 'keep a volume in the trash for at most ten years' },
} as const;

/** The names of a volume's refusals. */
export type VolumeRefusalTag = keyof typeof volumeRefusals;
/** A refusal by a volume. */
export type VolumeRefusal = Refusal & { readonly _tag: VolumeRefusalTag };

/**
 * Makes a refusal by a volume: its tag, the sentence that says the fact, and the values compared.
 *
 * @example
 * import { refuseVolume } from '@blockledger/domain';
 * refuseVolume('VolumeIsMapped', 'it is in access path 3').rule; // => 'notMapped'
 */
export const refuseVolume = refusalsOf<VolumeRefusalTag>(volumeRefusals);
