/** The envelope of each kind of resource (S0-2). */
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
