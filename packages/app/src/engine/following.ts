/** Reading what others have written: how far the log is folded here without a gap, and waiting until it is so far (I-17). */
import type { Refusal } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { States } from '../queries/states.ts';
import { OVER } from '../system/over.ts';
import { refusalOfStore } from './commands/commandHandler.ts';
import { BEFORE_ALL, positionOutside } from './events/positions.ts';
import type { Engine } from './parts.ts';
import { refuseEngine } from './refusals.ts';

/** How long `followed` waits unless told otherwise, in ms. */
const DEFAULT_WAIT_MS = 10_000;

export interface Following {
  /** Everything up to this position was folded. */
  readonly reached: (position: number) => void;
  readonly followed: (position: number, timeoutMs?: number) => Promise<E.Either<Refusal, void>>;
}

const isPosition = (position: unknown): position is number => Number.isSafeInteger(position) && (position as number) >= BEFORE_ALL;

/** What is folded of a log that nobody else writes is all that there is. Of another one, the head of the states is beyond what of others may be missing. */
export const makeFollowing = ({ store, clock, exclusive }: Pick<Engine, 'store' | 'clock' | 'exclusive'>, states: Pick<States, 'head'>, closing: AbortSignal): Following => {
  let whole = -1;
  const waiting = new Set<() => void>();
  const upTo = (): number => (exclusive ? states.head() : whole);

  /** Resolves when more was folded, or when the signal is given. */
  const more = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const finish = (): void => {
        waiting.delete(finish);
        signal.removeEventListener('abort', finish);
        resolve();
      };
      waiting.add(finish);
      if (signal.aborted) finish();
      else signal.addEventListener('abort', finish);
    });

  /** The time is over. A store whose answers may be older than its newest event is not asked before that. */
  const late = async (position: number, timeoutMs: number): Promise<E.Either<Refusal, void>> => {
    const end = await store.head()();
    if (E.isLeft(end)) return E.left(refusalOfStore(end.left));
    const last = Math.max(end.right, states.head());
    return E.left(position > last ? positionOutside(position, last) : refuseEngine('LogIsBehind', `the log is read here up to position ${upTo()}, and not up to ${position} within ${timeoutMs} ms`, { value: position, limit: upTo() }));
  };

  return {
    reached: (position) => {
      whole = Math.max(whole, position);
      for (const wake of waiting) wake();
    },
    followed: async (position, timeoutMs = DEFAULT_WAIT_MS) => {
      if (!isPosition(position)) return E.left(positionOutside(position, states.head()));
      if (position <= upTo()) return E.right(undefined);
      if (exclusive) return E.left(positionOutside(position, states.head()));
      const enough = new AbortController();
      const over = new AbortController();
      void clock.sleep(timeoutMs, enough.signal).then(() => over.abort(OVER));
      try {
        while (position > upTo()) {
          if (closing.aborted) return E.left(refuseEngine('PlaneIsClosed', 'the control plane was closed'));
          if (over.signal.aborted) return await late(position, timeoutMs);
          await more(AbortSignal.any([over.signal, closing]));
        }
        return E.right(undefined);
      } finally {
        enough.abort(OVER);
      }
    },
  };
};
