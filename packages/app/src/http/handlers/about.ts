/** Whose tasks or actions are asked for. */
import type { Refusal } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { aboutResource, type Given } from '../../api/parameters.ts';
import type { ControlPlane } from '../../engine/controlPlane.ts';
import { refuseService } from '../refusing/refusals.ts';

/** An id that no resource has finds nothing. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

type About = Given<typeof aboutResource>;

const isGiven = (given: About) => (name: string): boolean => given[name as keyof About] !== undefined;

/** Tasks and actions are found by the UUID of their resource, deleted or not. Two resources at once are refused: to look at the first of them only would be an answer to another question. */
export const resourceIn = (plane: ControlPlane, given: About): E.Either<Refusal, string | undefined> => {
  const names = Object.keys(aboutResource).filter(isGiven(given));
  if (names.length > 1) return E.left(refuseService('ParameterIsInvalid', `only one of ${names.join(', ')} can be given`, { value: names }));
  if (given.block_volume_id !== undefined) return E.right(plane.volumes.idOf(given.block_volume_id) ?? NOBODY);
  if (given.block_snapshot_id !== undefined) return E.right(plane.snapshots.idOf(given.block_snapshot_id) ?? NOBODY);
  if (given.pool_id !== undefined) return E.right(plane.pools.idOf(given.pool_id) ?? NOBODY);
  if (given.host_id !== undefined) return E.right(plane.hosts.idOf(given.host_id) ?? NOBODY);
  if (given.client_group_id !== undefined) return E.right(plane.clientGroups.idOf(given.client_group_id) ?? NOBODY);
  if (given.access_path_id !== undefined) return E.right(plane.accessPaths.idOf(given.access_path_id) ?? NOBODY);
  if (given.vip_group_id !== undefined) return E.right(plane.vipGroups.idOf(given.vip_group_id) ?? NOBODY);
  return E.right(given.resource_id);
};
