/** A resource of any kind, as the source writes it. */
import type { PoolBody } from '../../api/bodies/pool.ts';
import type { SnapshotBody } from '../../api/bodies/snapshot.ts';
import type { VolumeBody } from '../../api/bodies/volume.ts';
import type { ResourceView } from '../../queries/views.ts';
import { poolBody } from './pool.ts';
import { snapshotBody } from './snapshot.ts';
import { volumeBody } from './volume.ts';

const word = (key: string): string => key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** A view with the names of its fields as the source writes names. */
const plainBody = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(plainBody);
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([key, inner]: [string, unknown]) => [word(key), plainBody(inner)])) : value;
};

export const resourceBody = (resource: ResourceView): VolumeBody | SnapshotBody | PoolBody | object => {
  switch (resource.kind) {
    case 'volume':
      return volumeBody(resource);
    case 'snapshot':
      return snapshotBody(resource);
    case 'pool':
      return poolBody(resource);
    case 'host':
    case 'clientGroup':
    case 'accessPath':
    case 'vipGroup':
      return plainBody(resource) as object;
  }
};
