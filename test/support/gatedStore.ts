/** A store whose subscribers are told late: two control planes over one log, of which one has not heard of the other yet. */
import type { EventStore, StoredEvent } from '@blockledger/domain';

export interface Gate {
  readonly store: EventStore;
  /** Tells what was held back, and whatever comes from now on. */
  readonly open: () => void;
  /** From now on nobody is told. */
  readonly shut: () => void;
}

export const gated = (store: EventStore): Gate => {
  let isOpen = true;
  const held: (() => void)[] = [];
  return {
    store: {
      ...store,
      subscribe: (from, handlers) =>
        store.subscribe(from, {
          ...handlers,
          onEvents: (events: readonly StoredEvent[]) => {
            if (isOpen) return handlers.onEvents(events);
            held.push(() => void handlers.onEvents(events));
            return undefined;
          },
        }),
    },
    open: () => {
      isOpen = true;
      for (const tell of held.splice(0)) tell();
    },
    shut: () => {
      isOpen = false;
    },
  };
};

/** Whatever can happen without time passing has happened. */
export const turns = async (count = 20): Promise<void> => {
  for (let n = 0; n < count; n += 1) await new Promise((resolve) => setImmediate(resolve));
};
