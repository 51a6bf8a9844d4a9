/** Recovery at start: the whole log, or what follows a checkpoint, is folded before anything runs. Then, for a store with other writers, what they add is followed. */
import type { StoreError, Subscription } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { States } from '../queries/states.ts';
import type { Following } from './following.ts';
import type { Engine } from './parts.ts';

const PAGE_EVENTS = 5_000;

/** Folds everything that is stored from a position on. Right: how many events there were. */
export const replay = async ({ store }: Pick<Engine, 'store'>, states: States, first = 0): Promise<E.Either<StoreError, number>> => {
  let count = 0;
  for (let from = first; ; ) {
    const page = await store.readAll(from, PAGE_EVENTS)();
    if (E.isLeft(page)) return page;
    const last = page.right.at(-1);
    if (last === undefined) return E.right(count);
    const applied = states.apply(page.right);
    if (E.isLeft(applied)) return applied;
    count += page.right.length;
    from = last.position + 1;
  }
};

const PAUSE_AFTER_ERROR_MS = 1_000;

/** Folds what others append, until closed. After an error it starts again from the last position handled. */
export const follow = ({ store, clock, logger }: Pick<Engine, 'store' | 'clock' | 'logger'>, states: States, { reached }: Pick<Following, 'reached'>): Subscription => {
  const closing = new AbortController();
  let current: Subscription | undefined;
  // Not the head of the states: what this process appends by itself moves that past what others have appended before.
  let next = states.head() + 1;
  let isWhole = true;
  reached(next - 1);
  const beginAgain = async (): Promise<void> => {
    await clock.sleep(PAUSE_AFTER_ERROR_MS, closing.signal);
    begin();
  };
  const begin = (): void => {
    if (closing.signal.aborted) return;
    current = store.subscribe(next, {
      onEvents: (events) => {
        const applied = states.apply(events);
        if (E.isLeft(applied)) logger.error({ error: applied.left }, 'an event of another writer cannot be read');
        next = (events.at(-1)?.position ?? next - 1) + 1;
        // What could not be read was not folded: nobody is told that it was.
        isWhole &&= E.isRight(applied);
        if (isWhole) reached(next - 1);
      },
      onError: (error) => {
        logger.warn({ error }, 'following the log was interrupted');
        void beginAgain();
      },
    });
  };
  begin();
  return {
    close: async () => {
      closing.abort();
      await current?.close();
    },
  };
};
