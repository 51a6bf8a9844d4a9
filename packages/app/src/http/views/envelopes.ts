/** The envelope of each kind of resource (S0-2). */
import type { ResourceKindName } from '../../queries/views.ts';

export const ENVELOPES = { volume: 'block_volume', snapshot: 'block_snapshot', pool: 'pool' } as const satisfies Readonly<Record<ResourceKindName, string>>;
