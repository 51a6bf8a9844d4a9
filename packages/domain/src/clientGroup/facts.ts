/** What a client group's decisions need to know from elsewhere. */
import type { ChapSecretFacts } from '../kernel/chap.ts';
import type { TargetCapabilities } from '../ports/targetBackend.ts';

/** An access path on which the client group is mapped: its own account, and what the backend of its targets can do, null where that is not known. */
export interface UsingPathFacts {
  readonly name: string;
  readonly hasForward: boolean;
  readonly forward: ChapSecretFacts | null;
  readonly capabilities: TargetCapabilities | null;
}

/**
 * - `secret`: of the mutual account, the command's or else the group's own; null where there is none, or where the secret store does not have it.
 * - `paths`: the access paths on which an update takes effect.
 */
export interface ClientGroupDecisionFacts {
  readonly secret: ChapSecretFacts | null;
  readonly paths: readonly UsingPathFacts[];
}
