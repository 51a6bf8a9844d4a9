/** What a snapshot's decisions need to know from elsewhere. */
import type { PoolFacts } from '../volume/facts.ts';

/** `pool` is the pool the snapshot lives in; null when it is unknown. */
export interface SnapshotDecisionFacts {
  readonly pool: PoolFacts | null;
}
