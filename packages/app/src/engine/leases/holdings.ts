/** The shards of this process: what it has taken, what it hands over, and what it knows of the others. */
import type { EventStore, Registers, StoreError } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { Members } from './members.ts';
import { readShard, shardName, type ShardRecord, type Standing } from './records.ts';
import { SHARDS, wantedOwner } from './shards.ts';

/** A shard that is ours. */
export interface Held {
  readonly term: number;
  /** The end of the log when it was taken: what stands behind it was written in our time. */
  readonly head: number;
  /** It is to be handed over: nothing is begun any more. */
  leaving: boolean;
  /** It may have been handed over already: the answer is awaited. Nothing runs here any more. */
  over: boolean;
  readonly revision: number;
}

/** Shards that were taken at once. `clean`: nothing of an earlier owner's can still be on its way. */
export interface Taken {
  readonly shards: ReadonlySet<number>;
  readonly clean: boolean;
}

export interface Holdings {
  readonly held: ReadonlyMap<number, Held>;
  /** Who had a shard when it was last looked at; null: nobody. Ours are not among them. */
  readonly owners: ReadonlyMap<number, string | null>;
  /** Looks at all shards that are not ours, takes those that we are to have and that are free, and tells which. */
  readonly take: (living: readonly string[]) => Promise<readonly Taken[]>;
  /** Marks the shards that somebody else is to have. */
  readonly mark: (living: readonly string[]) => readonly number[];
  /** Marks all of them. */
  readonly markAll: () => readonly number[];
  /** Writes down that a shard that was marked, on which nothing runs any more, is nobody's. False: it has to be tried again. */
  readonly handOver: (shard: number) => Promise<boolean>;
  /** Forgets all: somebody has declared us dead. */
  readonly drop: () => void;
  /** Shards that were taken from others that were dead. */
  readonly takeOvers: () => number;
  /** Shards that were given to others in order. */
  readonly handOvers: () => number;
}

export interface HoldingParts {
  readonly registers: Registers;
  readonly store: Pick<EventStore, 'head'>;
  readonly members: Pick<Members, 'id' | 'leftMs' | 'hasEnded'>;
}

const ALL = Array.from({ length: SHARDS }, (_, shard) => shard);

export const makeHoldings = ({ registers, store, members }: HoldingParts): Holdings => {
  const held = new Map<number, Held>();
  const owners = new Map<number, string | null>();
  let takeOvers = 0;
  let handOvers = 0;

  const read = async (shard: number): Promise<E.Either<StoreError, Standing<ShardRecord>>> => {
    const name = shardName(shard);
    return E.chain((found: Parameters<typeof readShard>[1]) => readShard(name, found))(await registers.read(name)());
  };
  const write = (shard: number, expected: number | 'none', record: ShardRecord) => registers.write(shardName(shard), expected, record)();

  /** Takes one that is free. What was won is ours only as long as we are who asked for it. */
  const takeOne = async (shard: number, living: readonly string[]): Promise<{ readonly shard: number; readonly held: Held; readonly clean: boolean } | undefined> => {
    const me = members.id();
    const found = await read(shard);
    if (E.isLeft(found) || held.has(shard)) return undefined;
    const { revision, value } = found.right;
    owners.set(shard, value?.owner ?? null);
    const isWanted = wantedOwner(shard, living) === me;
    if (value?.owner === me && !isWanted && revision !== 'none') {
      // A write of ours whose answer was lost: it is nobody's.
      await write(shard, revision, { owner: null, term: value.term });
      return undefined;
    }
    const isFree = value === undefined || value.owner === null || value.owner === me || (await members.hasEnded(value.owner));
    if (!isWanted || !isFree) return undefined;
    const term = (value?.term ?? 0) + 1;
    const written = await write(shard, revision, { owner: me, term });
    if (E.isLeft(written) || members.id() !== me) return undefined;
    const clean = value !== undefined && value.owner === null;
    if (value !== undefined && value.owner !== null && value.owner !== me) takeOvers += 1;
    return { shard, held: { term, head: Number.POSITIVE_INFINITY, leaving: false, over: false, revision: written.right }, clean };
  };

  return {
    held,
    owners,
    take: async (living) => {
      const me = members.id();
      const won = (await Promise.all(ALL.filter((shard) => !held.has(shard)).map((shard) => takeOne(shard, living)))).flatMap((one) => one ?? []);
      if (won.length === 0) return [];
      const head = await store.head()();
      if (members.id() !== me) return [];
      for (const one of won) {
        held.set(one.shard, { ...one.held, ...(E.isRight(head) ? { head: head.right } : {}) });
        owners.delete(one.shard);
      }
      return [true, false].flatMap((clean) => {
        const shards = new Set(won.filter((one) => one.clean === clean).map(({ shard }) => shard));
        return shards.size === 0 ? [] : [{ shards, clean }];
      });
    },
    mark: (living) => {
      // What was begun to be handed over is, whatever is wanted by now.
      const unwanted = [...held].filter(([shard, { leaving }]) => leaving || wantedOwner(shard, living) !== members.id());
      for (const [, one] of unwanted) one.leaving = true;
      return unwanted.map(([shard]) => shard);
    },
    markAll: () => {
      for (const one of held.values()) one.leaving = true;
      return [...held.keys()];
    },
    handOver: async (shard) => {
      const one = held.get(shard);
      if (one === undefined || !one.leaving) return true;
      one.over = true;
      const written = await write(shard, one.revision, { owner: null, term: one.term });
      // Of a write that may have landed the next look knows.
      const isOver = E.isRight(written) || written.left._tag === 'Conflict';
      if (isOver && held.get(shard) === one) {
        held.delete(shard);
        handOvers += 1;
        owners.set(shard, null);
      }
      return isOver;
    },
    drop: () => held.clear(),
    takeOvers: () => takeOvers,
    handOvers: () => handOvers,
  };
};
