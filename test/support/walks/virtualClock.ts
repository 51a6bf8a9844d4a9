/** A clock that moves only when nothing else can happen: months pass in milliseconds, and the same seed gives the same walk. */
import type { CancelSignal, Clock } from '@blockledger/domain';

interface Sleeper {
  readonly at: number;
  readonly order: number;
  readonly wake: () => void;
}

export interface VirtualClock extends Clock {
  /** Lets everything that can run now run, then moves to the next sleeper. False when nobody sleeps before `untilMs`. */
  readonly step: (untilMs?: number) => Promise<boolean>;
  /** Steps until the condition holds; gives up at `untilMs`. */
  readonly until: (holds: () => boolean, untilMs: number) => Promise<boolean>;
}

const START_MS = 1_800_000_000_000;

/** So many turns of the event loop let every chain of promises in this process run to its end. */
const TURNS = 12;

/** More wakings than any wait of a walk needs: a driver that spins is found, not waited for. */
const MOST_STEPS = 20_000;

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

export const virtualClock = (): VirtualClock => {
  let now = START_MS;
  let order = 0;
  let sleepers: readonly Sleeper[] = [];
  const sleep = (ms: number, signal?: CancelSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const sleeper: Sleeper = { at: now + Math.max(0, ms), order: (order += 1), wake: () => end() };
      const end = (): void => {
        sleepers = sleepers.filter((other) => other !== sleeper);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      sleepers = [...sleepers, sleeper];
      signal?.addEventListener('abort', end);
    });
  const step = async (untilMs = Number.POSITIVE_INFINITY): Promise<boolean> => {
    await settle();
    const next = sleepers.toSorted((a, b) => a.at - b.at || a.order - b.order)[0];
    if (next === undefined || next.at > untilMs) return false;
    now = Math.max(now, next.at);
    next.wake();
    return true;
  };
  const until = async (holds: () => boolean, untilMs: number): Promise<boolean> => {
    await settle();
    for (let steps = 0; !holds(); steps += 1) {
      if (steps > MOST_STEPS) throw new Error(`the clock moved ${steps} times and nothing came of it: something spins`);
      if (!(await step(untilMs))) return holds();
      await settle();
    }
    return true;
  };
  return { nowMs: () => now, sleep, step, until };
};
