/**
 * Subscriptions over any log that can be read by position. A subscription always reads, also when live: an append only wakes it.
 * So there is no switch from catching up to live at which an event could be lost or doubled, and a slow handler costs no memory.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { StoredEvent, StoreError, Subscription, SubscriptionHandler } from '@blockledger/domain';
import { checkCounts } from './prepare.ts';
import { unavailable } from './errors.ts';
import { messageOf } from '../system/thrown.ts';

/** All subscriptions of one store. */
export interface Subscriptions {
  /** To be called after every commit. */
  readonly wake: () => void;
  /** A handler must not wait for `close` of its own subscription: `close` waits for the handler. */
  readonly subscribe: (fromPosition: number, handler: SubscriptionHandler) => Subscription;
  /** Ends all of them; resolves when no handler runs any more. */
  readonly close: () => Promise<void>;
}

/** Reads the next events from a position on: a page, empty at the end of the log. */
export type ReadPage = (fromPosition: number) => E.Either<StoreError, readonly StoredEvent[]>;

const handlerFailed = (thrown: unknown): StoreError =>
  unavailable(`the handler of a subscription failed: ${messageOf(thrown)}`);

const nextTurn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

/** Makes the subscriptions of a store from the way to read a page of it. */
export const subscriptionsOver = (readPage: ReadPage): Subscriptions => {
  const sleepers = new Set<() => void>();
  const open = new Set<Subscription>();

  const wake = (): void => {
    for (const sleeper of sleepers) sleeper();
    sleepers.clear();
  };

  const subscribe = (fromPosition: number, handler: SubscriptionHandler): Subscription => {
    const life = { isOpen: true };
    let rouse: (() => void) | undefined;
    const asleep = (): Promise<void> =>
      new Promise((resolve) => {
        rouse = resolve;
        sleepers.add(resolve);
      });

    const run = async (): Promise<StoreError | undefined> => {
      let next = fromPosition;
      let isCaughtUp = false;
      // The caller gets its subscription before the first call of a handler.
      await nextTurn();
      while (life.isOpen) {
        const page = readPage(next);
        if (E.isLeft(page)) return page.left;
        const last = page.right.at(-1);
        if (last !== undefined) {
          await handler.onEvents(page.right);
          next = last.position + 1;
          // Others get their turn even if the handler answers at once.
          await nextTurn();
        } else if (!isCaughtUp) {
          isCaughtUp = true;
          handler.onCaughtUp?.();
        } else {
          // No append can come between the empty page and this line: both are in one turn.
          await asleep();
        }
      }
      return undefined;
    };

    /** Runs to the end, however that comes; only an end that nobody asked for is an error. */
    const runToEnd = async (): Promise<void> => {
      const error = await (checkCounts({ fromPosition }) ?? run().catch(handlerFailed));
      open.delete(subscription);
      if (error !== undefined && life.isOpen) handler.onError(error);
    };
    const subscription: Subscription = {
      close: () => {
        life.isOpen = false;
        if (rouse !== undefined) sleepers.delete(rouse);
        rouse?.();
        return running;
      },
    };
    open.add(subscription);
    const running = runToEnd();
    return subscription;
  };

  return { wake, subscribe, close: async () => void (await Promise.all([...open].map(({ close }) => close()))) };
};
