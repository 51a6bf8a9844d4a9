/** Names on the array: derived from the aggregate's id, for the name is all that says whose an object is (S1-6, S1-11, S1-17). */
import type { SnapshotId, VolumeId } from '@blockledger/domain';

/**
 * `volume-` and the volume's id.
 *
 * @example
 * import { volumeName } from '@blockledger/adapters-qsan';
 * import type { VolumeId } from '@blockledger/domain';
 * volumeName('0b9d7a3e-0000-4000-8000-000000000001' as VolumeId); // => 'volume-0b9d7a3e-0000-4000-8000-000000000001'
 */
export const volumeName = (volumeId: VolumeId): string => `volume-${volumeId}`;

/**
 * `snapshot-` and the snapshot's id.
 *
 * @example
 * import { snapshotName } from '@blockledger/adapters-qsan';
 * import type { SnapshotId } from '@blockledger/domain';
 * snapshotName('0b9d7a3e-0000-4000-8000-000000000002' as SnapshotId); // => 'snapshot-0b9d7a3e-0000-4000-8000-000000000002'
 */
export const snapshotName = (snapshotId: SnapshotId): string => `snapshot-${snapshotId}`;

/**
 * `target-` and the id of the volume that the target stands for.
 *
 * @example
 * import { targetName } from '@blockledger/adapters-qsan';
 * import type { VolumeId } from '@blockledger/domain';
 * targetName('0b9d7a3e-0000-4000-8000-000000000001' as VolumeId); // => 'target-0b9d7a3e-0000-4000-8000-000000000001'
 */
export const targetName = (volumeId: VolumeId): string => `target-${volumeId}`;
