/**
 * Which streams this process works on. Where several processes share a store, each holds some shards of it, as long as its lease lasts; where it
 * is alone, it works on everything. What is held here is held by nobody else: see decision 18.
 */
import type { CancelSignal } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { Engine } from '../parts.ts';
import { makeHoldings, type Holdings } from './holdings.ts';
import { makeMembers, type Members } from './members.ts';
import { SHARDS, shardOf } from './shards.ts';

/** Something that works on streams, and is told which ones are ours. */
export interface ShardWorker {
  /** These are ours now. `clean` false: calls of an earlier owner may still land. */
  readonly taken: (covers: (stream: string) => boolean, clean: boolean) => void;
  /** Resolves when nothing of these runs here any more. What runs may end within `graceMs`, then it is stopped. */
  readonly release: (covers: (stream: string) => boolean, graceMs: number) => Promise<void>;
}

/** How the work is divided, as this process sees it. */
export interface LeaseView {
  /** This process, for as long as it is not taken for dead. */
  readonly memberId: string;
  /** Everybody who lives, this one included. */
  readonly members: readonly string[];
  /** The lease lasts. */
  readonly isValid: boolean;
  readonly shardsHeld: number;
  /** The highest term of a shard that is held: how often it changed its owner. */
  readonly highestTerm: number;
  /** Shards that this process took from others that were dead. */
  readonly takeOvers: number;
  /** Shards that this process gave to others in order. */
  readonly handOvers: number;
  /** Shards that nobody has, and since when this process knows it, in ms since 1970. */
  readonly unheld: readonly { readonly shard: number; readonly since: number }[];
}

export interface Leases {
  /** Work of this stream may be begun here, just now. */
  readonly holds: (stream: string) => boolean;
  /** Work of this stream that runs here may go on. */
  readonly keeps: (stream: string) => boolean;
  /** Another process has this stream. */
  readonly isElsewhere: (stream: string) => boolean;
  /** Which time of ours this is: another one, another number. What is remembered of a stream holds for one term. 0 where nobody else ever works. */
  readonly termOf: (stream: string) => number;
  /** The end of the log when this stream became ours. −1 where nobody else ever works. */
  readonly heldSince: (stream: string) => number;
  /** Asks the store whether the lease lasts: before what must not be done by two. */
  readonly confirm: () => Promise<boolean>;
  /** The same signal, which is given as soon as the stream is not ours any more, also where this process was stopped and its timers were late. */
  readonly guard: (stream: string, signal: CancelSignal) => CancelSignal;
  readonly add: (worker: ShardWorker) => void;
  readonly start: () => void;
  /** Hands everything over and leaves; resolves when others may take it. Nothing of it may run any more. */
  readonly leave: () => Promise<void>;
  /** Null where nobody else ever works. */
  readonly view: () => LeaseView | null;
}

/** All streams are ours, and nothing is asked of the store. */
export const aloneLeases: Leases = {
  holds: () => true,
  keeps: () => true,
  isElsewhere: () => false,
  termOf: () => 0,
  heldSince: () => -1,
  confirm: () => Promise.resolve(true),
  guard: (_stream, signal) => signal,
  add: () => undefined,
  start: () => undefined,
  leave: () => Promise.resolve(),
  view: () => null,
};

/** A lease has so many beats, one of which has to get through. */
const BEATS = 3;
/** After a beat that did not get through the next one comes earlier. */
const HASTE = 4;

type LeaseParts = Pick<Engine, 'store' | 'clock' | 'ids' | 'limits' | 'logger'>;

const covering =
  (shards: ReadonlySet<number>) =>
  (stream: string): boolean =>
    shards.has(shardOf(stream));

/** Since when nobody has a shard. */
const makeUnheld = (clock: Engine['clock']) => {
  const since = new Map<number, number>();
  return {
    note: ({ held, owners }: Pick<Holdings, 'held' | 'owners'>, living: readonly string[]): void => {
      for (let shard = 0; shard < SHARDS; shard += 1) {
        const owner = owners.get(shard) ?? null;
        const isHeld = held.has(shard) || (owner !== null && living.includes(owner));
        if (isHeld) since.delete(shard);
        else if (!since.has(shard)) since.set(shard, clock.nowMs());
      }
    },
    all: () => [...since].map(([shard, at]) => ({ shard, since: at })),
    /** How many nobody has for longer than it takes to take them over. */
    overdue: (afterMs: number): number => [...since.values()].filter((at) => clock.nowMs() - at > afterMs).length,
  };
};

/** The workers of this process, told one thing after the other. */
const makeWorkers = () => {
  const workers: ShardWorker[] = [];
  return {
    add: (worker: ShardWorker): void => void workers.push(worker),
    taken: (shards: ReadonlySet<number>, clean: boolean): void => {
      for (const worker of workers) worker.taken(covering(shards), clean);
    },
    release: async (shards: ReadonlySet<number>, graceMs: number): Promise<void> => {
      await Promise.all(workers.map((worker) => worker.release(covering(shards), graceMs)));
    },
  };
};

/** Divides the work with other processes by the registers of the store. */
export const sharedLeases = ({ store, clock, ids, limits, logger }: LeaseParts & { readonly store: { readonly registers: NonNullable<Engine['store']['registers']> } }): Leases => {
  const { leaseMs, leaseMarginMs: marginMs } = limits;
  const members: Members = makeMembers({ registers: store.registers, clock, leaseMs, marginMs });
  const holdings = makeHoldings({ registers: store.registers, store, members });
  const workers = makeWorkers();
  const unheld = makeUnheld(clock);
  const closing = new AbortController();
  let overdue = 0;
  let living: readonly string[] = [];
  let isFenced = true;
  let isJoined = false;
  let loops: Promise<unknown> = Promise.resolve();
  const handing = new Map<number, Promise<void>>();

  const isValid = (): boolean => isJoined && members.leftMs() > 0;
  const heldOf = (stream: string) => holdings.held.get(shardOf(stream));
  const keeps = (stream: string): boolean => heldOf(stream)?.over === false && isValid();

  /** The lease is over: what runs is stopped at once. It may begin anew if a beat gets through before anybody declares us dead. */
  const fence = (): void => {
    if (isFenced) return;
    isFenced = true;
    if (holdings.held.size === 0) return;
    logger.warn({ memberId: members.id() }, 'the lease of this process is over: what it runs is stopped');
    void workers.release(new Set(holdings.held.keys()), 0);
  };
  const unfence = (): void => {
    if (!isFenced) return;
    isFenced = false;
    if (holdings.held.size > 0) workers.taken(new Set(holdings.held.keys()), true);
  };

  /** Everything is dropped, since somebody else may have it by now; then all begins anew under another name. */
  const joinAnew = async (): Promise<void> => {
    isJoined = false;
    fence();
    const shards = new Set(holdings.held.keys());
    holdings.drop();
    await workers.release(shards, 0);
    const id = ids.fresh();
    isJoined = await members.join(id);
    if (!isJoined || closing.signal.aborted) return;
    logger.info({ memberId: id }, 'this process takes part in the work');
    unfence();
  };

  const beats = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      let went: string = 'unknown';
      if (isJoined) {
        went = await members.beat();
        if (went === 'kept' && !closing.signal.aborted) unfence();
        if (went === 'dead') {
          logger.warn({ memberId: members.id() }, 'this process was taken for dead: it begins anew');
          await joinAnew();
          went = isJoined ? 'kept' : 'unknown';
        }
      } else {
        await joinAnew();
        went = isJoined ? 'kept' : 'unknown';
      }
      if (!isValid()) fence();
      await clock.sleep(leaseMs / BEATS / (went === 'kept' ? 1 : HASTE), closing.signal);
    }
  };

  /** Timers of a process that was stopped are late; then `keeps` has said no long before. */
  const fences = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      const left = isJoined ? members.leftMs() : leaseMs;
      if (left <= 0) fence();
      await clock.sleep(left > 0 ? left : leaseMs / BEATS, closing.signal);
    }
  };

  const handOver = (shard: number): void => {
    if (handing.has(shard)) return;
    const over = async (): Promise<void> => {
      await workers.release(new Set([shard]), leaseMs);
      if (!closing.signal.aborted) await holdings.handOver(shard);
      handing.delete(shard);
    };
    handing.set(shard, over());
  };

  const shards = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      if (isValid()) {
        const looked = await members.look();
        if (E.isLeft(looked)) logger.warn({ error: looked.left }, 'nobody can say who takes part in the work');
        else if (isValid()) {
          living = looked.right;
          for (const shard of holdings.mark(living)) handOver(shard);
          for (const taken of await holdings.take(living)) if (isValid() && !closing.signal.aborted) workers.taken(taken.shards, taken.clean);
          unheld.note(holdings, living);
          sayOverdue();
        }
      }
      await clock.sleep(isJoined ? leaseMs / BEATS : leaseMs / BEATS / HASTE, closing.signal);
    }
  };

  /** Told when it begins and when it is over, not at every look. */
  const sayOverdue = (): void => {
    const count = unheld.overdue(leaseMs + marginMs);
    if (count > 0 && overdue === 0) logger.warn({ memberId: members.id(), shards: count }, 'nobody works on some of the streams: their shards are free, and not taken');
    if (count === 0 && overdue > 0) logger.info({ memberId: members.id() }, 'every stream has a process again that works on it');
    overdue = count;
  };

  const start = async (): Promise<void> => {
    await joinAnew();
    await Promise.all([beats(), fences(), shards()]);
  };

  let left: Promise<void> | undefined;
  const leave = async (): Promise<void> => {
    const all = new Set(holdings.markAll());
    closing.abort();
    await workers.release(all, 0);
    await Promise.all([loops, ...handing.values()]);
    // What was taken while it ended never ran.
    await Promise.all(holdings.markAll().map((shard) => holdings.handOver(shard)));
    if (isJoined) await members.leave();
    isJoined = false;
    holdings.drop();
  };

  return {
    holds: (stream) => heldOf(stream)?.leaving === false && isValid() && !closing.signal.aborted,
    keeps,
    isElsewhere: (stream) => {
      if (heldOf(stream) !== undefined) return false;
      const owner = holdings.owners.get(shardOf(stream)) ?? null;
      return owner !== null && living.includes(owner);
    },
    termOf: (stream) => heldOf(stream)?.term ?? -1,
    heldSince: (stream) => heldOf(stream)?.head ?? Number.POSITIVE_INFINITY,
    confirm: async () => isJoined && (await members.beat()) === 'kept',
    guard: (stream, signal) => ({
      get aborted() {
        return signal.aborted || !keeps(stream);
      },
      addEventListener: (type, listener) => signal.addEventListener(type, listener),
      removeEventListener: (type, listener) => signal.removeEventListener(type, listener),
    }),
    add: workers.add,
    start: () => {
      loops = start();
    },
    leave: () => (left ??= leave()),
    view: () => ({
      memberId: members.id(),
      members: living,
      isValid: isValid(),
      shardsHeld: holdings.held.size,
      highestTerm: Math.max(0, ...[...holdings.held.values()].map(({ term }) => term)),
      takeOvers: holdings.takeOvers(),
      handOvers: holdings.handOvers(),
      unheld: unheld.all(),
    }),
  };
};

/** The leases of a plane: alone where the store is its own, has no registers, or nothing is driven here. */
export const leasesOf = (engine: LeaseParts & Pick<Engine, 'exclusive'>): Leases => {
  const { registers } = engine.store;
  return engine.exclusive || registers === undefined ? aloneLeases : sharedLeases({ ...engine, store: { ...engine.store, registers } });
};
