/** The rules of leases one by one: who is taken for dead and when, whose shards are taken, and what becomes of one that cannot say that it leaves. */
import * as assert from 'uvu/assert';
import type { Clock, EventStore, Registers } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { defaultLimits, makeMembers, memberName, memoryStore, readMember, readShard, SHARDS, sharedLeases, shardName, shardOf, silentLogger, wantedOwner, type Leases, type Members } from '../support/leases/inside.ts';
import { clockOf, process as processOf, storeWith, type Frozen } from '../support/leases/seededProcess.ts';
import { right } from '../support/plane.ts';
import { suite } from '../support/suite.ts';
import { virtualClock, type VirtualClock } from '../support/virtualClock.ts';

const test = suite('leases');

const LEASE_MS = 15_000;
const MARGIN_MS = 5_000;

const shared = (): EventStore & { readonly registers: Registers } => {
  const store = memoryStore({ shared: true });
  if (store.registers === undefined) throw new Error('the store is not shared');
  return storeWith(store, store.registers);
};

const joined = async (registers: Registers, clock: Clock, id: string): Promise<Members> => {
  const members = makeMembers({ registers, clock, leaseMs: LEASE_MS, marginMs: MARGIN_MS });
  assert.ok(await members.join(id));
  return members;
};

const seenBy = async (members: Members): Promise<readonly string[]> => right(await members.look());

test('a member is taken for dead when no beat of it was seen for a lease and the margin, and no moment earlier', async () => {
  const { registers } = shared();
  const clock = virtualClock(undefined, { auto: false });
  const silent = await joined(registers, clock, 'silent');
  const watching = await joined(registers, clock, 'watching');
  clock.advance(3_000);
  assert.equal((await seenBy(watching)).toSorted(), ['silent', 'watching']);
  clock.advance(LEASE_MS + MARGIN_MS - 1);
  assert.equal((await seenBy(watching)).toSorted(), ['silent', 'watching'], 'counted from the first sight of the beat, not from the beat');
  assert.ok(silent.leftMs() < 0, 'it has stopped long before');
  clock.advance(1);
  assert.equal(await seenBy(watching), ['watching']);
  assert.ok(await watching.hasEnded('silent'));
  assert.is(await silent.beat(), 'dead');
});

test('each beat that is seen begins the count anew', async () => {
  const { registers } = shared();
  const clock = virtualClock(undefined, { auto: false });
  const slow = await joined(registers, clock, 'slow');
  const watching = await joined(registers, clock, 'watching');
  for (let round = 0; round < 4; round += 1) {
    clock.advance(LEASE_MS + MARGIN_MS - 1);
    assert.equal((await seenBy(watching)).length, 2);
    assert.is(await slow.beat(), 'kept');
    assert.equal((await seenBy(watching)).length, 2);
  }
});

test('who wants to take believes the slower of two clocks, who holds the faster one', async () => {
  const { registers } = shared();
  const times = { wall: 0, steady: 0 };
  const clock: Clock = { nowMs: () => times.wall, steadyMs: () => times.steady, sleep: () => Promise.resolve() };
  const silent = await joined(registers, clock, 'silent');
  const watching = await joined(registers, clock, 'watching');
  assert.equal((await seenBy(watching)).length, 2);
  times.wall += 10 * LEASE_MS;
  assert.equal((await seenBy(watching)).length, 2, 'a wall clock that was set kills nobody');
  assert.ok(silent.leftMs() < 0, 'and keeps nobody at work');
  times.steady += LEASE_MS + MARGIN_MS;
  assert.equal((await seenBy(watching)).length, 1);
});

/** A process with leases, which works on what it holds until it is told to end. */
interface Worker {
  readonly leases: Leases;
  readonly process: Frozen;
  /** Ends what runs, now and from now on. */
  readonly endWork: () => void;
}

const STREAMS: readonly string[] = (() => {
  const found = new Map<number, string>();
  for (let n = 0; found.size < SHARDS; n += 1) if (!found.has(shardOf(`volume-${n}`))) found.set(shardOf(`volume-${n}`), `volume-${n}`);
  return [...found.values()];
})();

const workerOn = (store: EventStore & { readonly registers: Registers }, clock: VirtualClock, name: string): Worker => {
  const frozen = processOf();
  let lives = 0;
  const ids = { fresh: () => `${name}${(lives += 1)}`, derive: (space: string, of: string) => `${space}${of}`, random: () => 0.5 };
  const leases = sharedLeases({ store, clock: clockOf(clock, frozen), ids, limits: { ...defaultLimits, leaseMs: LEASE_MS, leaseMarginMs: MARGIN_MS }, logger: silentLogger });
  let endWork = (): void => undefined;
  const workEnded = new Promise<void>((resolve) => (endWork = resolve));
  leases.add({ taken: () => undefined, release: (covers) => (STREAMS.some(covers) ? workEnded : Promise.resolve()) });
  leases.start();
  return { leases, process: frozen, endWork };
};

const heldBy = ({ leases }: Worker): readonly string[] => STREAMS.filter((stream) => leases.keeps(stream));
const ownerOf = async ({ registers }: { readonly registers: Registers }, shard: number): Promise<string | null | undefined> =>
  right(E.chain((found: Parameters<typeof readShard>[1]) => readShard(shardName(shard), found))(await registers.read(shardName(shard))())).value?.owner;

test('nothing is taken from a member that lives: who is to have a shard waits until it is handed over, however long that takes', async () => {
  const store = shared();
  const clock = virtualClock(undefined, { auto: false });
  const until = async (holds: () => boolean): Promise<void> => assert.ok(await clock.until(holds, clock.nowMs() + 20 * LEASE_MS));
  const one = workerOn(store, clock, 'one');
  await until(() => heldBy(one).length === SHARDS);
  const two = workerOn(store, clock, 'two');
  await until(() => two.leases.view()?.members.length === 2 && one.leases.view()?.members.length === 2);
  const wanted = Array.from({ length: SHARDS }, (_, shard) => shard).filter((shard) => wantedOwner(shard, ['one1', 'two1']) === 'two1');
  assert.ok(wanted.length > 0);
  // What runs does not end: ten leases pass.
  await clock.until(() => heldBy(two).length > 0, clock.nowMs() + 10 * LEASE_MS);
  assert.equal(heldBy(two), [], 'taken from somebody who was at it');
  assert.is(heldBy(one).length, SHARDS);
  for (const shard of wanted) assert.is(await ownerOf(store, shard), 'one1');
  one.endWork();
  await until(() => heldBy(two).length === wanted.length);
  assert.is(heldBy(one).length, SHARDS - wanted.length);
  for (const { process: frozen } of [one, two]) frozen.kill();
});

/** The store answers no write but those of the list of members. */
const onlyTheList = (registers: Registers, isBroken: () => boolean): Registers => ({
  read: registers.read,
  write: (name, expected, value) => (isBroken() && name !== 'members' ? () => Promise.resolve(E.left({ _tag: 'Unavailable' as const, message: 'the store fails', outcomeUnknown: false })) : registers.write(name, expected, value)),
});

test('who leaves and can neither hand over nor say so is watched until it counts as dead: nothing stays its own for ever', async () => {
  const store = shared();
  const clock = virtualClock(undefined, { auto: false });
  const until = async (holds: () => boolean): Promise<void> => assert.ok(await clock.until(holds, clock.nowMs() + 20 * LEASE_MS), 'never');
  let isBroken = false;
  const one = workerOn(storeWith(store, onlyTheList(store.registers, () => isBroken)), clock, 'one');
  one.endWork();
  await until(() => heldBy(one).length === SHARDS);
  isBroken = true;
  let hasLeft = false;
  void one.leases.leave().then(() => (hasLeft = true));
  await until(() => hasLeft);
  assert.equal(heldBy(one), [], 'it holds nothing, whatever the store says');
  assert.is(await ownerOf(store, 0), 'one1', 'the store still says that it is its own');
  const two = workerOn(store, clock, 'two');
  await until(() => heldBy(two).length === SHARDS);
  const found = right(E.chain((standing: Parameters<typeof readMember>[1]) => readMember(memberName('one1'), standing))(await store.registers.read(memberName('one1'))()));
  assert.is(found.value?.ended, 'dead');
  two.process.kill();
});

test('who leaves in order has handed over everything, and is on the list no more', async () => {
  const store = shared();
  const clock = virtualClock(undefined, { auto: false });
  const until = async (holds: () => boolean): Promise<void> => assert.ok(await clock.until(holds, clock.nowMs() + 20 * LEASE_MS), 'never');
  const one = workerOn(store, clock, 'one');
  one.endWork();
  await until(() => heldBy(one).length === SHARDS);
  const before = clock.nowMs();
  let hasLeft = false;
  void one.leases.leave().then(() => (hasLeft = true));
  await until(() => hasLeft);
  assert.is(clock.nowMs(), before);
  for (let shard = 0; shard < SHARDS; shard += 1) assert.is(await ownerOf(store, shard), null);
  assert.equal(right(await store.registers.read('members')())?.value, { ids: [] });
});

test.run();
