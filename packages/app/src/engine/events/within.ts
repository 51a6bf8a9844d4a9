/** The log as a tenant sees it: events of its own volumes and snapshots, whoever caused them. */
import type { Refusal, StoredEvent } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { isOfTenants } from '../../queries/kinds/index.ts';
import type { ResourceQueries } from '../../queries/resources.ts';
import type { States } from '../../queries/states.ts';
import { aggregates, idOf, kindOf } from '../commands/aggregates.ts';
import { refusalOfStore } from '../commands/commandHandler.ts';
import type { Engine } from '../parts.ts';

export interface OwnerParts {
  readonly states: Pick<States, 'load'>;
  /** Of all tenants. */
  readonly indexes: ResourceQueries['indexes'];
}

/** Whether an event may be seen; left where nobody can tell just now. */
export type Sees = (stored: StoredEvent) => Promise<E.Either<Refusal, boolean>>;

/** What a tenant sees. */
export const seenBy =
  ({ states, indexes }: OwnerParts, tenant: string): Sees =>
  async ({ stream }) => {
    const kind = kindOf(stream);
    if (kind === undefined || !isOfTenants(kind)) return E.right(false);
    const known = indexes[kind].tenantOf(idOf(stream));
    if (known !== undefined) return E.right(known === tenant);
    // A subscription may be faster than the read models.
    const loaded = await states.load(stream);
    return E.isLeft(loaded) ? E.left(refusalOfStore(loaded.left)) : E.right(aggregates[kind].tenantOf(loaded.right.state) === tenant);
  };

/** A store whose subscriptions hand over what may be seen. Positions stay those of the log, so a subscriber resumes as always. */
export const storeWithin = (store: Engine['store'], sees: Sees): Engine['store'] => ({
  ...store,
  subscribe: (fromPosition, handler) =>
    store.subscribe(fromPosition, {
      ...handler,
      onEvents: async (events) => {
        const own: StoredEvent[] = [];
        for (const stored of events) {
          const seen = await sees(stored);
          // Handing nothing over would lose the event for this subscriber: the subscription ends and tells why, and can go on from here.
          if (E.isLeft(seen)) throw new Error(seen.left.message);
          if (seen.right) own.push(stored);
        }
        if (own.length > 0) await handler.onEvents(own);
      },
    }),
});
