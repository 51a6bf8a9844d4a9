/** What a process has to know of a stream that became its own before it works on it. */
import * as E from 'fp-ts/lib/Either.js';
import type { States } from '../../queries/states.ts';
import type { Leases } from '../leases/leases.ts';
import type { Engine } from '../parts.ts';

export interface Tenure {
  /** Everything that was stored before the stream became ours is folded; asked of the store once for each time of ours. False where it does not answer. */
  readonly isRead: (stream: string) => Promise<boolean>;
  /** The operation was asked for in our time: nobody else can have begun it. */
  readonly isOurOwn: (stream: string, operationId: string) => Promise<boolean>;
}

/** Streams of which it is known; forgotten all at once rather than growing for ever. */
const MOST_KNOWN = 200_000;

export const makeTenure = ({ store }: Pick<Engine, 'store'>, states: Pick<States, 'refresh'>, leases: Pick<Leases, 'termOf' | 'heldSince'>): Tenure => {
  const read = new Map<string, number>();
  return {
    isRead: async (stream) => {
      const term = leases.termOf(stream);
      if (read.get(stream) === term) return true;
      const refreshed = await states.refresh(stream);
      if (E.isLeft(refreshed)) return false;
      if (read.size >= MOST_KNOWN) read.clear();
      read.set(stream, term);
      return true;
    },
    isOurOwn: async (stream, operationId) => {
      const since = leases.heldSince(stream);
      const events = await store.readStream(stream, 0)();
      if (E.isLeft(events)) return false;
      const first = events.right.find(({ meta }) => meta.commandId === operationId);
      return first !== undefined && first.position > since;
    },
  };
};
