/** The log as a loop: every event once, in order, read no faster than the reader takes them. */
import type { Refusal, StoredEvent, StoreError } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { EventEntry, EventFilter, EventsFrom, EventsQuery } from '../../queries/eventViews.ts';
import type { ResourceQueries } from '../../queries/resources.ts';
import type { States } from '../../queries/states.ts';
import { refusalOfStore } from '../commands/commandHandler.ts';
import type { EventFeed } from '../controlPlane.ts';
import type { Engine } from '../parts.ts';
import { refuseEngine } from '../refusals.ts';
import { EventsEnded } from './ended.ts';
import { makeEntries, passes } from './entries.ts';
import { makeHandover } from './handover.ts';
import { BEFORE_ALL, positionOutside } from './positions.ts';
import type { Sees } from './within.ts';

export interface FeedParts {
  readonly engine: Pick<Engine, 'store'>;
  readonly states: Pick<States, 'head'>;
  readonly resources: Pick<ResourceQueries, 'indexes'>;
  /** Passes over what may not be seen, as a filter does: the position goes on. Default: everything may. */
  readonly sees?: Sees;
  /** Ends every feed. */
  readonly closing: AbortSignal;
}

/** The position after which to begin. */
const startOf = async (store: Engine['store'], from: EventsFrom, now: number): Promise<E.Either<Refusal, number>> => {
  if (from === 'now') return E.right(now);
  if (from === 'start' || from === BEFORE_ALL) return E.right(BEFORE_ALL);
  const head = await store.head()();
  if (E.isLeft(head)) return E.left(refusalOfStore(head.left));
  return Number.isSafeInteger(from) && from >= 0 && from <= head.right ? E.right(from) : E.left(positionOutside(from, head.right));
};

/** Calls the listener once any of the signals is given; returns how to stop listening. */
const onAny = (signals: readonly AbortSignal[], listener: () => void): (() => void) => {
  for (const signal of signals) {
    if (signal.aborted) listener();
    else signal.addEventListener('abort', listener);
  }
  return () => {
    for (const signal of signals) signal.removeEventListener('abort', listener);
  };
};

/** Feeds over a store. */
export const makeFeeds = ({ engine: { store }, states, resources, sees, closing }: FeedParts): ((query?: EventsQuery) => EventFeed) => {
  const entryOf = makeEntries(resources);

  const isSeen = async (filter: EventFilter, stored: StoredEvent): Promise<E.Either<Refusal, boolean>> => {
    if (!passes(filter, stored)) return E.right(false);
    return sees === undefined ? E.right(true) : sees(stored);
  };

  return ({ from = 'now', filter = {}, follow = true, signal } = {}) => {
    const started = startOf(store, from, states.head());
    const signals = signal === undefined ? [closing] : [closing, signal];
    let position: number | undefined;

    /** Who wants all that is there must not take a part of it for the whole. */
    const stopped = (): void => {
      if (!follow && signal?.aborted !== true) throw new EventsEnded(refuseEngine('PlaneIsClosed', 'the control plane was closed before everything was told'));
    };

    async function* iterate(): AsyncGenerator<EventEntry, void> {
      const start = await started;
      if (E.isLeft(start)) throw new EventsEnded(start.left);
      position ??= start.right;
      const pages = makeHandover<readonly StoredEvent[], StoreError | 'caughtUp' | 'stopped'>();
      const stopListening = onAny(signals, () => pages.end('stopped'));
      const onCaughtUp = (): void => pages.end('caughtUp');
      const subscription = store.subscribe(position + 1, { onEvents: pages.give, onError: pages.end, ...(follow ? {} : { onCaughtUp }) });
      try {
        for (;;) {
          const page = await pages.take();
          if (page._tag === 'End') {
            if (page.why === 'stopped') return stopped();
            if (page.why === 'caughtUp') return;
            throw new EventsEnded(refusalOfStore(page.why));
          }
          for (const stored of page.value) {
            const seen = await isSeen(filter, stored);
            // What nobody can tell about is looked at again by who goes on from here.
            if (E.isLeft(seen)) throw new EventsEnded(seen.left);
            position = stored.position;
            if (!seen.right) continue;
            yield entryOf(stored);
            if (signals.some(({ aborted }) => aborted)) return stopped();
          }
        }
      } finally {
        stopListening();
        pages.end('stopped');
        await subscription.close();
      }
    }

    return { started, position: () => position ?? BEFORE_ALL, [Symbol.asyncIterator]: iterate };
  };
};
