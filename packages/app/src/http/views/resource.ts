/** A resource of any kind, as the source writes it. */
import type { PoolBody } from '../../api/bodies/pool.ts';
import type { SnapshotBody } from '../../api/bodies/snapshot.ts';
import type { VolumeBody } from '../../api/bodies/volume.ts';
import type { ResourceView } from '../../queries/views.ts';
import { poolBody } from './pool.ts';
import { snapshotBody } from './snapshot.ts';
import { volumeBody } from './volume.ts';

export const resourceBody = (resource: ResourceView): VolumeBody | SnapshotBody | PoolBody => {
  switch (resource.kind) {
    case 'volume':
      return volumeBody(resource);
    case 'snapshot':
      return snapshotBody(resource);
    case 'pool':
      return poolBody(resource);
  }
};
