/** The webhooks of the library face. Secrets go into the secret store first; everything else knows their references only (I-24). */
import { Uuid, type Refusal } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { States } from '../../queries/states.ts';
import type { DeliveryView, WebhookView } from '../../queries/webhookViews.ts';
import type { WebhookQueries } from '../../queries/webhooks.ts';
import type { Callers } from '../commands/callers.ts';
import type { Webhooks } from '../controlPlane.ts';
import type { Engine } from '../parts.ts';
import { refuseEngine } from '../refusals.ts';
import type { RequestOptions } from '../requests.ts';
import type { Deliver } from './deliver.ts';
import type { Deliveries } from './deliveries.ts';
import { pingOf, PING } from './envelope.ts';
import type { KeptSecrets } from '../secrets/kept.ts';
import { registerWish, removeWish, rotateWish, updateWish, webhookNotFound, type WebhookWish } from './wishes.ts';

export interface WebhookFaceParts {
  readonly engine: Pick<Engine, 'ids' | 'clock'>;
  readonly callers: Pick<Callers, 'carry' | 'named'>;
  readonly states: Pick<States, 'head'>;
  readonly webhooks: WebhookQueries;
  readonly deliver: Deliver;
  readonly deliveries: Deliveries;
  readonly secrets: Pick<KeptSecrets, 'give'>;
  readonly closing: AbortSignal;
}

const closed = (): Refusal => refuseEngine('PlaneIsClosed', 'the control plane was closed');

export const makeWebhooks = (parts: WebhookFaceParts): Webhooks => {
  const { engine, callers, states, webhooks, deliver, deliveries, secrets, closing } = parts;
  const { ids, clock } = engine;
  const viewOf = (id: string): E.Either<Refusal, WebhookView> => E.fromNullable(webhookNotFound(id))(webhooks.get(id));

  const carry = async (wish: WebhookWish, options: RequestOptions): Promise<E.Either<Refusal, WebhookView>> => {
    const carried = await callers.carry(wish, options);
    return E.isLeft(carried) ? carried : viewOf(carried.right.addressed.resource.id);
  };

  return {
    get: webhooks.get,
    list: webhooks.list,
    page: webhooks.page,
    deliveries: (id) => deliveries.of(id),
    register: async ({ secret, ...input }, options = {}) => {
      if (closing.aborted) return E.left(closed());
      const named = callers.named(options);
      if (E.isLeft(named)) return named;
      const id = ids.derive(named.right.commandId, 'webhook');
      return secrets.give({ id, secret }, (secretRef) => carry(registerWish(states, { id, secretRef, input }), named.right.options));
    },
    update: async (id, input, options = {}) => {
      if (closing.aborted) return E.left(closed());
      const wish = updateWish(states, id, input);
      return E.isLeft(wish) ? wish : carry(wish.right, options);
    },
    rotateSecret: async (id, secret, options = {}) => {
      if (closing.aborted) return E.left(closed());
      if (!Uuid.is(id)) return E.left(webhookNotFound(id));
      return secrets.give({ id, secret }, (secretRef) => carry(rotateWish(id, secretRef), options));
    },
    remove: async (id, options = {}) => {
      if (closing.aborted) return E.left(closed());
      const wish = removeWish(id);
      if (E.isLeft(wish)) return wish;
      const removed = await callers.carry(wish.right, options);
      return E.isLeft(removed) ? removed : E.right(true);
    },
    test: async (id) => {
      const webhook = webhooks.fieldsOf(id);
      if (closing.aborted) return E.left(closed());
      if (webhook === undefined) return E.left(webhookNotFound(id));
      const eventId = ids.fresh();
      const { retryAfterMs: _retryAfterMs, ...attempted } = await deliver(webhook, pingOf(eventId, id, clock.nowMs()), closing);
      const delivery: DeliveryView = { eventId, type: PING, position: null, attempts: 1, ...attempted };
      deliveries.note(id, delivery);
      return E.right(delivery);
    },
  };
};
