/** Several control planes over one store: who does what, and what becomes of it when one of them is gone. */
import * as assert from 'uvu/assert';
import { controlPlane, type ControlPlane, type ControlPlaneParts } from '@blockledger/app';
import { memoryStore } from '@blockledger/app/memory';
import type { EventStore } from '@blockledger/domain';
import { fakeBackend } from '../support/fakeBackend.ts';
import { clockOf, process as processOf, type Frozen } from '../support/leases/seededProcess.ts';
import { SHARDS, shardOf, wantedOwner } from '../support/leases/inside.ts';
import { GIB, lasting, right } from '../support/plane.ts';
import { suite } from '../support/suite.ts';
import { virtualClock, type VirtualClock } from '../support/virtualClock.ts';

const test = suite('control planes that share a store');

const LEASE_MS = 15_000;
const MARGIN_MS = 5_000;
const HOUR_MS = 3_600_000;

/** A store that a process reaches only while it is awake. */
const reachedBy = (store: EventStore, { awake }: Frozen): EventStore => {
  const { registers } = store;
  if (registers === undefined) throw new Error('the store is not shared');
  const through =
    <A>(call: () => Promise<A>) =>
    async (): Promise<A> => {
      await awake();
      const answer = await call();
      await awake();
      return answer;
    };
  return {
    ...lasting(store),
    append: (stream, expected, events) => through(store.append(stream, expected, events)),
    readStream: (stream, from, limit) => through(store.readStream(stream, from, limit)),
    subscribe: (from, handler) =>
      store.subscribe(from, {
        ...handler,
        onEvents: async (events) => {
          await awake();
          await handler.onEvents(events);
        },
      }),
    registers: { read: (name) => through(registers.read(name)), write: (name, expected, value) => through(registers.write(name, expected, value)) },
  };
};

interface One {
  readonly plane: ControlPlane;
  readonly process: Frozen;
}

interface Given {
  readonly clock: VirtualClock;
  readonly store: EventStore;
  readonly fake: ReturnType<typeof fakeBackend>;
  readonly begin: (parts?: Partial<ControlPlaneParts>) => Promise<One>;
  /** Lets time pass until it holds. */
  readonly until: (holds: () => boolean, what: string) => Promise<void>;
  /** The answer, while time passes. */
  readonly hear: <A>(answer: Promise<A>) => Promise<A>;
}

const over = (name: string, run: (given: Given) => Promise<void>): void =>
  test(name, async () => {
    const clock = virtualClock(undefined, { auto: false });
    const store = memoryStore({ shared: true });
    const fake = fakeBackend();
    const begun: One[] = [];
    const until = async (holds: () => boolean, what: string): Promise<void> => {
      assert.ok(await clock.until(holds, clock.nowMs() + HOUR_MS), `never: ${what}`);
    };
    const hear = async <A>(answer: Promise<A>): Promise<A> => {
      let isThere = false;
      void answer.finally(() => (isThere = true)).catch(() => undefined);
      await until(() => isThere, 'an answer');
      return answer;
    };
    const begin = async (parts: Partial<ControlPlaneParts> = {}): Promise<One> => {
      const frozen = processOf();
      const plane = await hear(controlPlane({ store: reachedBy(store, frozen), backends: { fake: fake.backend }, clock: clockOf(clock, frozen), limits: { leaseMs: LEASE_MS, leaseMarginMs: MARGIN_MS }, ...parts }));
      const one = { plane, process: frozen };
      begun.push(one);
      return one;
    };
    try {
      await run({ clock, store, fake, begin, until, hear });
    } finally {
      for (const { plane, process: frozen } of begun) if (frozen.isAwake()) await hear(plane.close());
    }
  });

const held = ({ plane }: One): number => plane.monitor.status().leases?.shardsHeld ?? 0;
const isHolder = (one: One): boolean => held(one) === SHARDS;

/** So many volumes, each of which its owner makes. */
const create = async ({ hear }: Given, { plane }: One, count: number, name: string): Promise<readonly string[]> => {
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) ids.push(right(await hear(plane.createVolume({ pool: 'ssd', name: `${name} ${n}`, sizeBytes: GIB }))).resource.id);
  return ids;
};

const withPool = async (given: Given, { plane }: One): Promise<void> => {
  right(await given.hear(plane.registerPool({ name: 'ssd', placement: { backend: 'fake', pool: 'ssd' } })));
};

const isActive = ({ plane }: One, ids: readonly string[]): boolean => ids.every((id) => plane.volumes.get(id)?.status === 'active');

test('every process divides the shards alike, and one that goes leaves the others theirs', () => {
  const living = ['a', 'b', 'c'];
  const shards = Array.from({ length: SHARDS }, (_, shard) => shard);
  for (const id of living) assert.ok(shards.filter((shard) => wantedOwner(shard, living) === id).length > SHARDS / 6, `${id} has nearly nothing`);
  for (const shard of shards) {
    const owner = wantedOwner(shard, living);
    assert.is(wantedOwner(shard, living.toReversed()), owner);
    if (owner !== 'c') assert.is(wantedOwner(shard, ['a', 'b']), owner);
  }
  // For ever: another division would have two processes work on one stream while one of them is older.
  assert.equal(['volume-a', 'pool-1', 'webhook-ü'].map(shardOf), [25, 15, 45]);
});

over('one alone has all shards at once, and does all work', async (given) => {
  const one = await given.begin();
  await given.until(() => isHolder(one), 'all shards');
  await withPool(given, one);
  const ids = await create(given, one, 5, 'volume');
  await given.until(() => isActive(one, ids), 'active');
  assert.equal(one.plane.monitor.status().owed, []);
});

over('two share the work; each step of it is done by one, whoever was asked', async (given) => {
  const [one, two] = [await given.begin(), await given.begin()];
  await given.until(() => held(one) > 0 && held(two) > 0 && held(one) + held(two) === SHARDS, 'both have shards');
  await withPool(given, one);
  await given.until(() => two.plane.pools.list().totalCount === 1, 'the other knows the pool');
  const ids = [...(await create(given, one, 12, 'first')), ...(await create(given, two, 12, 'second'))];
  await given.until(() => isActive(one, ids) && isActive(two, ids), 'active');
  const made = given.fake.calls.filter(({ do: what }) => what === 'ensureVolume').map(({ volume }) => volume.volumeId as string);
  assert.equal(made.toSorted(), ids.toSorted());
});

over('what another process has to do shows as its own, not as waiting', async (given) => {
  const [one, two] = [await given.begin(), await given.begin()];
  await withPool(given, one);
  await given.until(() => held(one) > 0 && held(two) > 0 && held(one) + held(two) === SHARDS && two.plane.pools.list().totalCount === 1, 'both have shards');
  let isOpen = false;
  given.fake.before = async () => {
    while (!isOpen) await given.clock.sleep(1_000);
    return undefined;
  };
  const ids = await create(given, one, 8, 'volume');
  try {
    const phases = (of: One) => of.plane.monitor.status().owed.map(({ stream, phase }) => `${stream} ${phase}`);
    const count = (of: One, phase: string): number => phases(of).filter((line) => line.endsWith(` ${phase}`)).length;
    await given.until(() => phases(one).length === 8 && count(one, 'running') + count(two, 'running') === 8, 'all run');
    await given.until(() => count(one, 'elsewhere') === count(two, 'running') && count(two, 'elsewhere') === count(one, 'running'), 'each knows what is the other’s');
    for (const of of [one, two]) assert.equal([...new Set(of.plane.tasks.list({ limit: -1 }).items.filter(({ type }) => type === 'CreateBlockVolume').map(({ status }) => status))], ['running']);
  } finally {
    isOpen = true;
  }
  await given.until(() => isActive(one, ids) && isActive(two, ids), 'active');
});

over('the work of one that is killed is taken over within a lease and its margin', async (given) => {
  const [one, two] = [await given.begin(), await given.begin()];
  await withPool(given, one);
  await given.until(() => held(one) > 0 && held(two) > 0 && held(one) + held(two) === SHARDS && two.plane.pools.list().totalCount === 1, 'both have shards');
  const ids = await create(given, two, 12, 'volume');
  one.process.kill();
  const killedAt = given.clock.nowMs();
  await given.until(() => isHolder(two), 'the other has all shards');
  assert.ok(given.clock.nowMs() - killedAt <= (4 * LEASE_MS) / 3 + (2 * MARGIN_MS), `it took ${given.clock.nowMs() - killedAt} ms`);
  await given.until(() => isActive(two, ids), 'active');
  assert.ok((two.plane.monitor.status().leases?.takeOvers ?? 0) > 0);
});

over('one that was stopped for too long drops what it had, and takes part again under another name', async (given) => {
  const [one, two] = [await given.begin(), await given.begin()];
  await given.until(() => held(one) > 0 && held(two) > 0 && held(one) + held(two) === SHARDS, 'both have shards');
  const name = one.plane.monitor.status().leases?.memberId;
  one.process.stop();
  await given.until(() => isHolder(two), 'the other has all shards');
  one.process.wake();
  assert.is(one.plane.monitor.status().leases?.isValid, false);
  await given.until(() => held(one) > 0 && held(one) + held(two) === SHARDS, 'both have shards again');
  assert.is.not(one.plane.monitor.status().leases?.memberId, name);
});

over('who ends in order hands over at once: nobody waits for a lease', async (given) => {
  const one = await given.begin();
  await given.until(() => isHolder(one), 'all shards');
  await withPool(given, one);
  await given.hear(one.plane.drain(1_000));
  await given.hear(one.plane.close());
  one.process.kill();
  const closedAt = given.clock.nowMs();
  const two = await given.begin();
  await given.until(() => isHolder(two), 'all shards');
  assert.is(given.clock.nowMs(), closedAt);
  const ids = await create(given, two, 2, 'volume');
  await given.until(() => isActive(two, ids), 'active');
});

/** The same registers, with shards that nobody can write while it holds. */
const withStuckShards = (store: EventStore, isStuck: () => boolean): EventStore => {
  const { registers } = store;
  if (registers === undefined) throw new Error('the store is not shared');
  const refused = { _tag: 'Left' as const, left: { _tag: 'Unavailable' as const, message: 'the store fails', outcomeUnknown: false } };
  return {
    ...lasting(store),
    registers: { read: registers.read, write: (name, expected, value) => (isStuck() && name.startsWith('shard-') ? () => Promise.resolve(refused) : registers.write(name, expected, value)) },
  };
};

over('shards that nobody has for longer than a take-over lasts are warned of, until somebody has them', async (given) => {
  let isStuck = true;
  const lines: string[] = [];
  const logger = { debug: () => undefined, info: (_: object, text: string) => void lines.push(`info ${text}`), warn: (_: object, text: string) => void lines.push(`warn ${text}`), error: () => undefined };
  const one = await given.begin({ store: withStuckShards(given.store, () => isStuck), logger });
  const unheld = () => one.plane.warnings().filter(({ code }) => code === 'ShardsUnheld');
  await given.until(() => one.plane.monitor.status().leases?.unheld.length === SHARDS, 'it knows that they are free');
  const from = given.clock.nowMs();
  assert.equal(unheld(), [], 'a take-over takes as long');
  await given.until(() => given.clock.nowMs() - from >= LEASE_MS + MARGIN_MS || unheld().length > 0, 'time passes');
  assert.ok(given.clock.nowMs() - from >= LEASE_MS + MARGIN_MS, 'too early');
  await given.until(() => unheld().length === 1, 'a warning');
  assert.match(unheld()[0]?.message ?? '', /64 of 64 shards.*1 processes/);
  assert.ok((unheld()[0]?.since ?? 0) <= from);
  await given.until(() => lines.length > 2, 'it is logged, too');
  assert.is(lines.filter((line) => line.startsWith('warn nobody works on some')).length, 1);
  isStuck = false;
  await given.until(() => isHolder(one) && unheld().length === 0, 'all of them are held');
  await given.until(() => lines.includes('info every stream has a process again that works on it'), 'it is logged that it is over');
});

over('one that is alone by its own word asks nothing of the registers', async (given) => {
  const alone = await given.begin({ exclusive: true });
  assert.is(alone.plane.monitor.status().leases, null);
  await withPool(given, alone);
  const ids = await create(given, alone, 2, 'volume');
  await given.until(() => isActive(alone, ids), 'active');
  const { registers } = given.store;
  assert.ok(registers !== undefined && right(await registers.read('members')()) === undefined);
});

test.run();
