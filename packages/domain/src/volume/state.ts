/** A volume as its own stream tells it: plain JSON, folded by `evolve`. */
import type { AccessPathId, MappingGroupId, OperationId, PoolId, SerialNumber, SnapshotId, VolumeId } from '../kernel/ids.ts';
import type { Labels } from '../kernel/names.ts';
import type { Bytes, TimestampMs } from '../kernel/quantities.ts';
import type { StoredRefusal } from '../kernel/settlement.ts';
import { noTroubles, type Troubles } from '../kernel/troubles.ts';
import type { DomainCommand } from '../messages.ts';
import type { Generation, Placement, Qos } from '../ports/blockBackend.ts';
import type { AttachmentMode, AttachmentPurpose, ConnectionWish, Destination, Parent, PoolType, VolumeChanges } from './messages.ts';

/** Where a volume is in its life. `refused`: a reservation said no. `disowned`: let go, its data left as it was. */
export type Lifecycle = 'absent' | 'creating' | 'active' | 'trashed' | 'deleted' | 'refused' | 'disowned';

/** One of the volume's snapshots, internal ones counted. */
export interface Slot {
  readonly snapshotId: SnapshotId;
  readonly operationId: OperationId;
  readonly name: string;
  readonly description: string;
  readonly groupSnapshotId: string | null;
  /** When an internal snapshot may go; null for a user's snapshot. */
  readonly expiresAt: TimestampMs | null;
  /** The snapshot aggregate knows of it. */
  readonly told: boolean;
  /** Null until the snapshot is taken. */
  readonly sizeBytes: Bytes | null;
  /** Its deletion was agreed to. */
  readonly leaving: boolean;
}

/** The one exclusive operation of a volume. A second one is refused as busy. */
export type Operation = { readonly operationId: OperationId } & (
  | { readonly kind: 'create'; readonly stage: 'reserving' | 'making' | 'flattening'; readonly flattened: boolean; readonly backendName: string | null; readonly recovered: boolean }
  | { readonly kind: 'resize'; readonly stage: 'reserving' | 'resizing' | 'looking'; readonly sizeBytes: Bytes }
  | { readonly kind: 'flatten'; readonly stage: 'reserving' | 'flattening' | 'looking' }
  | { readonly kind: 'migrate'; readonly stage: 'reserving' | 'copying' | 'committing' | 'aborting'; readonly to: Destination; readonly relabels: boolean }
  | {
      readonly kind: 'rollBack';
      readonly stage: 'purging' | 'backingUp' | 'rolling';
      readonly snapshotId: SnapshotId;
      readonly backupSnapshotId: SnapshotId;
      readonly purge: SnapshotId | null;
    }
  | {
      readonly kind: 'delete';
      readonly stage: 'closing' | 'trashing' | 'removing';
      readonly retainMs: number | null;
      readonly trashed: boolean;
      /** What a forced deletion pushed aside; it comes back if the deletion is refused or given up. */
      readonly replaced: Replaced | null;
    }
  | { readonly kind: 'undelete'; readonly stage: 'restoring' | 'looking' }
  | { readonly kind: 'disown'; readonly stage: 'disowning' | 'looking' }
);

/** An operation that failed, or an update, that a forced deletion pushed aside. */
export interface Replaced {
  readonly operation: Operation | null;
  readonly update: Update | null;
  readonly troubles: Troubles;
}

/** An update on its way: beside other operations, one at a time. */
export interface Update {
  readonly operationId: OperationId;
  readonly changes: VolumeChanges;
  /** `looking`: given up, and what stands on the backend is found out. */
  readonly stage: 'reserving' | 'applying' | 'looking';
  readonly resizing: boolean;
  readonly settling: boolean;
}

/** Who maps the volume, and which `shape` of it that access path knows; −1 for none yet. */
export interface Mapping {
  readonly shared: boolean;
  readonly accessPathId: AccessPathId | null;
  readonly told: number;
}

/**
 * Where an attachment is in its life. `reserved` and `disconnected` ones have no connection; from `disconnected` on only its user's word is
 * missing to let it go. Each has an exit: release leads out of all of them.
 */
export type AttachmentStage = 'reserved' | 'connecting' | 'connected' | 'attached' | 'detaching' | 'disconnecting' | 'disconnected';

/**
 * A connection of an attachment, named after the operation that asked for it. `asking`: the access path may or may not know of it yet; `asked`:
 * it does; `dismissed`: it knows that it is to end. It is over when the access path says so, and not before.
 */
export interface AttachmentConnection {
  readonly connectionId: OperationId;
  readonly wish: ConnectionWish;
  readonly clients: readonly string[];
  readonly link: 'asking' | 'asked' | 'dismissed';
  /** It goes with the attachment that it was reserved with. */
  readonly whole: boolean;
  /** Null until it is confirmed. */
  readonly mappingGroupId: MappingGroupId | null;
  readonly lun: number | null;
}

/** One user of the volume, or somebody who is about to be. */
export interface Attachment {
  readonly purpose: AttachmentPurpose;
  readonly shared: boolean;
  readonly mode: AttachmentMode;
  readonly stage: AttachmentStage;
  /** The latest operation on it; null in logs from before there were any. */
  readonly operationId: OperationId | null;
  readonly instanceId: string | null;
  readonly hostName: string | null;
  readonly mountPoint: string | null;
  readonly connection: AttachmentConnection | null;
  /** Its initiator is fenced when it goes (I-21). */
  readonly force: boolean;
  /** It is released when it is disconnected. */
  readonly releasing: boolean;
  readonly reservedAt: TimestampMs;
}

/** What others must still be told after an operation. */
export interface Due {
  readonly operationId: OperationId;
  readonly step: string;
  readonly commands: readonly DomainCommand[];
}

/**
 * What is known of a volume that was asked for. `number` is its REST integer, null until it is reserved (S0-3); `serial` is what hosts see
 * (S0-18); `mappings` and `attachments` are by their users' UUIDs; `purgeAt` is when a volume in the trash goes for good (I-28).
 */
export interface VolumeFields {
  readonly volumeId: VolumeId;
  readonly number: number | null;
  readonly poolId: PoolId;
  readonly placement: Placement;
  readonly poolType: PoolType;
  readonly name: string;
  readonly description: string;
  readonly labels: Labels;
  readonly tenant: string;
  readonly serial: SerialNumber;
  readonly hidden: boolean;
  readonly generation: Generation;
  readonly sizeBytes: Bytes;
  readonly qos: Qos;
  readonly performancePriority: boolean;
  /** The live link to the snapshot it was cloned from. */
  readonly parent: Parent | null;
  /** Ancestors at birth: a safe upper bound for ever after. */
  readonly depth: number;
  readonly passive: boolean;
  readonly slots: readonly Slot[];
  readonly mappings: Readonly<Record<string, Mapping>>;
  readonly attachments: Readonly<Record<string, Attachment>>;
  readonly groupId: string | null;
  readonly createdAt: TimestampMs;
  readonly updatedAt: TimestampMs;
  readonly purgeAt: TimestampMs | null;
}

/** A volume's folded stream: its life, its one operation, an update beside it, and what others must still be told. */
export interface VolumeState {
  readonly lifecycle: Lifecycle;
  /** Null while the volume is absent. */
  readonly volume: VolumeFields | null;
  readonly operation: Operation | null;
  readonly update: Update | null;
  /** Rises with whatever access paths need to know: size and limits. */
  readonly shape: number;
  readonly troubles: Troubles;
  readonly dues: readonly Due[];
  /** The latest refusals by other aggregates, newest first, as the callers' answers. */
  readonly refused: readonly { readonly operationId: OperationId; readonly refusal: StoredRefusal }[];
}

/** The state before the first event. */
export const noVolume: VolumeState = {
  lifecycle: 'absent',
  volume: null,
  operation: null,
  update: null,
  shape: 0,
  troubles: noTroubles,
  dues: [],
  refused: [],
};

/**
 * The slot of a snapshot, or nothing where it has none.
 *
 * @example
 * import { slotOf } from '@blockledger/domain';
 * slotOf({ slots: [{ snapshotId: 's1', name: 'first' }] } as never, 's1')?.name; // => 'first'
 */
export const slotOf = (volume: VolumeFields, snapshotId: string): Slot | undefined => volume.slots.find((slot) => slot.snapshotId === snapshotId);

/**
 * Snapshots that users see and count when they ask whether a volume has any.
 *
 * @example
 * import { visibleSlots } from '@blockledger/domain';
 * visibleSlots({ slots: [{ snapshotId: 's1', expiresAt: null }, { snapshotId: 'backup', expiresAt: 5 }] } as never).length; // => 1
 */
export const visibleSlots = (volume: VolumeFields): readonly Slot[] => volume.slots.filter((slot) => slot.expiresAt === null);

/**
 * True while the volume is mapped to initiators or attached to a user: both count for every rule.
 *
 * @example
 * import { isMapped } from '@blockledger/domain';
 * isMapped({ mappings: { '0b9d7a3e-0000-4000-8000-000000000001': { shared: false } } } as never); // => true
 */
export const isMapped = (volume: VolumeFields): boolean => Object.keys(volume.mappings).length > 0;
/**
 * True while somebody has the volume attached.
 *
 * @example
 * import { isAttached } from '@blockledger/domain';
 * isAttached({ attachments: {} } as never); // => false
 */
export const isAttached = (volume: VolumeFields): boolean => Object.keys(volume.attachments).length > 0;

/**
 * The operations on attachments that are under way: connecting and disconnecting.
 *
 * @example
 * import { attachmentOperations } from '@blockledger/domain';
 * attachmentOperations({ attachments: { a: { stage: 'connecting', operationId: 'op' }, b: { stage: 'attached', operationId: 'old' } } } as never); // => ['op']
 */
export const attachmentOperations = ({ attachments }: VolumeFields): readonly OperationId[] => [
  ...new Set(Object.values(attachments).flatMap(({ stage, operationId }) => (operationId !== null && (stage === 'connecting' || stage === 'disconnecting') ? [operationId] : []))),
];
