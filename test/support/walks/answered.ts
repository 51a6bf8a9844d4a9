/** Waiting for a plane that may die, on a clock that nobody waits for. */
import type { VirtualClock } from '../virtualClock.ts';
import type { Life } from './life.ts';

/** After so long without an end something is stuck for ever. */
export const PATIENCE_MS = 12 * 3_600_000;

/** Lets the promise and the clock run until the answer is there or the plane is dead. */
export const answered = async <A>(clock: VirtualClock, life: Life, promise: Promise<A>): Promise<A | undefined> => {
  const box: { value?: A; failed?: unknown } = {};
  promise.then(
    (value) => (box.value = value),
    (error: unknown) => (box.failed = error ?? 'rejected'),
  );
  const limit = clock.nowMs() + PATIENCE_MS;
  await clock.until(() => 'value' in box || 'failed' in box || !life.alive(), limit);
  if ('failed' in box) throw box.failed instanceof Error ? box.failed : new Error(String(box.failed));
  if (!('value' in box) && life.alive()) throw new Error('a request got no answer within 12 hours');
  return box.value;
};
