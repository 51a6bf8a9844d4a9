/** Everything a volume can be told and everything that can have happened to it. */
import * as t from 'io-ts';
import { AccessPathId, ClientGroupId, MappingGroupId, OperationId, PoolId, SerialNumber, SnapshotId, Uuid, VolumeId } from '../kernel/ids.ts';
import { orNull } from '../kernel/nullable.ts';
import { Labels } from '../kernel/names.ts';
import { Bytes, Count, TimestampMs } from '../kernel/quantities.ts';
import { settlementCommands, StoredRefusal, troubleEvents } from '../kernel/settlement.ts';
import { tagged } from '../kernel/tagged.ts';
import { BackendResult, Generation, Placement, Qos, VolumeRef } from '../ports/blockBackend.ts';

/** `replicated` or `erasure` coded (S0-9). */
export const PoolType = t.keyof({ replicated: null, erasure: null }, 'PoolType');
/** A value of the codec `PoolType`. */
export type PoolType = t.TypeOf<typeof PoolType>;

/** A volume's live link to the snapshot it was cloned from. */
export const Parent = t.readonly(t.strict({ snapshotId: SnapshotId, volume: VolumeRef }), 'Parent');
/** A value of the codec `Parent`. */
export type Parent = t.TypeOf<typeof Parent>;

/** A pool that a volume is to move to, as it stood when that was asked for. */
export const Destination = t.readonly(t.strict({ poolId: PoolId, placement: Placement, poolType: PoolType }), 'Destination');
/** A value of the codec `Destination`. */
export type Destination = t.TypeOf<typeof Destination>;

/** Changes of one update; absent = stays as it is. One request, one command. */
export const VolumeChanges = t.readonly(
  t.partial({ name: t.string, description: t.string, labels: Labels, sizeBytes: Bytes, qos: Qos, performancePriority: t.boolean }),
  'VolumeChanges',
);
/** A value of the codec `VolumeChanges`. */
export type VolumeChanges = t.TypeOf<typeof VolumeChanges>;

/** Who has a volume attached: a host, or something inside that reads it, such as a backup, and needs no connection. */
export const AttachmentPurpose = t.keyof({ host: null, backup: null, clone: null, migration: null }, 'AttachmentPurpose');
/** A value of the codec `AttachmentPurpose`. */
export type AttachmentPurpose = t.TypeOf<typeof AttachmentPurpose>;

/** What the user of an attachment says he does: read and write, or only read. Kept and told, not enforced (S4-4). */
export const AttachmentMode = t.keyof({ rw: null, ro: null }, 'AttachmentMode');
/** A value of the codec `AttachmentMode`. */
export type AttachmentMode = t.TypeOf<typeof AttachmentMode>;

/** What a host says of itself to be connected: its iSCSI name or its WWNs, its address and name, and whether it comes in by several portals (S1-34). */
export const Connector = t.readonly(
  t.strict({ initiator: orNull(t.string), wwpns: t.readonlyArray(t.string), ip: orNull(t.string), host: orNull(t.string), multipath: t.boolean }),
  'Connector',
);
/** A value of the codec `Connector`. */
export type Connector = t.TypeOf<typeof Connector>;

/** By which access path, in which client group of its own, a host is to be connected. */
export const ConnectionWish = t.readonly(t.strict({ accessPathId: AccessPathId, clientGroupId: ClientGroupId, connector: Connector }), 'ConnectionWish');
/** A value of the codec `ConnectionWish`. */
export type ConnectionWish = t.TypeOf<typeof ConnectionWish>;

const id = { volumeId: VolumeId };
const attachment = { attachmentId: Uuid };
const user = { instanceId: orNull(t.string), hostName: orNull(t.string) };
const newVolume = {
  ...id,
  poolId: PoolId,
  name: t.string,
  description: t.string,
  labels: Labels,
  serial: SerialNumber,
  hidden: t.boolean,
};

/** Everything that a volume can be told, by callers, by other aggregates and by drivers. Sizes in bytes, times in ms. */
export const VolumeCommand = tagged('VolumeCommand', {
  /**
   * A new volume, empty or cloned from a snapshot. `sizeBytes` and `generation` are null for a clone: they come from the snapshot (S0-14).
   * `flattened` asks for a full copy.
   */
  CreateVolume: {
    ...newVolume,
    sizeBytes: orNull(Bytes),
    generation: orNull(Generation),
    qos: Qos,
    performancePriority: t.boolean,
    snapshotId: orNull(SnapshotId),
    flattened: t.boolean,
  },
  /** Takes over an object that stands on the backend under another name. */
  AdoptVolume: { ...newVolume, backendName: t.string, sizeBytes: Bytes, generation: Generation },
  /** Rename, describe, label, extend, shrink, QoS, performance priority (S0-38). */
  UpdateVolume: { ...id, changes: VolumeChanges },
  FlattenVolume: id,
  /** To another pool of the same backend, with its snapshots. */
  MigrateVolume: { ...id, poolId: PoolId },
  /** `backupSnapshotId` names the internal snapshot taken first (S0-48, S0-49). */
  RollBackVolume: { ...id, snapshotId: SnapshotId, backupSnapshotId: SnapshotId },
  /** `retainMs` null deletes now; a number keeps the volume in the trash for so long (I-28). */
  DeleteVolume: { ...id, cascade: t.boolean, force: t.boolean, retainMs: orNull(Count) },
  UndeleteVolume: id,
  /** Lets a volume go without touching its data. */
  DisownVolume: id,
  PromoteVolume: id,
  DemoteVolume: id,
  /** Reserves a slot here; the snapshot itself is another aggregate. */
  CreateSnapshot: { ...id, snapshotId: SnapshotId, name: t.string, description: t.string, groupSnapshotId: orNull(Uuid) },
  /** Writes down a snapshot found on the backend when the log was lost (I-27). An internal one is kept for as long as a new one. */
  RecoverSnapshot: { ...id, snapshotId: SnapshotId, name: t.string, internal: t.boolean },
  /** From an access path, which is shown the volume, now and whenever size or limits change (I-18); `accessPathId` null from anybody else. */
  /**
   * `onePath`: no other access path may have it, since its array maps a volume once (S1-22). `connectionId`: for a connection of an attachment, which has asked already whether others have the volume.
   */
  ReserveMapping: { ...id, mappingId: Uuid, shared: t.boolean, accessPathId: orNull(AccessPathId), onePath: t.boolean, connectionId: orNull(OperationId) },
  ReleaseMapping: { ...id, mappingId: Uuid },
  /** Keeps the volume for one user, or for one more who shares it (S4-2); with `connect` it is connected by the same request, or not reserved either (S4-8). */
  ReserveAttachment: { ...id, ...attachment, purpose: AttachmentPurpose, shared: t.boolean, mode: AttachmentMode, ...user, connect: orNull(ConnectionWish) },
  /** Lets the connector's initiator see the volume (S4-3). */
  ConnectAttachment: { ...id, ...attachment, connect: ConnectionWish },
  /** The host has the volume (S4-4). What is null stays as it is. */
  CompleteAttachment: { ...id, ...attachment, ...user, mountPoint: orNull(t.string), mode: orNull(AttachmentMode) },
  /** The host is about to let go (S4-5). */
  BeginDetaching: { ...id, ...attachment },
  /** Takes the volume from the initiator, or, with `attachmentId` null, from all (S4-6, S1-35). `force`: they are fenced first (I-21). */
  DisconnectAttachments: { ...id, attachmentId: orNull(Uuid), force: t.boolean },
  /** The attachment is gone; one that is connected is disconnected before (S4-7). */
  ReleaseAttachment: { ...id, ...attachment, force: t.boolean },
  /** From an access path: every host that can be reached shows the volume to the initiator. */
  ConfirmConnection: { ...id, ...attachment, connectionId: OperationId, mappingGroupId: MappingGroupId, lun: Count },
  /** From an access path: no host shows it any more, or, with a refusal, none ever will. */
  EndConnection: { ...id, ...attachment, connectionId: OperationId, refusal: orNull(StoredRefusal) },
  JoinVolumeGroup: { ...id, groupId: Uuid },
  LeaveVolumeGroup: { ...id, groupId: Uuid },
  RetryOperation: { ...id, operationId: OperationId },
  AbandonOperation: { ...id, operationId: OperationId },
  CancelOperation: { ...id, operationId: OperationId },
  /** Writes down a volume found on the backend when the log was lost (I-27). */
  RecoverVolume: {
    ...newVolume,
    generation: Generation,
    sizeBytes: Bytes,
    qos: Qos,
    performancePriority: t.boolean,
    parent: orNull(Parent),
    depth: Count,
  },
  /** From a snapshot: it was taken and holds so many bytes. */
  FillSnapshotSlot: { ...id, snapshotId: SnapshotId, sizeBytes: Bytes },
  /** From a snapshot: may it go? */
  AgreeSnapshotDeletion: { ...id, snapshotId: SnapshotId, force: t.boolean },
  /** From a snapshot: it is gone, or it was never made. */
  FreeSnapshotSlot: { ...id, snapshotId: SnapshotId },
  ConfirmWork: { ...id, ...settlementCommands.ConfirmWork },
  RefuseWork: { ...id, ...settlementCommands.RefuseWork },
  FailWork: { ...id, ...settlementCommands.FailWork },
  DelayWork: { ...id, ...settlementCommands.DelayWork },
});
/** A value of the codec `VolumeCommand`. */
export type VolumeCommand = t.TypeOf<typeof VolumeCommand>;

const op = { operationId: OperationId, at: TimestampMs };
const born = {
  ...op,
  volumeId: VolumeId,
  poolId: PoolId,
  placement: Placement,
  poolType: PoolType,
  name: t.string,
  description: t.string,
  labels: Labels,
  tenant: t.string,
  serial: SerialNumber,
  hidden: t.boolean,
  generation: Generation,
  sizeBytes: Bytes,
  qos: Qos,
  performancePriority: t.boolean,
};

const VolumeEventTable = {
  /** The wish; nothing is reserved or made yet. `parent` is the clone's source, `depth` its number of ancestors at birth. */
  VolumeRequested: { ...born, parent: orNull(Parent), flattened: t.boolean, depth: Count },
  VolumeAdoptionRequested: { ...born, backendName: t.string },
  /** Name, serial number, REST integer, capacity and, for a clone, the snapshot are held. */
  VolumeReserved: { ...op, number: Count },
  /** A reservation was refused: the wish is undone. */
  VolumeRefused: { ...op, refusal: StoredRefusal },
  /** The image stands, with identity, QoS and priority. A full clone still has to be flattened. */
  VolumeMade: { ...op, result: BackendResult },
  /** Created, cloned or adopted: ready for use. */
  VolumeCreated: { ...op, sizeBytes: Bytes },
  /** Found on the backend when the log was lost; made sure of like a new one, whatever the limits. */
  VolumeRecovered: { ...born, parent: orNull(Parent), depth: Count },

  VolumeUpdateRequested: { ...op, changes: VolumeChanges },
  VolumeUpdateReserved: op,
  VolumeUpdateRefused: { ...op, refusal: StoredRefusal },
  VolumeResized: { ...op, sizeBytes: Bytes },
  /** QoS, performance priority and display name stand on the backend. */
  VolumeSettingsApplied: op,
  /** Given up: a look at the backend showed these settings. */
  VolumeSettingsFound: { ...op, qos: Qos, performancePriority: t.boolean },
  /** All that the update asked for is done. */
  VolumeUpdated: op,

  VolumeFlattenRequested: op,
  VolumeFlattenReserved: op,
  VolumeFlattenRefused: { ...op, refusal: StoredRefusal },
  /** The link to the parent is cut. Also the end of a full clone's copy. */
  VolumeFlattened: op,
  VolumeFlattenCancelRequested: op,
  /** A look at the backend showed that the parent is still there. */
  VolumeFlattenCancelled: op,

  /** `relabels`: both pools are one place on the backend, so only the name of the pool changes. */
  VolumeMigrationRequested: { ...op, to: Destination, relabels: t.boolean },
  /** Name, capacity and space of the other pool are held, and the snapshots closed to clones. */
  VolumeMigrationReserved: op,
  VolumeMigrationRefused: { ...op, refusal: StoredRefusal },
  /** Both pools hold the whole volume: from now on it can only end at its destination. */
  VolumeMigrationCopied: op,
  /** It is in the other pool, and nowhere else. */
  VolumeMigrated: op,
  VolumeMigrationCancelRequested: op,
  /** What was begun is taken back: it is where it was. */
  VolumeMigrationCancelled: op,

  /** `purge` is an expired internal snapshot that goes first when all 256 slots are taken. */
  VolumeRollbackRequested: { ...op, snapshotId: SnapshotId, backupSnapshotId: orNull(SnapshotId), purge: orNull(SnapshotId) },
  VolumeRollbackRefused: { ...op, refusal: StoredRefusal },
  /** The backup snapshot is there; from now on the rollback must end (S0-49). */
  VolumeRollbackStarted: op,
  /** The size is the snapshot's now (V-5). */
  VolumeRolledBack: { ...op, sizeBytes: Bytes },

  VolumeDeletionRequested: { ...op, force: t.boolean, retainMs: orNull(Count) },
  /** Every snapshot closed itself to clones. */
  VolumeSnapshotsClosed: op,
  VolumeDeletionRefused: { ...op, refusal: StoredRefusal },
  VolumeTrashed: { ...op, purgeAt: TimestampMs },
  VolumeTrashRetained: { purgeAt: TimestampMs, at: TimestampMs },
  VolumeUndeleteRequested: op,
  VolumeRestored: op,
  /** Given up: a look at the backend showed that it is in the trash still. */
  VolumeUndeleteCancelled: op,
  /** Verified gone on the backend. */
  VolumeDeleted: op,
  VolumeDisownRequested: op,
  VolumeDisowned: op,
  /** Given up: a look at the backend showed that it is ours still. */
  VolumeDisownCancelled: op,

  VolumeDemoted: { at: TimestampMs },
  VolumePromoted: { at: TimestampMs },

  SnapshotSlotReserved: {
    ...op,
    snapshotId: SnapshotId,
    name: t.string,
    description: t.string,
    groupSnapshotId: orNull(Uuid),
    /** Set for a rollback's backup snapshot: when it may go. */
    expiresAt: orNull(TimestampMs),
  },
  /** The snapshot aggregate knows of its slot. */
  SnapshotSlotTold: { ...op, snapshotId: SnapshotId },
  /** The snapshot aggregate would not have the slot: it is free again. */
  SnapshotSlotRefused: { ...op, snapshotId: SnapshotId, refusal: StoredRefusal },
  SnapshotSlotFilled: { snapshotId: SnapshotId, sizeBytes: Bytes, at: TimestampMs },
  SnapshotDeletionAgreed: { snapshotId: SnapshotId, at: TimestampMs },
  SnapshotSlotFreed: { snapshotId: SnapshotId, at: TimestampMs },
  /** An expired backup snapshot could not go yet. */
  BackupSnapshotRetained: { snapshotId: SnapshotId, expiresAt: TimestampMs, at: TimestampMs },

  VolumeMapped: { mappingId: Uuid, shared: t.boolean, accessPathId: orNull(AccessPathId), at: TimestampMs },
  /** The access path knows size and limits as they were at this `shape`. */
  MappedVolumeTold: { mappingId: Uuid, shape: Count, at: TimestampMs },
  VolumeUnmapped: { mappingId: Uuid, at: TimestampMs },
  /** Of logs from before attachments were connected: reserved, and released. They are read and not written any more. */
  VolumeAttached: { attachmentId: Uuid, shared: t.boolean, at: TimestampMs },
  VolumeDetached: { attachmentId: Uuid, at: TimestampMs },
  AttachmentReserved: { ...op, ...attachment, purpose: AttachmentPurpose, shared: t.boolean, mode: AttachmentMode, ...user },
  /** The operation names the connection. `clients` are the initiator's codes; `whole`: reserved by the same request, and undone with it. */
  AttachmentConnecting: { ...op, ...attachment, connect: ConnectionWish, clients: t.readonlyArray(t.string), whole: t.boolean },
  /** The access path has taken the wish. */
  AttachmentAdmitted: { ...op, ...attachment },
  /** Something of the connection was refused: the attachment is as it was before. */
  AttachmentRefused: { ...op, ...attachment, refusal: StoredRefusal },
  /** Every host that can be reached shows the volume to the initiator, under this number. */
  AttachmentConnected: { ...op, ...attachment, mappingGroupId: MappingGroupId, lun: Count },
  AttachmentCompleted: { ...attachment, ...user, mountPoint: orNull(t.string), mode: AttachmentMode, at: TimestampMs },
  AttachmentDetaching: { ...attachment, at: TimestampMs },
  AttachmentDisconnecting: { ...op, ...attachment, force: t.boolean, release: t.boolean },
  /** The access path knows that it is to end. */
  AttachmentDismissed: { ...op, ...attachment },
  AttachmentDisconnected: { ...op, ...attachment },
  /** All that the operation was to disconnect is disconnected. */
  AttachmentsDisconnected: op,
  AttachmentReleased: { ...attachment, at: TimestampMs },
  VolumeJoinedGroup: { groupId: Uuid, at: TimestampMs },
  VolumeLeftGroup: { groupId: Uuid, at: TimestampMs },

  /** Somebody gave an operation up; what it left is cleaned or looked at. */
  OperationAbandoned: op,
  /** Told the others what follows from an operation: releases, closings. */
  DueSettled: { ...op, due: t.string },
  ...troubleEvents,
} as const;
/** Everything that can have happened to a volume, as it is stored; docs/events.md lists the fields. */
export const VolumeEvent = tagged('VolumeEvent', VolumeEventTable);
/** A value of the codec `VolumeEvent`. */
export type VolumeEvent = t.TypeOf<typeof VolumeEvent>;

/**
 * The stream of a volume.
 *
 * @example
 * import { volumeStream, type VolumeId } from '@blockledger/domain';
 * volumeStream('0b9d7a3e-0000-4000-8000-000000000001' as VolumeId); // => 'volume-0b9d7a3e-0000-4000-8000-000000000001'
 */
export const volumeStream = (volumeId: VolumeId): string => `volume-${volumeId}`;
