/** One process of a lease test: it can be stopped and go on, or end for good, and the store can fail it, all by hand or by seed. */
import type { Clock, EventStore, Registers, StoreError } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { VirtualClock } from '../virtualClock.ts';

/** A process as a debugger sees it. */
export interface Frozen {
  readonly isAwake: () => boolean;
  readonly isDead: () => boolean;
  /** Nothing of it goes on until it is woken; time passes all the same. */
  readonly stop: () => void;
  readonly wake: () => void;
  /** Nothing of it ever goes on. */
  readonly kill: () => void;
  /** Resolves while it is awake. */
  readonly awake: () => Promise<void>;
}

/** A process that runs. */
export const process = (): Frozen => {
  let state: 'awake' | 'stopped' | 'dead' = 'awake';
  const waiting: (() => void)[] = [];
  return {
    isAwake: () => state === 'awake',
    isDead: () => state === 'dead',
    stop: () => {
      if (state === 'awake') state = 'stopped';
    },
    wake: () => {
      if (state !== 'stopped') return;
      state = 'awake';
      for (const go of waiting.splice(0)) go();
    },
    kill: () => {
      state = 'dead';
    },
    awake: async () => {
      while (state !== 'awake') await new Promise<void>((resolve) => void waiting.push(resolve));
    },
  };
};

/** The clock of a process: its timers are late when it was stopped, and its time may run faster or slower, and be set. */
export const clockOf = (clock: VirtualClock, { awake }: Frozen, rate = 1, offsetMs = 0): Clock => ({
  nowMs: () => clock.nowMs() * rate + offsetMs,
  sleep: async (ms, signal) => {
    await clock.sleep(ms / rate, signal);
    await awake();
  },
});

/** What the store does to one call. `lost`: it is done, and the answer is lost; `late`: the same, long after the caller gave up. */
export type StoreFault = 'none' | 'refused' | 'lost' | 'late';

const unavailable = (outcomeUnknown: boolean): StoreError => ({ _tag: 'Unavailable', message: 'the store fails', outcomeUnknown });

/** Registers as a process reaches them: slowly, not always, and not while it is stopped. */
export const registersOf = (registers: Registers, { awake }: Frozen, clock: VirtualClock, draw: () => { readonly fault: StoreFault; readonly ms: number }): Registers => {
  const through =
    <A>(call: () => Promise<E.Either<StoreError, A>>, isWrite: boolean) =>
    async (): Promise<E.Either<StoreError, A>> => {
      const { fault, ms } = draw();
      await awake();
      if (ms > 0) await clock.sleep(ms / 2);
      if (fault === 'refused' || (fault !== 'none' && !isWrite)) {
        await awake();
        return E.left(unavailable(isWrite));
      }
      if (fault === 'late') {
        void clock.sleep(200 + ms * 20).then(call);
        await awake();
        return E.left(unavailable(true));
      }
      const answer = await call();
      if (ms > 0) await clock.sleep(ms / 2);
      await awake();
      return fault === 'lost' ? E.left(unavailable(true)) : answer;
    };
  return {
    read: (name) => through(registers.read(name), false),
    write: (name, expected, value) => through(registers.write(name, expected, value), true),
  };
};

/** The same store, reached through other registers. */
export const storeWith = (store: EventStore, registers: Registers): EventStore & { readonly registers: Registers } => ({ ...store, registers });
