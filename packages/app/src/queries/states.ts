/** Every stream's folded state, kept in memory: what commands are decided on, work is owed by and readers see. */
import {
  backendStream,
  type AccessPathState,
  type BackendState,
  type ClientGroupState,
  type HostState,
  type PoolState,
  type ReservationState,
  type SnapshotState,
  type StoredEvent,
  type StoreError,
  type VipGroupState,
  type VolumeState,
} from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { LRUCache } from 'lru-cache';
import { aggregates, kindOf, type Kind } from '../engine/commands/aggregates.ts';
import { decodeStored, type Folded } from '../engine/commands/folding.ts';
import type { Engine } from '../engine/parts.ts';
import type { Kept } from './kept.ts';

/** A stream as it stands. `revision` −1: it does not exist. `state` undefined: finished, and put away to save memory. */
export interface StreamEntry {
  readonly kind: Kind;
  readonly revision: number;
  readonly state: object | undefined;
}

/** One or more events folded into a stream. */
export interface Change {
  readonly stream: string;
  readonly kind: Kind;
  readonly before: unknown;
  readonly after: unknown;
  readonly revision: number;
  readonly folded: readonly Folded[];
}

type Loaded = Promise<E.Either<StoreError, StreamEntry & { readonly state: object }>>;

/** States in memory by UUID; undefined for what is not there or was put away. */
export interface ResourceStates {
  readonly volumeState: (id: string) => VolumeState | undefined;
  readonly snapshotState: (id: string) => SnapshotState | undefined;
  readonly poolState: (id: string) => PoolState | undefined;
  readonly hostState: (id: string) => HostState | undefined;
  readonly clientGroupState: (id: string) => ClientGroupState | undefined;
  readonly accessPathState: (id: string) => AccessPathState | undefined;
  readonly vipGroupState: (id: string) => VipGroupState | undefined;
  /** By name; undefined for one that was never paused. */
  readonly backendState: (name: string) => BackendState | undefined;
  /** What a pool's capacity reservation holds; 0 where it is not in memory. */
  readonly provisionedBytes: (poolId: string) => number;
}

export interface States extends ResourceStates {
  /** What is in memory; undefined where nothing is known. */
  readonly peek: (stream: string) => StreamEntry | undefined;
  /** The state, read from the store where it is not in memory. */
  readonly load: (stream: string) => Loaded;
  /** The state with everything that the store has by now. */
  readonly refresh: (stream: string) => Loaded;
  /** Folds stored events, in order, of any streams; those known already are passed over. */
  readonly apply: (events: readonly StoredEvent[]) => E.Either<StoreError, void>;
  /** Folds events that were decoded already, of one stream. */
  readonly fold: (stream: string, folded: readonly Folded[]) => void;
  readonly onChange: (listener: (change: Change) => void) => () => void;
  /** Resolves at the next change of a stream, or when the signal is given. */
  readonly changed: (stream: string) => Promise<void>;
  readonly streams: () => IterableIterator<string>;
  /** Position of the last event folded, −1 before any. */
  readonly head: () => number;
}

/** States that a checkpoint can keep. */
export interface KeptStates extends States {
  readonly keeps: readonly Kept[];
  /** False while only a part of an append is known: it could not be kept. */
  readonly isWhole: () => boolean;
}

/** A stream as it is kept: its name, revision and state; null for one that was put away. */
type KeptStream = readonly [stream: string, revision: number, state: object | null];

/** True for a stream that owes nothing and of which nothing can follow: its state is put away. */
const isFinished = (kind: Kind, state: unknown): boolean => {
  switch (kind) {
    case 'volume': {
      const { lifecycle, dues } = state as VolumeState;
      return (lifecycle === 'deleted' || lifecycle === 'refused' || lifecycle === 'disowned') && dues.length === 0;
    }
    case 'snapshot': {
      const { lifecycle, stage } = state as SnapshotState;
      return lifecycle === 'deleted' && stage === null;
    }
    case 'pool': {
      const { lifecycle, releasing } = state as PoolState;
      return (lifecycle === 'refused' || lifecycle === 'retired') && !releasing;
    }
    case 'host': {
      const { lifecycle, dues } = state as HostState;
      return (lifecycle === 'refused' || lifecycle === 'retired') && dues.length === 0;
    }
    case 'clientGroup': {
      const { lifecycle, dues, group } = state as ClientGroupState;
      // That of an initiator comes back when something is attached to it again.
      return (lifecycle === 'refused' || lifecycle === 'deleted') && dues.length === 0 && group?.isForAttachments !== true;
    }
    case 'accessPath': {
      const { lifecycle, dues } = state as AccessPathState;
      return (lifecycle === 'refused' || lifecycle === 'deleted') && dues.length === 0;
    }
    case 'vipGroup': {
      const { lifecycle, dues } = state as VipGroupState;
      return (lifecycle === 'refused' || lifecycle === 'deleted') && dues.length === 0;
    }
    case 'backend':
    case 'token':
    case 'webhook':
    case 'reservation':
      return false;
  }
};

/** Streams of reservations are many and seldom asked for: only the latest stay in memory. Other streams stay for ever. */
const makeStorage = (cachedReservations: number) => {
  const resources = new Map<string, StreamEntry>();
  const reservations = new LRUCache<string, StreamEntry>({ max: cachedReservations });
  return {
    resources,
    reservations,
    get: (stream: string): StreamEntry | undefined => resources.get(stream) ?? reservations.get(stream),
    set: (stream: string, entry: StreamEntry): void => {
      if (entry.kind === 'reservation') reservations.set(stream, entry);
      else resources.set(stream, entry);
    },
  };
};

const makeWaiters = () => {
  const waiting = new Map<string, (() => void)[]>();
  return {
    wait: (stream: string): Promise<void> =>
      new Promise((resolve) => {
        waiting.set(stream, [...(waiting.get(stream) ?? []), resolve]);
      }),
    wake: (stream: string): void => {
      const resolvers = waiting.get(stream);
      if (resolvers === undefined) return;
      waiting.delete(stream);
      for (const resolve of resolvers) resolve();
    },
  };
};

const emptyEntry = (kind: Kind): StreamEntry => ({ kind, revision: -1, state: aggregates[kind].initial as object });

/** States over a store; nothing is read until it is asked for or replayed. */
export const makeStates = ({ store, limits }: Pick<Engine, 'store' | 'limits'>): KeptStates => {
  const storage = makeStorage(limits.cachedReservations);
  const listeners = new Set<(change: Change) => void>();
  const waiters = makeWaiters();
  /** Of appends that only the beginning of is known so far: a page of the log may end within one. */
  const halves = new Map<string, readonly Folded[]>();
  let head = -1;

  const fold = (stream: string, folded: readonly Folded[]): void => {
    const kind = kindOf(stream);
    const last = folded.at(-1);
    if (kind === undefined || last === undefined) return;
    halves.delete(stream);
    head = Math.max(head, last.stored.position);
    const { evolve } = aggregates[kind];
    const entry = storage.get(stream) ?? emptyEntry(kind);
    const fresh = folded.filter(({ stored }) => stored.revision > entry.revision);
    const first = fresh[0];
    // A gap, or a state that was put away: whoever needs it reads it again.
    if (first === undefined || first.stored.revision !== entry.revision + 1 || entry.state === undefined) return;
    const after = fresh.reduce((state, { event }) => evolve(state, event) as object, entry.state);
    const revision = last.stored.revision;
    storage.set(stream, { kind, revision, state: isFinished(kind, after) ? undefined : after });
    const change: Change = { stream, kind, before: entry.state, after, revision, folded: fresh };
    for (const listener of listeners) listener(change);
    waiters.wake(stream);
  };

  const apply = (events: readonly StoredEvent[]): E.Either<StoreError, void> => {
    for (const stored of events) {
      const { stream, revision, position } = stored;
      const kind = kindOf(stream);
      const begun = halves.get(stream) ?? [];
      const known = Math.max(begun.at(-1)?.stored.revision ?? -1, storage.get(stream)?.revision ?? -1);
      if (kind === undefined || revision <= known) {
        head = Math.max(head, position);
        continue;
      }
      const folded = decodeStored(aggregates[kind], stored);
      if (E.isLeft(folded)) return folded;
      const together = [...begun, folded.right];
      // What was appended at once is seen at once: a driver must not begin what half of it seems to owe.
      if (stored.meta.toFollow !== undefined) {
        halves.set(stream, together);
        continue;
      }
      fold(stream, together);
    }
    return E.right(undefined);
  };

  /** Reads a stream from its beginning without touching what is kept: for states that were put away. */
  const readWhole = async (stream: string, kind: Kind): Loaded => {
    const read = await store.readStream(stream, 0)();
    if (E.isLeft(read)) return read;
    const aggregate = aggregates[kind];
    let state: unknown = aggregate.initial;
    for (const stored of read.right) {
      const folded = decodeStored(aggregate, stored);
      if (E.isLeft(folded)) return folded;
      state = aggregate.evolve(state, folded.right.event);
    }
    return E.right({ kind, revision: read.right.length - 1, state: state as object });
  };

  const refresh = async (stream: string): Loaded => {
    const kind = kindOf(stream);
    if (kind === undefined) return E.left({ _tag: 'Invalid', message: `no such kind of stream: ${stream}` });
    const known = storage.get(stream);
    if (known !== undefined && known.state === undefined) {
      const whole = await readWhole(stream, kind);
      // Nothing follows a finished stream, but if something did, it counts.
      if (E.isRight(whole) && whole.right.revision > known.revision) storage.set(stream, whole.right);
      return whole;
    }
    const read = await store.readStream(stream, (known?.revision ?? -1) + 1)();
    if (E.isLeft(read)) return read;
    const applied = apply(read.right);
    if (E.isLeft(applied)) return applied;
    const entry = storage.get(stream) ?? emptyEntry(kind);
    // That a name is free is worth remembering; ids that lead nowhere would only pile up.
    if (known === undefined && entry.revision === -1 && kind === 'reservation') storage.set(stream, entry);
    return entry.state === undefined ? readWhole(stream, kind) : E.right({ ...entry, state: entry.state });
  };

  const load = async (stream: string): Loaded => {
    const known = storage.get(stream);
    return known?.state === undefined ? refresh(stream) : E.right({ ...known, state: known.state });
  };

  const keptOf = (entries: Iterable<readonly [string, StreamEntry]>): readonly KeptStream[] => Array.from(entries, ([stream, { revision, state }]) => [stream, revision, state ?? null]);

  /** All are there before anybody is told of one: some look at others. */
  const putAll = (items: readonly KeptStream[]): void => {
    for (const [stream, revision, state] of items) {
      const kind = kindOf(stream);
      if (kind !== undefined) storage.set(stream, { kind, revision, state: state ?? undefined });
    }
    for (const [stream, revision, after] of items) {
      const kind = kindOf(stream);
      if (kind === undefined || after === null) continue;
      const change: Change = { stream, kind, before: aggregates[kind].initial, after, revision, folded: [] };
      for (const listener of listeners) listener(change);
    }
  };

  return {
    keeps: [
      { name: 'head', take: () => [head], put: ([kept]) => void (head = Number(kept)) },
      // The latest used come last, as they were used.
      { name: 'reservations', take: () => keptOf([...storage.reservations.entries()].toReversed()), put: (items) => putAll(items as readonly KeptStream[]) },
      { name: 'streams', take: () => keptOf(storage.resources), put: (items) => putAll(items as readonly KeptStream[]) },
    ],
    isWhole: () => halves.size === 0,
    peek: storage.get,
    volumeState: (id) => storage.get(`volume-${id}`)?.state as VolumeState | undefined,
    snapshotState: (id) => storage.get(`snapshot-${id}`)?.state as SnapshotState | undefined,
    poolState: (id) => storage.get(`pool-${id}`)?.state as PoolState | undefined,
    hostState: (id) => storage.get(`host-${id}`)?.state as HostState | undefined,
    clientGroupState: (id) => storage.get(`clientGroup-${id}`)?.state as ClientGroupState | undefined,
    accessPathState: (id) => storage.get(`accessPath-${id}`)?.state as AccessPathState | undefined,
    vipGroupState: (id) => storage.get(`vipGroup-${id}`)?.state as VipGroupState | undefined,
    backendState: (name) => storage.get(backendStream(name))?.state as BackendState | undefined,
    provisionedBytes: (poolId) => (storage.get(`capacity-${poolId}`)?.state as ReservationState | undefined)?.total ?? 0,
    load,
    refresh,
    apply,
    fold,
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    changed: waiters.wait,
    streams: () => storage.resources.keys(),
    head: () => head,
  };
};
