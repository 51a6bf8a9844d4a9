/**
 * Marks: the position of the last confirmed destructive work, kept on the backend. A log whose head is behind its mark was restored
 * from an old backup: it does not know what was done since, so nothing destructive runs on that pool until somebody accepts it.
 */
import { type BackendAction, type BlockPerform, type Perform, permanent, type Placement, type PortError } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { States } from '../../queries/states.ts';
import type { Engine } from '../parts.ts';
import { BACKEND_ABSENT, type Questions } from '../backends/questions.ts';

type Standing = 'fine' | 'ahead';

const DESTRUCTIVE: ReadonlySet<BackendAction['do']> = new Set<BackendAction['do']>(['ensureVolumeGone', 'rollBack', 'ensureSnapshotGone', 'ensureTrashed', 'ensureMigrationCommitted']);

/** True for calls after which data is no longer where it was. */
export const isDestructive = (work: Perform): work is BlockPerform => work.on === 'block' && DESTRUCTIVE.has(work.action.do);

export interface Marks {
  /** What is known of a pool's mark without asking. */
  readonly standing: (poolId: string) => Standing | 'unknown';
  /** Asks the backend once; an error says that it could not be asked. */
  readonly check: (poolId: string) => Promise<E.Either<PortError, Standing>>;
  /** Destructive work was confirmed by the event at this position. Written soon, several at once. */
  readonly note: (poolId: string, position: number) => void;
  /** The log is the truth all the same: the mark is set back to its head. */
  readonly accept: (poolId: string) => Promise<E.Either<PortError, void>>;
  /** Pools whose log is behind, with the mark found. */
  readonly behind: () => ReadonlyMap<string, { readonly mark: number; readonly since: number }>;
  /** Pools whose mark could not be read, with why. */
  readonly unreachable: () => ReadonlyMap<string, { readonly message: string; readonly since: number }>;
  /** Resolves when every noted mark was written or given up. */
  readonly flush: () => Promise<void>;
  readonly onAccepted: (listener: (poolId: string) => void) => void;
}

interface Writing {
  wanted: number;
  running: Promise<void> | undefined;
}

export const makeMarks = (engine: Pick<Engine, 'clock' | 'logger' | 'store'>, states: States, questions: Questions): Marks => {
  const standings = new Map<string, Standing>();
  const asking = new Map<string, Promise<E.Either<PortError, Standing>>>();
  const behind = new Map<string, { readonly mark: number; readonly since: number }>();
  const unreachable = new Map<string, { readonly message: string; readonly since: number }>();
  const writing = new Map<string, Writing>();
  const acceptedListeners: ((poolId: string) => void)[] = [];

  const placementOf = (poolId: string): Placement | undefined => states.poolState(poolId)?.pool?.placement;
  const absent = (poolId: string): PortError => permanent('PoolUnknown', `there is no pool ${poolId}`);

  /** Another process may have written what is not folded here yet: the store has the last word. */
  const isAhead = async (mark: number): Promise<boolean> => {
    if (mark <= states.head()) return false;
    const stored = await engine.store.head()();
    return E.isLeft(stored) || mark > stored.right;
  };

  const read = async (poolId: string): Promise<E.Either<PortError, Standing>> => {
    const placement = placementOf(poolId);
    if (placement === undefined) return E.left(absent(poolId));
    const mark = await questions.ask({ backend: placement.backend, question: 'readMark' }, (backend, context) => backend.readMark(placement, context));
    if (E.isLeft(mark)) {
      if (mark.left.code !== BACKEND_ABSENT) unreachable.set(poolId, { message: mark.left.message, since: unreachable.get(poolId)?.since ?? engine.clock.nowMs() });
      return mark;
    }
    unreachable.delete(poolId);
    const standing = (await isAhead(mark.right)) ? 'ahead' : 'fine';
    standings.set(poolId, standing);
    if (standing === 'ahead') {
      behind.set(poolId, { mark: mark.right, since: engine.clock.nowMs() });
      engine.logger.error({ poolId, mark: mark.right, head: states.head() }, 'the log is behind its backend: destructive work waits');
    }
    return E.right(standing);
  };

  const check: Marks['check'] = (poolId) => {
    const known = standings.get(poolId);
    if (known !== undefined) return Promise.resolve(E.right(known));
    const running = asking.get(poolId);
    if (running !== undefined) return running;
    const asked = read(poolId).finally(() => asking.delete(poolId));
    asking.set(poolId, asked);
    return asked;
  };

  const write = async (poolId: string, position: number): Promise<E.Either<PortError, void>> => {
    const placement = placementOf(poolId);
    if (placement === undefined) return E.left(absent(poolId));
    return questions.ask({ backend: placement.backend, question: 'writeMark' }, (backend, context) => backend.writeMark(placement, position, context));
  };

  /** One writer per pool; what is noted meanwhile is written by the next round, only the highest. */
  const drain = async (poolId: string, state: Writing): Promise<void> => {
    let written = -1;
    while (written < state.wanted) {
      const position = state.wanted;
      const done = await write(poolId, position);
      if (E.isLeft(done)) engine.logger.warn({ poolId, position, error: done.left }, 'the mark could not be written; the next one will be');
      written = position;
    }
    state.running = undefined;
  };

  return {
    standing: (poolId) => standings.get(poolId) ?? 'unknown',
    check,
    note: (poolId, position) => {
      const state = writing.get(poolId) ?? { wanted: -1, running: undefined };
      state.wanted = Math.max(state.wanted, position);
      writing.set(poolId, state);
      state.running ??= drain(poolId, state);
    },
    accept: async (poolId) => {
      const done = await write(poolId, states.head());
      if (E.isLeft(done)) return done;
      standings.set(poolId, 'fine');
      behind.delete(poolId);
      for (const listener of acceptedListeners) listener(poolId);
      return done;
    },
    behind: () => behind,
    unreachable: () => unreachable,
    flush: async () => {
      for (const state of writing.values()) await state.running;
    },
    onAccepted: (listener) => void acceptedListeners.push(listener),
  };
};
