/** How long to wait before work is tried again. */
import type { PortError } from '@blockledger/domain';
import type { EngineLimits } from '../parts.ts';

/**
 * Doubles from the base up to the cap, with jitter down to half of it; never below what the backend asked for.
 * `attempt` counts from 1, `random` is in [0, 1).
 */
export const backoffMs = (limits: Pick<EngineLimits, 'backoffBaseMs' | 'backoffCapMs'>, attempt: number, random: number, error?: PortError): number => {
  const full = Math.min(limits.backoffCapMs, limits.backoffBaseMs * 2 ** Math.min(attempt - 1, 30));
  const asked = error?._tag === 'Retryable' ? (error.retryAfterMs ?? 0) : 0;
  return Math.max(asked, Math.round(full * (0.5 + random / 2)));
};
