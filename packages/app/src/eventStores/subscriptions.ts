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

/** A part of the log: its events, none at the end of the log, and where to go on. */
export interface Page {
  readonly events: readonly StoredEvent[];
  readonly next: number;
}

type Read = E.Either<StoreError, Page>;

/** Reads the next events from a position on. */
export type ReadPage = (fromPosition: number) => Read | Promise<Read>;

/** A page that ends with the last of its events. */
export const pageFrom =
  (fromPosition: number) =>
  (events: readonly StoredEvent[]): Page => ({ events, next: (events.at(-1)?.position ?? fromPosition - 1) + 1 });

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
  let wakings = 0;

  const wake = (): void => {
    wakings += 1;
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
        const before = wakings;
        const page = await readPage(next);
        if (E.isLeft(page)) return page.left;
        // It may have been closed while it read.
        if (!life.isOpen) return undefined;
        const { events } = page.right;
        if (events.length > 0) await handler.onEvents(events);
        next = page.right.next;
        if (events.length > 0) {
          // Others get their turn even if the handler answers at once.
          await nextTurn();
        } else if (!isCaughtUp) {
          isCaughtUp = true;
          handler.onCaughtUp?.();
        } else if (wakings === before) {
          // What is appended after the empty page was read wakes it.
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
