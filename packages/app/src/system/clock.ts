/** The real clock. */
import { setTimeout as sleepFor } from 'node:timers/promises';
import type { CancelSignal, Clock } from '@blockledger/domain';

/** Node fires a timer beyond this at once. */
const MAX_SLEEP_MS = 2 ** 31 - 1;

/** Ends a sleep when the domain's signal is given. */
const abortedBy = (signal: CancelSignal): { readonly controller: AbortController; readonly release: () => void } => {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort);
  return { controller, release: () => signal.removeEventListener('abort', abort) };
};

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
  sleep: async (ms, signal) => {
    if (signal?.aborted === true) return;
    const duration = Math.min(Math.max(ms, 0), MAX_SLEEP_MS);
    if (signal === undefined) return sleepFor(duration);
    const { controller, release } = abortedBy(signal);
    try {
      await sleepFor(duration, undefined, { signal: controller.signal });
    } catch {
      // Only the signal ends it early, and a sleep never rejects.
    } finally {
      release();
    }
  },
};
