/** Whose tasks or actions are asked for. */
import type { aboutResource, Given } from '../../api/parameters.ts';
import type { ControlPlane } from '../../engine/controlPlane.ts';

/** An id that no resource has finds nothing. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

/** Tasks and actions are found by the UUID of their resource, deleted or not. */
export const resourceIn = (plane: ControlPlane, given: Given<typeof aboutResource>): string | undefined => {
  if (given.block_volume_id !== undefined) return plane.volumes.idOf(given.block_volume_id) ?? NOBODY;
  if (given.block_snapshot_id !== undefined) return plane.snapshots.idOf(given.block_snapshot_id) ?? NOBODY;
  if (given.pool_id !== undefined) return plane.pools.idOf(given.pool_id) ?? NOBODY;
  return given.resource_id;
};
