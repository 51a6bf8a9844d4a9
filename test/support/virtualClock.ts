/** A clock that nobody waits for: time jumps to the next sleeper whenever everything else has come to rest. */
import type { Clock } from '@blockledger/domain';

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

export interface VirtualClock extends Clock {
  /** Jumps of time so far. */
  readonly jumps: () => number;
  /** Moves time on at once, waking everybody who is due. */
  readonly advance: (ms: number) => void;
  readonly stop: () => void;
}

/** Rounds of the event loop in which nothing happens before time jumps. */
const QUIET_ROUNDS = 3;

export const virtualClock = (startMs = 1_700_000_000_000, options: { readonly auto?: boolean } = {}): VirtualClock => {
  let now = startMs;
  let jumped = 0;
  let stopped = false;
  let scheduled = false;
  const sleepers = new Set<Sleeper>();

  const wakeDue = (): void => {
    for (const sleeper of [...sleepers].toSorted((a, b) => a.at - b.at)) if (sleeper.at <= now) sleeper.wake();
  };
  const jump = (): void => {
    scheduled = false;
    const next = [...sleepers].toSorted((a, b) => a.at - b.at)[0];
    if (next === undefined || stopped) return;
    jumped += 1;
    now = Math.max(now, next.at);
    wakeDue();
    schedule();
  };
  const schedule = (): void => {
    if (scheduled || options.auto === false || stopped || sleepers.size === 0) return;
    scheduled = true;
    let rounds = 0;
    const tick = (): void => {
      rounds += 1;
      if (rounds >= QUIET_ROUNDS) jump();
      else setImmediate(tick);
    };
    setImmediate(tick);
  };

  return {
    nowMs: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) return resolve();
        const finish = (): void => {
          sleepers.delete(sleeper);
          signal?.removeEventListener('abort', finish);
          resolve();
        };
        const sleeper: Sleeper = { at: now + Math.max(0, ms), wake: finish };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', finish);
        schedule();
      }),
    jumps: () => jumped,
    advance: (ms) => {
      now += ms;
      wakeDue();
    },
    stop: () => {
      stopped = true;
    },
  };
};
