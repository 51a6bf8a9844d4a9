/** A clock that nobody waits for: months pass in milliseconds, and the same sleeps wake in the same order. */
import type { CancelSignal, Clock } from '@blockledger/domain';

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

export interface VirtualClock extends Clock {
  /** Moves time on at once, waking everybody who is due. */
  readonly advance: (ms: number) => void;
  /** Lets everything that can run now run, then moves to the next sleeper and wakes that one. False when nobody sleeps before `untilMs`. */
  readonly step: (untilMs?: number) => Promise<boolean>;
  /** Steps until the condition holds; gives up at `untilMs`. */
  readonly until: (holds: () => boolean, untilMs: number) => Promise<boolean>;
  /** From now on time does not move by itself. */
  readonly stop: () => void;
}

export interface VirtualClockOptions {
  /** Time jumps to the next sleeper by itself, whenever everything else has come to rest. Default true. */
  readonly auto?: boolean;
  /** Something is under way that no clock wakes, such as a request on a real connection: time stands still until it is over. */
  readonly isBusy?: () => boolean;
}

/** Turns of the event loop in which nothing happens before time jumps by itself. */
const QUIET_TURNS = 3;

/** So many turns of the event loop let every chain of promises in this process run to its end. */
const SETTLING_TURNS = 12;

/** More wakings than any wait needs: a driver that spins is found, not waited for. */
const MOST_STEPS = 20_000;

/** So many turns in a row in which nothing was busy. */
const turns = async (count: number, isBusy: () => boolean): Promise<void> => {
  for (let quiet = 0; quiet < count; quiet = isBusy() ? 0 : quiet + 1) await new Promise((resolve) => setImmediate(resolve));
};

/** Those who sleep, in the order in which they lay down. */
const makeSleepers = () => {
  const sleepers = new Set<Sleeper>();
  return {
    sleepers,
    /** Who wakes first; of several the one who lay down first. */
    first: (): Sleeper | undefined => {
      let found: Sleeper | undefined;
      for (const sleeper of sleepers) if (found === undefined || sleeper.at < found.at) found = sleeper;
      return found;
    },
    wakeDue: (now: number): void => {
      for (const sleeper of [...sleepers].toSorted((a, b) => a.at - b.at)) if (sleeper.at <= now) sleeper.wake();
    },
  };
};

export const virtualClock = (startMs = 1_700_000_000_000, { auto = true, isBusy = () => false }: VirtualClockOptions = {}): VirtualClock => {
  const { sleepers, first, wakeDue } = makeSleepers();
  let now = startMs;
  let isAuto = auto;
  let isScheduled = false;

  const jump = async (): Promise<void> => {
    await turns(QUIET_TURNS, isBusy);
    isScheduled = false;
    const next = first();
    if (next === undefined || !isAuto) return;
    now = Math.max(now, next.at);
    wakeDue(now);
    schedule();
  };
  const schedule = (): void => {
    if (isScheduled || !isAuto || sleepers.size === 0) return;
    isScheduled = true;
    void jump();
  };

  const sleep = (ms: number, signal?: CancelSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const end = (): void => {
        sleepers.delete(sleeper);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const sleeper: Sleeper = { at: now + Math.max(0, ms), wake: end };
      sleepers.add(sleeper);
      signal?.addEventListener('abort', end);
      schedule();
    });

  const step = async (untilMs = Number.POSITIVE_INFINITY): Promise<boolean> => {
    await turns(SETTLING_TURNS, isBusy);
    const next = first();
    if (next === undefined || next.at > untilMs) return false;
    now = Math.max(now, next.at);
    next.wake();
    return true;
  };

  return {
    nowMs: () => now,
    sleep,
    advance: (ms) => {
      now += ms;
      wakeDue(now);
    },
    step,
    until: async (holds, untilMs) => {
      await turns(SETTLING_TURNS, isBusy);
      for (let steps = 0; !holds(); steps += 1) {
        if (steps > MOST_STEPS) throw new Error(`the clock moved ${steps} times and nothing came of it: something spins`);
        if (!(await step(untilMs))) return holds();
        await turns(SETTLING_TURNS, isBusy);
      }
      return true;
    },
    stop: () => {
      isAuto = false;
    },
  };
};
