/** What a client group's decisions need to know from elsewhere. */
import type { ChapSecretFacts } from '../kernel/chap.ts';

/** `secret`: of the command's mutual account; null where there is none, or where the secret store does not have it. */
export interface ClientGroupDecisionFacts {
  readonly secret: ChapSecretFacts | null;
}
