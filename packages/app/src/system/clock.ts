/** The real clock. */
import type { Clock } from '@blockledger/domain';

/** Node fires a timer beyond this at once. */
const MAX_SLEEP_MS = 2 ** 31 - 1;

/**
 * The system's clock and timers. A sleep keeps the process alive.
 *
 * @example
 * import { systemClock } from '@blockledger/app';
 * const before = systemClock.nowMs();
 * await systemClock.sleep(2);
 * systemClock.nowMs() >= before; // => true
 */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  steadyMs: () => performance.now(),
  // By plain timers: most sleeps end early, and to end one of `timers/promises` takes a controller and two errors with their stacks.
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const end = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, Math.min(Math.max(ms, 0), MAX_SLEEP_MS));
      signal?.addEventListener('abort', end);
    }),
};
