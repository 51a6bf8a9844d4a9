/** One process of a walk over a shared store: it ends, or is stopped for shorter and longer than its lease, at any step that was drawn, and the registers fail it. */
import { uuidIds } from '@blockledger/app';
import type { Clock, EventStore, IdGenerator, ProcessRunner, Registers } from '@blockledger/domain';
import { clockOf, process as processOf, registersOf, type Frozen, type StoreFault } from '../leases/seededProcess.ts';
import { steadyIds } from '../steadyIds.ts';
import type { VirtualClock } from '../virtualClock.ts';
import { lifeOf, mortalRunner, mortalStore, type Life } from './life.ts';

/** What happened to the processes of a walk. */
export interface Fates {
  lives: number;
  deaths: number;
  /** Of these, how many at a step in the registers. */
  deathsAtRegisters: number;
  stops: number;
  /** Calls of registers that were not answered well. */
  registerFaults: number;
}

export const noFates = (): Fates => ({ lives: 0, deaths: 0, deathsAtRegisters: 0, stops: 0, registerFaults: 0 });

export interface SharingOptions {
  readonly store: EventStore;
  readonly run: ProcessRunner;
  readonly clock: VirtualClock;
  readonly random: () => number;
  /** It ends at an instruction between 1 and this; 0: it lasts, and is never stopped. */
  readonly maxLife: number;
  /** How often a call of the registers fails just now: a number below 1. */
  readonly registerFaultRate: () => number;
  /** Ids of its own begin with these two hex digits. */
  readonly prefix: string;
  readonly fates: Fates;
}

export interface SharingProcess {
  readonly life: Life;
  readonly frozen: Frozen;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  readonly store: EventStore;
  readonly run: ProcessRunner;
  /** Nothing of it stirs any more. */
  readonly end: () => void;
}

const LEASE_MS = 15_000;
const MOST_STEPS_BETWEEN_STOPS = 80;
/** Beats and looks at 64 shards are many: of the registers' steps so many count as often as one of the others. */
const REGISTER_STEPS = 5;
const FOREVER = Number.MAX_SAFE_INTEGER;

/** A call that may end the process before its effect or after it. */
const dying =
  <A>(life: Life, step: () => void, call: () => Promise<A>) =>
  async (): Promise<A> => {
    step();
    if (!life.alive()) return new Promise<A>(() => undefined);
    const answer = await call();
    step();
    return life.alive() ? answer : new Promise<A>(() => undefined);
  };

export const sharingProcess = ({ store, run, clock, random, maxLife, registerFaultRate, prefix, fates }: SharingOptions): SharingProcess => {
  const frozen = processOf();
  const own = clockOf(clock, frozen);
  fates.lives += 1;
  const drawn = (most: number): number => 1 + Math.floor(random() * most);
  const isMortal = maxLife > 0;
  const life = lifeOf(isMortal ? drawn(maxLife) : FOREVER);
  let registersLeft = isMortal && random() < 0.3 ? drawn(REGISTER_STEPS * maxLife) : FOREVER;
  let untilStop = isMortal ? drawn(MOST_STEPS_BETWEEN_STOPS) : FOREVER;

  const perhapsStop = (steps: number): void => {
    untilStop -= steps;
    if (untilStop > 0) return;
    untilStop = drawn(MOST_STEPS_BETWEEN_STOPS);
    fates.stops += 1;
    frozen.stop();
    void clock.sleep(Math.floor(random() * 3 * LEASE_MS)).then(frozen.wake);
  };
  /** It goes on from an answer or a timer: those are what it does not get while it is stopped. */
  const heard =
    <A>(call: () => Promise<A>) =>
    async (): Promise<A> => {
      const answer = await call();
      perhapsStop(1);
      await frozen.awake();
      return answer;
    };
  /** What was sent may also lie long before it lands. */
  const sent =
    <A>(call: () => Promise<A>) =>
    async (): Promise<A> => {
      perhapsStop(1);
      await frozen.awake();
      return heard(call)();
    };

  const stepInRegisters = (): void => {
    registersLeft -= 1;
    if (registersLeft !== 0 || !life.alive()) return;
    fates.deathsAtRegisters += 1;
    life.end();
  };
  const draw = (): { readonly fault: StoreFault; readonly ms: number } => {
    perhapsStop(1 / REGISTER_STEPS);
    if (random() >= registerFaultRate()) return { fault: 'none', ms: 0 };
    fates.registerFaults += 1;
    return { fault: (['refused', 'lost', 'late'] as const)[Math.floor(random() * 3)] ?? 'lost', ms: 2 * Math.floor(random() * 150) };
  };
  const mortal = mortalStore(life, store);
  const registersWith = (registers: Registers): Registers =>
    registersOf(
      { read: (name) => dying(life, stepInRegisters, registers.read(name)), write: (name, expected, value) => dying(life, stepInRegisters, registers.write(name, expected, value)) },
      frozen,
      clock,
      draw,
    );
  return {
    life,
    frozen,
    // Moments are whole numbers, however long somebody sleeps.
    clock: { nowMs: clock.nowMs, sleep: (ms, signal) => own.sleep(Math.ceil(ms), signal) },
    ids: { ...steadyIds(`${prefix}${fates.lives.toString(16).padStart(6, '0')}`), derive: uuidIds.derive, random },
    store: {
      ...mortal,
      append: (stream, expected, events) => sent(mortal.append(stream, expected, events)),
      readStream: (stream, from, limit) => heard(mortal.readStream(stream, from, limit)),
      readAll: (from, limit) => heard(mortal.readAll(from, limit)),
      head: () => heard(mortal.head()),
      subscribe: (from, handler) =>
        mortal.subscribe(from, {
          ...handler,
          onEvents: async (events) => {
            await frozen.awake();
            await handler.onEvents(events);
          },
        }),
      ...(store.registers === undefined ? {} : { registers: registersWith(store.registers) }),
    },
    // Not stopped between its last look at the lease and the call: that gap, which decision 18 names, no process can close by itself.
    run: (call) => heard(mortalRunner(life, run)(call)),
    end: () => {
      life.end();
      frozen.kill();
    },
  };
};
