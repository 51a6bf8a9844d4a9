/** What a volume's decisions need to know from elsewhere. The engine gathers it; `decide` only looks. */
import type { PoolId, SnapshotId, VolumeId } from '../kernel/ids.ts';
import type { TimestampMs } from '../kernel/quantities.ts';
import type { Capabilities, Generation, Placement, VolumeRef } from '../ports/blockBackend.ts';
import type { AccessType } from '../ports/targetBackend.ts';
import type { PoolHealth } from '../pool/messages.ts';
import type { PoolType } from './messages.ts';

/** A pool as it stands in its own stream, with the capabilities of its backend (null: no such backend in this process). */
export interface PoolFacts {
  readonly poolId: PoolId;
  readonly registered: boolean;
  readonly health: PoolHealth;
  readonly poolType: PoolType;
  readonly placement: Placement;
  readonly capabilities: Capabilities | null;
}

/** A snapshot as it stands in its own stream. `sizeBytes` is null until it is taken. */
export interface SnapshotFacts {
  readonly snapshotId: SnapshotId;
  readonly usable: boolean;
  readonly volume: VolumeRef;
  readonly poolId: PoolId;
  readonly sizeBytes: number | null;
  readonly groupSnapshotId: string | null;
  readonly expiresAt: TimestampMs | null;
}

/** The volume that a clone's snapshot belongs to. `depth` is its true number of ancestors where the stored bound would refuse (I-8). */
export interface SourceFacts {
  readonly volumeId: VolumeId;
  readonly generation: Generation;
  readonly poolType: PoolType;
  readonly depth: number;
}

/** An access path by which an attachment is connected, or is to be. `fences`: its targets can be seen to cut an initiator off; null where that is not known. */
export interface AttachingPathFacts {
  readonly name: string;
  readonly tenant: string;
  readonly accessType: AccessType;
  readonly fences: boolean | null;
}

/**
 * - `pool`: the destination pool of a new volume, else the volume's own; null when there is no such pool.
 * - `snapshot`: the one a command names (clone source, rollback target); null when there is none.
 * - `source`: the volume of that snapshot, for a clone.
 * - `destination`: the pool that a volume is to move to; null when there is no such pool.
 * - `paths`: access paths of attachments that a command connects or disconnects, by their UUIDs; those that are not there are left out.
 */
export interface VolumeFacts {
  readonly pool: PoolFacts | null;
  readonly snapshot: SnapshotFacts | null;
  readonly source: SourceFacts | null;
  readonly destination?: PoolFacts | null;
  readonly paths?: Readonly<Record<string, AttachingPathFacts>>;
}
