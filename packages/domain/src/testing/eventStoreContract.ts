/**
 * The contract that every event store keeps, as a suite for any test runner.
 *
 * @example
 * import { eventStoreContract } from '@blockledger/domain/testing';
 * const names: string[] = [];
 * eventStoreContract((name) => { names.push(name); }, () => Promise.reject(new Error('not run here')));
 * names.length > 20; // => true
 */
import { appending } from './eventStore/appending.ts';
import { keeping } from './eventStore/keeping.ts';
import { longLog } from './eventStore/longLog.ts';
import { losing } from './eventStore/losing.ts';
import { reading } from './eventStore/reading.ts';
import { registering } from './eventStore/registering.ts';
import { refusing } from './eventStore/refusing.ts';
import { repeating } from './eventStore/repeating.ts';
import type { Register, StoreUnderTest } from './eventStore/samples.ts';
import { subscribing } from './eventStore/subscribing.ts';

export type { Faults, Register, StoreUnderTest } from './eventStore/samples.ts';

/** In what stores may differ. */
export interface EventStoreContractOptions {
  /** What was acknowledged is there after a restart. Default true. */
  readonly durable?: boolean;
  /** The store has registers. Default false. */
  readonly registers?: boolean;
  /** Replies can be lost on the way and connections cut: `make` gives `faults`. Default false. */
  readonly isRemote?: boolean;
  /** Events of the log that is read while it is written, a multiple of ten. Default 100 000. */
  readonly longLogEvents?: number;
}

/**
 * Registers the whole contract of the `EventStore` port. Every test makes its own store with `make` and disposes of it, so a
 * test may run alone and in any order. `reopen` is needed for the tests of durability; without it they are not registered
 * where `durable` is false, and fail otherwise.
 *
 * @param test registers one test: a name and what to run. A failing test rejects with an Error that says what was wanted.
 * @param make gives a fresh, empty store.
 * @param options what the store declares about itself.
 *
 * @example
 * import { memoryStore } from '@blockledger/app/memory';
 * import { eventStoreContract } from '@blockledger/domain/testing';
 * const tests = new Map<string, () => Promise<void>>();
 * const make = async () => ({ store: memoryStore(), dispose: () => Promise.resolve() });
 * eventStoreContract((name, run) => void tests.set(name, run), make, { durable: false });
 * await [...tests.values()][0]?.();
 */
export const eventStoreContract = (
  test: Register,
  make: () => Promise<StoreUnderTest>,
  { durable = true, registers = false, isRemote = false, longLogEvents = 100_000 }: EventStoreContractOptions = {},
): void => {
  const on = (name: string, run: (given: StoreUnderTest) => Promise<void>): void =>
    test(name, async () => {
      const given = await make();
      try {
        await run(given);
      } finally {
        await given.dispose();
      }
    });
  appending(on);
  reading(on);
  repeating(on);
  refusing(on);
  subscribing(on);
  keeping(on, durable);
  if (registers) registering(on, durable);
  if (isRemote) losing(on);
  longLog(on, longLogEvents);
};
