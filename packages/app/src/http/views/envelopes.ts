/** The envelope of each kind of resource, and of each kind of part (S0-2). */
import type { PartKindName } from '../../queries/pathViews.ts';
import type { ResourceKindName } from '../../queries/views.ts';

export const ENVELOPES = {
  volume: 'block_volume',
  snapshot: 'block_snapshot',
  pool: 'pool',
  host: 'host',
  clientGroup: 'client_group',
  accessPath: 'access_path',
  vipGroup: 'vip_group',
} as const satisfies Readonly<Record<ResourceKindName, string>>;

export const PART_ENVELOPES = { networkAddress: 'network_address', target: 'target', mappingGroup: 'mapping_group', vip: 'vip' } as const satisfies Readonly<Record<PartKindName, string>>;
