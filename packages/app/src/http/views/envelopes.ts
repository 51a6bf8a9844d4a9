/** The envelope of each kind of resource (S0-2). */
import type { ResourceKindName, SubjectKindName } from '../../queries/views.ts';

export const ENVELOPES = { volume: 'block_volume', snapshot: 'block_snapshot', pool: 'pool' } as const satisfies Readonly<Record<ResourceKindName, string>>;

/** What actions are about: resources, and what is governed beside them. */
export const SUBJECTS = { ...ENVELOPES, backend: 'backend', token: 'token', webhook: 'webhook' } as const satisfies Readonly<Record<SubjectKindName, string>>;
