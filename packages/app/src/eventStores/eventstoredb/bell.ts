/**
 * The bell of a store: rings when something was appended, by anybody. Subscriptions only ever read; the bell tells them when to look again. So
 * a lost connection loses nothing, and the connection is taken up again here, once for all of them.
 */
import { END, streamNameFilter, type AllStreamSubscription } from '@eventstore/db-client';
import { setTimeout as pause } from 'node:timers/promises';
import type { Connection } from './connection.ts';
import type { Names } from './names.ts';

/** Where the bell hangs. */
export interface BellParts {
  readonly connection: Connection;
  readonly names: Names;
  readonly onRing: () => void;
  /** Rings at least so often by itself: a server may go silent without a word. */
  readonly atLeastEveryMs: number;
}

/** A bell that rings. */
export interface Bell {
  /** Begins to listen; the first call counts. */
  readonly listen: () => void;
  readonly close: () => Promise<void>;
}

/** Everything that comes over one subscription, to its end. Rejects where it is cut. */
const listenTo = async (subscription: AllStreamSubscription, onRing: () => void, signal: AbortSignal): Promise<void> => {
  const end = (): void => void subscription.unsubscribe().catch(() => undefined);
  signal.addEventListener('abort', end, { once: true });
  // What was appended while nobody listened is looked for as soon as the server listens again.
  subscription.on('confirmation', onRing);
  subscription.on('error', () => undefined);
  try {
    for await (const { event } of subscription) if (event !== undefined) onRing();
  } finally {
    signal.removeEventListener('abort', end);
  }
};

/** Makes a bell. */
export const bellOf = ({ connection, names, onRing, atLeastEveryMs }: BellParts): Bell => {
  const closing = new AbortController();
  const { signal } = closing;
  let timer: NodeJS.Timeout | undefined;
  let listening: Promise<void> | undefined;

  const listen = async (): Promise<void> => {
    while (!signal.aborted) {
      await connection.call(({ client, ...credentials }) =>
        listenTo(client.subscribeToAll({ fromPosition: END, filter: streamNameFilter({ prefixes: [names.prefix] }), ...credentials }), onRing, signal),
      );
      await pause(atLeastEveryMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  };

  return {
    listen: () => {
      if (listening !== undefined || signal.aborted) return;
      timer = setInterval(onRing, atLeastEveryMs).unref();
      listening = listen();
    },
    close: async () => {
      closing.abort();
      clearInterval(timer);
      await listening;
    },
  };
};
