/** Whether the event store takes events: the latest append tells. */
import type { EventStore, StoreError } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { Engine } from '../parts.ts';

/** An event store that does not take events. */
export interface StoreTrouble {
  readonly message: string;
  /** The first append that was not taken since the latest that was, in ms since 1970. */
  readonly since: number;
}

export interface StoreHealth {
  /** The same store, looked at. */
  readonly store: EventStore;
  readonly trouble: () => StoreTrouble | undefined;
}

/** A conflict, and an event that cannot be stored, say nothing about the store. */
const isTrouble = ({ _tag }: StoreError): boolean => _tag === 'Unavailable' || _tag === 'Locked' || _tag === 'Corrupt';

/** Looks at each append in passing. */
export const watchStore = ({ store, clock }: Pick<Engine, 'store' | 'clock'>): StoreHealth => {
  let trouble: StoreTrouble | undefined;
  return {
    trouble: () => trouble,
    store: {
      ...store,
      append: (stream, expected, events) => async () => {
        const appended = await store.append(stream, expected, events)();
        if (E.isRight(appended)) trouble = undefined;
        else if (isTrouble(appended.left)) trouble ??= { message: 'message' in appended.left ? appended.left.message : appended.left._tag, since: clock.nowMs() };
        return appended;
      },
    },
  };
};
