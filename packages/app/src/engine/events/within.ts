/** The log as a tenant sees it: events of its own volumes and snapshots, whoever caused them. */
import type { StoredEvent } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
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

/** A store whose subscriptions hand over what is a tenant's own. Positions stay those of the log, so a subscriber resumes as always. */
export const storeWithin = (store: Engine['store'], { states, indexes }: OwnerParts, tenant: string): Engine['store'] => {
  const ownerOf = async ({ stream }: StoredEvent): Promise<string | undefined> => {
    const kind = kindOf(stream);
    if (kind !== 'volume' && kind !== 'snapshot') return undefined;
    const known = indexes[kind].tenantOf(idOf(stream));
    if (known !== undefined) return known;
    // A subscription may be faster than the read models.
    const loaded = await states.load(stream);
    // Handing nothing over would lose the event for this subscriber: the subscription ends and tells why, and can go on from here.
    if (E.isLeft(loaded)) throw new Error(refusalOfStore(loaded.left).message);
    return aggregates[kind].tenantOf(loaded.right.state);
  };

  return {
    ...store,
    subscribe: (fromPosition, handler) =>
      store.subscribe(fromPosition, {
        ...handler,
        onEvents: async (events) => {
          const own: StoredEvent[] = [];
          for (const stored of events) if ((await ownerOf(stored)) === tenant) own.push(stored);
          if (own.length > 0) await handler.onEvents(own);
        },
      }),
  };
};
