/** What an audit finds, and what rebuilding did. */
import type { PortError } from '@blockledger/domain';
import type { PlaneRequest } from '../requests.ts';

/** What differs between the log and the backend. `mend` is the request that would mend it, null where a person must look. */
export type Drift = {
  readonly poolId: string;
  readonly backendName: string;
  readonly volumeId?: string;
  readonly snapshotId?: string;
  readonly message: string;
  readonly mend: PlaneRequest | { readonly do: 'rebuild' } | null;
} & (
  | { readonly kind: 'unexpected' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'differing'; readonly field: 'size' | 'parent' | 'qos' | 'state' | 'identity' | 'performancePriority'; readonly expected: unknown; readonly found: unknown }
);

/** What an audit found. Nothing was repaired. */
export interface DriftReport {
  readonly drifts: readonly Drift[];
  /** Pools that could not be looked at. */
  readonly unseen: readonly { readonly poolId: string; readonly error: PortError }[];
  /** Volumes and snapshots left out because work on them runs. */
  readonly busy: readonly string[];
}

/** What rebuilding a lost log did. */
export interface RebuildReport {
  readonly volumes: readonly string[];
  readonly snapshots: readonly string[];
  readonly skipped: readonly { readonly poolId: string; readonly backendName: string; readonly why: string }[];
}
