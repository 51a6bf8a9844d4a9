/** Figures that the service of a soak and its array must agree about. */

/** How long the service waits for an answer. Slower ones land when nobody listens any more. */
export const ANSWER_MS = 2_000;
/** An answer that is too late. */
export const TOO_SLOW_MS = 3_000;
/** Failures are tried again soon: a soak is short. */
export const SOAK_LIMITS = { backoffBaseMs: 100, backoffCapMs: 2_000, backendCheckEveryMs: 1_000 } as const;
