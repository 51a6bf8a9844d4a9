/** Everything a snapshot can be told and everything that can have happened to it. */
import * as t from 'io-ts';
import { orNull } from '../kernel/nullable.ts';
import { OperationId, PoolId, SnapshotId, Uuid, VolumeId } from '../kernel/ids.ts';
import { Bytes, Count, TimestampMs } from '../kernel/quantities.ts';
import { settlementCommands, StoredRefusal, troubleEvents } from '../kernel/settlement.ts';
import { tagged } from '../kernel/tagged.ts';
import { Generation, VolumeRef } from '../ports/blockBackend.ts';

const id = { snapshotId: SnapshotId };
const born = {
  volume: VolumeRef,
  poolId: PoolId,
  name: t.string,
  description: t.string,
  groupSnapshotId: orNull(Uuid),
  /** When an internal snapshot (a rollback's backup) may go; null for a user's snapshot. */
  expiresAt: orNull(TimestampMs),
  generation: Generation,
};

/** Everything that a snapshot can be told (S0-61, R-11). A caller takes one by `CreateSnapshot` of its volume. */
export const SnapshotCommand = tagged('SnapshotCommand', {
  /** From the volume, whose slot is reserved. */
  BeginSnapshot: { ...id, ...born, operationId: OperationId },
  /** `force` permits deleting a snapshot of a passive volume only where R-9 does: never; it permits deleting from a failed state. */
  DeleteSnapshot: { ...id, force: t.boolean },
  /** While protected, a snapshot cannot be deleted. */
  ProtectSnapshot: id,
  UnprotectSnapshot: id,
  /** From a clone, before it is made: no deletion while it lives. */
  ReserveClone: { ...id, cloneId: VolumeId },
  ReleaseClone: { ...id, cloneId: VolumeId },
  /** From the volume, which is being deleted with its snapshots: no clones from now on. */
  CloseSnapshot: { ...id, operationId: OperationId },
  ReopenSnapshot: { ...id, operationId: OperationId },
  /** From the volume: it is in another pool now, and so is this; it takes clones again. */
  MoveSnapshot: { ...id, operationId: OperationId, volume: VolumeRef, poolId: PoolId },
  /** From the volume: gone together with it. */
  ConcludeSnapshot: { ...id, operationId: OperationId },
  RetryOperation: { ...id, operationId: OperationId },
  AbandonOperation: { ...id, operationId: OperationId },
  ConfirmWork: { ...id, ...settlementCommands.ConfirmWork },
  RefuseWork: { ...id, ...settlementCommands.RefuseWork },
  FailWork: { ...id, ...settlementCommands.FailWork },
  DelayWork: { ...id, ...settlementCommands.DelayWork },
});
/** A value of the codec `SnapshotCommand`. */
export type SnapshotCommand = t.TypeOf<typeof SnapshotCommand>;

const op = { operationId: OperationId, at: TimestampMs };

const SnapshotEventTable = {
  SnapshotRequested: { ...op, ...id, ...born, tenant: t.string },
  /** It has its REST integer. */
  SnapshotNumbered: { ...op, number: Count },
  /** Taken on the backend. `allocatedBytes` is null where the backend does not say. */
  SnapshotCreated: { ...op, sizeBytes: Bytes, allocatedBytes: orNull(Bytes) },
  /** The volume knows that its slot is filled. */
  SnapshotSlotInformed: op,
  SnapshotProtected: { at: TimestampMs },
  SnapshotUnprotected: { at: TimestampMs },
  CloneReserved: { cloneId: VolumeId, at: TimestampMs },
  CloneReleased: { cloneId: VolumeId, at: TimestampMs },
  /** Closed to clones; the volume is asked. */
  SnapshotDeletionRequested: { ...op, force: t.boolean },
  SnapshotDeletionPermitted: op,
  /** The volume said no: open again. */
  SnapshotDeletionRefused: { ...op, refusal: StoredRefusal },
  /** Verified gone on the backend. */
  SnapshotDeleted: op,
  /** The volume freed the slot: nothing is left. */
  SnapshotSlotReleased: op,
  SnapshotClosed: op,
  SnapshotReopened: op,
  /** Its volume is in another pool, and it went with it. */
  SnapshotMoved: { ...op, volume: VolumeRef, poolId: PoolId },
  OperationAbandoned: op,
  ...troubleEvents,
} as const;
/** Everything that can have happened to a snapshot, as it is stored; docs/events.md lists the fields. */
export const SnapshotEvent = tagged('SnapshotEvent', SnapshotEventTable);
/** A value of the codec `SnapshotEvent`. */
export type SnapshotEvent = t.TypeOf<typeof SnapshotEvent>;

/**
 * The stream of a snapshot.
 *
 * @example
 * import { snapshotStream, type SnapshotId } from '@blockledger/domain';
 * snapshotStream('0b9d7a3e-0000-4000-8000-000000000001' as SnapshotId).startsWith('snapshot-'); // => true
 */
export const snapshotStream = (snapshotId: SnapshotId): string => `snapshot-${snapshotId}`;
