/** What an audit finds, and what rebuilding did. */
import type { PortError } from '@blockledger/domain';
import type { PlaneRequest } from '../requests.ts';

/** In what something differs: of a volume, of a target, or of a virtual IP (`holder`: which hosts have the address). */
export type DriftField = 'size' | 'parent' | 'qos' | 'state' | 'identity' | 'performancePriority' | 'portals' | 'account' | 'luns' | 'clients' | 'instance' | 'holder';

/** What differs between the log and the backend. `mend` is the request that would mend it, null where a person must look. */
export type Drift = {
  /** The pool of a volume or snapshot; null for what stands on a host. */
  readonly poolId: string | null;
  /** The host of a target or an instance; null for what stands in a pool, and for an address as a whole. */
  readonly hostId: string | null;
  /** An image, a target's name, or an address. */
  readonly backendName: string;
  readonly volumeId?: string;
  readonly snapshotId?: string;
  readonly accessPathId?: string;
  readonly vipGroupId?: string;
  readonly message: string;
  readonly mend: PlaneRequest | { readonly do: 'rebuild' } | null;
} & (
  | { readonly kind: 'unexpected' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'differing'; readonly field: DriftField; readonly expected: unknown; readonly found: unknown }
);

/** A pool or a host that could not be looked at, and why. */
export interface Unseen {
  /** Null for a host. */
  readonly poolId: string | null;
  /** Null for a pool. */
  readonly hostId: string | null;
  readonly error: PortError;
}

/** What an audit found. Nothing was repaired. */
export interface DriftReport {
  readonly drifts: readonly Drift[];
  /** Pools and hosts that could not be looked at: nothing is concluded about them. */
  readonly unseen: readonly Unseen[];
  /** Volumes, snapshots, access paths and VIP groups left out because work on them runs. */
  readonly busy: readonly string[];
}

/** What rebuilding a lost log did. */
export interface RebuildReport {
  readonly volumes: readonly string[];
  readonly snapshots: readonly string[];
  readonly skipped: readonly { readonly poolId: string; readonly backendName: string; readonly why: string }[];
}
