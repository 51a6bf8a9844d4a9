/** What leaves the control plane by itself: loops over events, and webhooks. */
import { isRight } from 'fp-ts/lib/Either.js';
import { reveal, type SecretRef } from '@blockledger/domain';
import type { EventsQuery } from '../../queries/eventViews.ts';
import type { ResourceQueries } from '../../queries/resources.ts';
import type { States } from '../../queries/states.ts';
import type { WebhookQueries } from '../../queries/webhooks.ts';
import type { Callers } from '../commands/callers.ts';
import type { CommandHandler } from '../commands/commandHandler.ts';
import type { EventFeed, Webhooks } from '../controlPlane.ts';
import { makeFeeds } from './feeds.ts';
import { seenBy } from './within.ts';
import type { WebhookFactSources } from '../commands/facts.ts';
import type { Leases } from '../leases/leases.ts';
import type { Engine } from '../parts.ts';
import { makeDeliver } from '../webhooks/deliver.ts';
import { makeDeliveries } from '../webhooks/deliveries.ts';
import { makeDispatcher, type Dispatcher } from '../webhooks/dispatcher.ts';
import { makeWebhooks } from '../webhooks/face.ts';
import { DELIVERY_TIMEOUT_MS } from '../webhooks/limits.ts';
import { makeWebhookSecrets } from '../webhooks/secrets.ts';
import { secretBytesOf } from '../webhooks/secretText.ts';
import { networkSender } from '../webhooks/send.ts';

export interface EventsOutParts {
  readonly engine: Engine;
  readonly states: States;
  readonly resources: Pick<ResourceQueries, 'indexes'>;
  readonly webhooks: WebhookQueries;
  readonly handler: CommandHandler;
  readonly callers: Callers;
  readonly leases: Pick<Leases, 'holds'>;
  /** Ends every loop. */
  readonly closing: AbortSignal;
}

type Feeds = (query?: EventsQuery) => EventFeed;

export interface EventsOut {
  readonly feeds: Feeds;
  readonly webhooks: Webhooks;
  readonly dispatcher: Dispatcher;
}

export const makeEventsOut = ({ engine, states, resources, webhooks, handler, callers, leases, closing }: EventsOutParts): EventsOut => {
  const { clock, secrets } = engine;
  const { send, linkLocal = false, timeoutMs = DELIVERY_TIMEOUT_MS } = engine.webhooks;
  const feeds = makeFeeds({ engine, states, resources, closing });
  const feedsWithin = (tenant: string): Feeds => makeFeeds({ engine, states, resources, sees: seenBy({ states, indexes: resources.indexes }, tenant), closing });
  const deliver = makeDeliver({ clock, secrets, timeoutMs, send: send ?? networkSender(!linkLocal) });
  const deliveries = makeDeliveries();
  const kept = makeWebhookSecrets(engine, webhooks);
  return {
    feeds,
    webhooks: makeWebhooks({ engine, callers, states, webhooks, deliver, deliveries, secrets: kept, closing }),
    // What a webhook for a tenant gets is what the tenant itself may see.
    dispatcher: makeDispatcher({ engine, states, webhooks, handler, deliver, deliveries, secrets: kept, leases, feedsOf: (tenant) => (tenant === null ? feeds : feedsWithin(tenant)) }),
  };
};

/** What decisions about webhooks need to know. */
export const webhookFactSources = (engine: Pick<Engine, 'secrets' | 'webhooks'>, webhooks: WebhookQueries): WebhookFactSources => ({
  plainHttpAllowed: engine.webhooks.plainHttp ?? false,
  registered: webhooks.count,
  secretBytes: async (ref: SecretRef) => {
    const found = await engine.secrets.get(ref)();
    return isRight(found) && found.right !== undefined ? secretBytesOf(reveal(found.right)) : null;
  },
});
