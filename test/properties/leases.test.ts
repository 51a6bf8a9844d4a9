/** The protocol of leases by seed: processes killed, stopped and started, clocks at different rates, a store that fails and loses answers. */
import { defaultLimits, memoryStore, SHARDS, sharedLeases, shardOf, silentLogger, type Leases } from '../support/leases/inside.ts';
import * as assert from 'uvu/assert';
import { seeded } from '@blockledger/adapters-rbd/simulator';
import { clockOf, process as processOf, registersOf, storeWith, type Frozen, type StoreFault } from '../support/leases/seededProcess.ts';
import { suite } from '../support/suite.ts';
import { virtualClock, type VirtualClock } from '../support/virtualClock.ts';

const test = suite('leases by seed');

const RUNS = Number(globalThis.process.env['BLOCKLEDGER_WALKS'] ?? 30);
const FIXED_SEED = 20_261_122;
const LEASE_MS = 3_000;
const MARGIN_MS = 1_000;
/** Within the margin: by the fastest clock a lease is over before by the slowest somebody else believes so. */
const RATE = 0.1;

/** One stream of each shard. */
const STREAMS: readonly string[] = (() => {
  const found = new Map<number, string>();
  for (let n = 0; found.size < SHARDS; n += 1) if (!found.has(shardOf(`volume-${n}`))) found.set(shardOf(`volume-${n}`), `volume-${n}`);
  return [...found.values()];
})();

interface Runner {
  readonly name: string;
  readonly leases: Leases;
  readonly process: Frozen;
  /** Streams on which something runs that was begun under a lease, and whether it may write. */
  readonly running: Set<string>;
}

const limits = { ...defaultLimits, leaseMs: LEASE_MS, leaseMarginMs: MARGIN_MS };

/** Seen over all runs, so that a test that meets nothing fails. */
const met = { kills: 0, stops: 0, takeOvers: 0, faults: 0, handOvers: 0, late: 0 };

const draws = (random: () => number, rate: () => number) => (): { readonly fault: StoreFault; readonly ms: number } => {
  const fault: StoreFault = random() >= rate() ? 'none' : (['refused', 'lost', 'late'] as const)[Math.floor(random() * 3)] ?? 'lost';
  if (fault !== 'none') met.faults += 1;
  if (fault === 'late') met.late += 1;
  // Most calls take no time at all: a clock that stops for each of them would take all of ours.
  return { fault, ms: random() < 0.9 ? 0 : 1 + Math.floor(random() * 300) };
};

/** Nobody else may believe that it holds what this one holds. A process that is stopped does nothing, whatever it believes when it wakes. */
const conflicts = (runners: readonly Runner[]): readonly string[] => {
  const awake = runners.filter(({ process: frozen }) => frozen.isAwake());
  return STREAMS.flatMap((stream) => {
    const holders = awake.filter(({ leases }) => leases.keeps(stream)).map(({ name }) => name);
    return holders.length > 1 ? [`${stream} is held by ${holders.join(' and ')}`] : [];
  });
};

interface Scene {
  readonly clock: VirtualClock;
  readonly runners: Runner[];
  readonly begin: () => void;
}

const sceneOf = (seed: number, faultRate: () => number): Scene => {
  const random = seeded(seed);
  const clock = virtualClock(1_700_000_000_000, { auto: false });
  const store = memoryStore({ shared: true });
  const runners: Runner[] = [];
  let begun = 0;
  return {
    clock,
    runners,
    begin: () => {
      const frozen = processOf();
      begun += 1;
      const number = begun;
      let fresh = 0;
      const ids = { fresh: () => `m${number}-${(fresh += 1)}`, derive: (space: string, name: string) => `${space}${name}`, random };
      const { registers } = store;
      if (registers === undefined) throw new Error('the store is not shared');
      const own = clockOf(clock, frozen, 1 + (random() - 0.5) * RATE, Math.floor((random() - 0.5) * 1e9));
      const leases = sharedLeases({ store: storeWith(store, registersOf(registers, frozen, clock, draws(random, faultRate))), clock: own, ids, limits, logger: silentLogger });
      const running = new Set<string>();
      leases.add({
        taken: (covers) => {
          for (const stream of STREAMS) if (covers(stream) && leases.holds(stream)) running.add(stream);
        },
        release: async (covers) => {
          // What runs needs a while to end.
          await clock.sleep(50 + random() * 400);
          await frozen.awake();
          for (const stream of STREAMS) if (covers(stream)) running.delete(stream);
        },
      });
      leases.start();
      runners.push({ name: `m${number}`, leases, process: frozen, running });
    },
  };
};

const alive = (runners: readonly Runner[]): readonly Runner[] => runners.filter(({ process: frozen }) => !frozen.isDead());

const run = async (seed: number): Promise<void> => {
  const random = seeded(seed ^ 0x1ea5e);
  let isCalm = false;
  const rate = seed % 3 === 0 ? 0 : 0.15;
  const { clock, runners, begin } = sceneOf(seed, () => (isCalm ? 0 : rate));
  const watch = async (ms: number): Promise<void> => {
    const until = clock.nowMs() + ms;
    while (await clock.step(until)) {
      const found = conflicts(runners);
      if (found.length > 0) throw new Error(`at ${clock.nowMs()}: ${found.join('; ')}`);
    }
    clock.advance(Math.max(0, until - clock.nowMs()));
  };
  begin();
  for (let step = 0; step < 14; step += 1) {
    const some = alive(runners);
    const one = some[Math.floor(random() * some.length)];
    const what = random();
    if (some.length < 4 && (some.length === 0 || what < 0.25)) begin();
    else if (what < 0.4 && one !== undefined) {
      one.process.kill();
      met.kills += 1;
    } else if (what < 0.75 && one !== undefined) {
      one.process.stop();
      met.stops += 1;
      // Shorter and longer than a lease.
      void clock.sleep(random() * 3 * LEASE_MS).then(one.process.wake);
    } else if (what < 0.85 && one !== undefined && one.process.isAwake()) {
      met.handOvers += 1;
      void one.leases.leave().then(one.process.kill);
    }
    await watch(random() * 2 * LEASE_MS);
  }
  if (alive(runners).length === 0) begin();
  isCalm = true;
  for (const { process: frozen } of runners) frozen.wake();
  await watch(20 * (LEASE_MS + MARGIN_MS));
  const left = alive(runners).length === 0 ? (begin(), await watch(20 * (LEASE_MS + MARGIN_MS)), alive(runners)) : alive(runners);
  for (const { leases } of left) met.takeOvers += leases.view()?.takeOvers ?? 0;
  const unheld = STREAMS.filter((stream) => !left.some(({ leases }) => leases.holds(stream)));
  assert.equal(unheld, [], 'streams that nobody works on at last');
  for (const { leases, running } of left) assert.equal([...running].filter((stream) => !leases.keeps(stream)), [], 'what runs without a lease');
  for (const { process: frozen } of left) frozen.kill();
};

test('no two processes ever hold one shard, and at last every shard is held: fixed and fresh seeds', async () => {
  const fresh = Number(globalThis.process.env['BLOCKLEDGER_SEED'] ?? Math.floor(Math.random() * 1e9));
  console.log(`# fresh seed ${fresh}`);
  for (const from of [FIXED_SEED, fresh]) {
    for (let seed = from; seed < from + Math.ceil(RUNS / 2); seed += 1) {
      try {
        await run(seed);
      } catch (error) {
        throw new Error(`seed ${seed} (BLOCKLEDGER_SEED=${seed} BLOCKLEDGER_WALKS=2): ${String(error)}`, { cause: error });
      }
    }
  }
});

test('the runs kill, stop, take over, hand over, and meet a store that fails', () => {
  for (const [what, count] of Object.entries(met)) assert.ok(count > RUNS / 10, `${what}: only ${count}`);
});

test.run();
