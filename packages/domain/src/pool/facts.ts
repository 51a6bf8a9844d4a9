/** What a pool's decisions need to know from elsewhere. */
import type { BackendIdentity, Capabilities } from '../ports/blockBackend.ts';

/**
 * - `capabilities`: of the backend named in the command's or the pool's placement; null when this process has no such backend.
 * - `identity`: what the backend says it is; null when it could not be asked.
 * - `provisionedBytes`: what the pool's capacity reservation holds.
 */
export interface PoolDecisionFacts {
  readonly capabilities: Capabilities | null;
  readonly identity: BackendIdentity | null;
  readonly provisionedBytes: number;
}
