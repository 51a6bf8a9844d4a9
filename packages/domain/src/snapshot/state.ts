/** A snapshot as its own stream tells it: plain JSON, folded by `evolve`. */
import type { OperationId, PoolId, SnapshotId } from '../kernel/ids.ts';
import type { Bytes, TimestampMs } from '../kernel/quantities.ts';
import type { StoredRefusal } from '../kernel/settlement.ts';
import { noTroubles, type Troubles } from '../kernel/troubles.ts';
import type { Generation, VolumeRef } from '../ports/blockBackend.ts';

/**
 * What is known of a snapshot that was begun. `number` is its REST integer, null until it is reserved (S0-3); `allocatedBytes` is null
 * where the backend does not say; `expiresAt` is set for an internal snapshot only.
 */
export interface SnapshotFields {
  readonly snapshotId: SnapshotId;
  readonly number: number | null;
  readonly volume: VolumeRef;
  readonly poolId: PoolId;
  readonly name: string;
  readonly description: string;
  readonly tenant: string;
  readonly groupSnapshotId: string | null;
  readonly expiresAt: TimestampMs | null;
  readonly generation: Generation;
  /** Null until it is taken. */
  readonly sizeBytes: Bytes | null;
  readonly allocatedBytes: Bytes | null;
  readonly protected: boolean;
  /** Volumes that are, or are about to be, linked clones of it. */
  readonly clones: readonly string[];
  readonly createdAt: TimestampMs;
  readonly updatedAt: TimestampMs;
}

/**
 * What it is doing: getting its number, being taken, telling the volume; asking the volume, being removed, giving the slot back.
 */
export type SnapshotStage = 'numbering' | 'taking' | 'informing' | 'asking' | 'removing' | 'freeing';

/** A snapshot's folded stream: where it is in its life, what it is doing, and what stands in its way. */
export interface SnapshotState {
  readonly lifecycle: 'absent' | 'creating' | 'active' | 'deleting' | 'deleted';
  readonly snapshot: SnapshotFields | null;
  readonly stage: SnapshotStage | null;
  readonly operationId: OperationId | null;
  /** The operation of the volume that began it: the same word said twice is recognised by it. */
  readonly begunBy: OperationId | null;
  /** What it was doing when its deletion began; a refused deletion goes back there. */
  readonly before: { readonly lifecycle: 'creating' | 'active'; readonly stage: SnapshotStage | null; readonly operationId: OperationId | null } | null;
  /** Force of the running deletion. */
  readonly force: boolean;
  /** The deletion of the volume that closed it to clones. */
  readonly closedBy: OperationId | null;
  readonly troubles: Troubles;
  readonly refused: readonly { readonly operationId: OperationId; readonly refusal: StoredRefusal }[];
}

/** The state before the first event. */
export const noSnapshot: SnapshotState = {
  lifecycle: 'absent',
  snapshot: null,
  stage: null,
  operationId: null,
  begunBy: null,
  before: null,
  force: false,
  closedBy: null,
  troubles: noTroubles,
  refused: [],
};
