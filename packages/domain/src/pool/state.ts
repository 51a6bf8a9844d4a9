/** A pool as its own stream tells it: plain JSON, folded by `evolve`. */
import type { OperationId, PoolId } from '../kernel/ids.ts';
import type { TimestampMs } from '../kernel/quantities.ts';
import type { StoredRefusal } from '../kernel/settlement.ts';
import type { BackendIdentity, Placement } from '../ports/blockBackend.ts';
import type { PoolType } from '../volume/messages.ts';
import type { PoolHealth } from './messages.ts';

/** What is known of a registered pool. `number` is its REST integer, null until it is reserved (S0-3). */
export interface PoolFields {
  readonly poolId: PoolId;
  readonly number: number | null;
  readonly name: string;
  readonly tenant: string;
  readonly placement: Placement;
  readonly poolType: PoolType;
  readonly overSubscriptionRatio: number;
  /** Cluster and pool as the backend named them at registration. */
  readonly identity: BackendIdentity | null;
  readonly health: PoolHealth;
  /** Why work is kept and not run; null while it runs. */
  readonly paused: string | null;
  readonly createdAt: TimestampMs;
}

/** A pool's folded stream: where it is in its life, and the answers that callers wait for. */
export interface PoolState {
  readonly lifecycle: 'absent' | 'registering' | 'active' | 'refused' | 'retired';
  readonly pool: PoolFields | null;
  readonly operationId: OperationId | null;
  /** The name is still to be given back. */
  readonly releasing: boolean;
  readonly refused: readonly { readonly operationId: OperationId; readonly refusal: StoredRefusal }[];
}

/** The state before the first event. */
export const noPool: PoolState = { lifecycle: 'absent', pool: null, operationId: null, releasing: false, refused: [] };
