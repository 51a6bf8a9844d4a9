/** The webhooks of the library face. Secrets go into the secret store first; everything else knows their references only (I-24). */
import { refuseWebhook, Uuid, type Refusal } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { EventsFrom } from '../../queries/eventViews.ts';
import type { States } from '../../queries/states.ts';
import type { DeliveryView, WebhookView } from '../../queries/webhookViews.ts';
import type { WebhookQueries } from '../../queries/webhooks.ts';
import type { Callers, Wish } from '../commands/callers.ts';
import type { WebhookFilterInput, Webhooks } from '../controlPlane.ts';
import { BEFORE_ALL, positionOutside } from '../events/positions.ts';
import type { Engine } from '../parts.ts';
import { refuseEngine } from '../refusals.ts';
import type { RequestOptions } from '../requests.ts';
import { withoutCredentials } from './addresses.ts';
import type { Deliver } from './deliver.ts';
import type { Deliveries } from './deliveries.ts';
import { pingOf, PING } from './envelope.ts';
import type { WebhookSecrets } from './secrets.ts';

export interface WebhookFaceParts {
  readonly engine: Pick<Engine, 'ids' | 'clock'>;
  readonly callers: Pick<Callers, 'carry' | 'named'>;
  readonly states: Pick<States, 'head'>;
  readonly webhooks: WebhookQueries;
  readonly deliver: Deliver;
  readonly deliveries: Deliveries;
  readonly secrets: Pick<WebhookSecrets, 'give'>;
  readonly closing: AbortSignal;
}

type WebhookWish = Wish<'webhook'>;

const notFound = (id: string): Refusal => refuseWebhook('WebhookNotFound', `there is no webhook ${id}`, { value: id });
const closed = (): Refusal => refuseEngine('PlaneIsClosed', 'the control plane was closed');

/** What is recorded of an input. */
const shown = <I extends { readonly url?: string }>(input: I): I => (typeof input.url === 'string' ? { ...input, url: withoutCredentials(input.url) } : input);

const filterOf = ({ kinds, ids, types, tenant }: WebhookFilterInput = {}): object => ({ kinds: kinds ?? null, ids: ids ?? null, types: types ?? null, tenant: tenant ?? null });

/** The position that is meant. `now` is where the log ends when the command is made, not when it was asked for. */
const positionOf = (from: EventsFrom, head: number): E.Either<Refusal, number> => {
  if (from === 'now') return E.right(head);
  const position = from === 'start' ? BEFORE_ALL : from;
  return Number.isSafeInteger(position) && position >= BEFORE_ALL && position <= head ? E.right(position) : E.left(positionOutside(from, head));
};

export const makeWebhooks = (parts: WebhookFaceParts): Webhooks => {
  const { engine, callers, states, webhooks, deliver, deliveries, secrets, closing } = parts;
  const { ids, clock } = engine;
  const viewOf = (id: string): E.Either<Refusal, WebhookView> => E.fromNullable(notFound(id))(webhooks.get(id));

  const carry = async (wish: WebhookWish, options: RequestOptions): Promise<E.Either<Refusal, WebhookView>> => {
    const carried = await callers.carry(wish, options);
    return E.isLeft(carried) ? carried : viewOf(carried.right.addressed.resource.id);
  };

  const addressed = (id: string, command: object): ReturnType<WebhookWish['address']> =>
    E.right({ to: 'webhook', command: { ...command, webhookId: id }, resource: { kind: 'webhook', id } });

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
      const { name, url, filter, from = 'now' } = input;
      return secrets.give({ id, secret }, (secretRef) =>
        carry(
          {
            request: { do: 'registerWebhook', input: { ...shown(input), secretRef } },
            address: () =>
              E.chain((position: number) => addressed(id, { type: 'RegisterWebhook', name, url, filter: filterOf(filter), secretRef, position }))(positionOf(from, states.head())),
          },
          named.right.options,
        ),
      );
    },
    update: async (id, input, options = {}) => {
      if (closing.aborted) return E.left(closed());
      if (!Uuid.is(id)) return E.left(notFound(id));
      const { from, filter, ...rest } = input;
      return carry(
        {
          request: { do: 'updateWebhook', id, input: shown(input) },
          address: () => {
            const position = from === undefined ? undefined : positionOf(from, states.head());
            if (position !== undefined && E.isLeft(position)) return position;
            const changes = { ...rest, ...(filter === undefined ? {} : { filter: filterOf(filter) }), ...(position === undefined ? {} : { position: position.right }) };
            return addressed(id, { type: 'UpdateWebhook', changes });
          },
        },
        options,
      );
    },
    rotateSecret: async (id, secret, options = {}) => {
      if (closing.aborted) return E.left(closed());
      if (!Uuid.is(id)) return E.left(notFound(id));
      return secrets.give({ id, secret }, (secretRef) =>
        carry({ request: { do: 'rotateWebhookSecret', id, secretRef }, address: () => addressed(id, { type: 'RotateSecret', secretRef }) }, options),
      );
    },
    remove: async (id, options = {}) => {
      if (closing.aborted) return E.left(closed());
      if (!Uuid.is(id)) return E.left(notFound(id));
      const removed = await callers.carry({ request: { do: 'removeWebhook', id }, address: () => addressed(id, { type: 'RemoveWebhook' }) }, options);
      return E.isLeft(removed) ? removed : E.right(true);
    },
    test: async (id) => {
      const webhook = webhooks.fieldsOf(id);
      if (closing.aborted) return E.left(closed());
      if (webhook === undefined) return E.left(notFound(id));
      const eventId = ids.fresh();
      const { retryAfterMs: _retryAfterMs, ...attempted } = await deliver(webhook, pingOf(eventId, id, clock.nowMs()), closing);
      const delivery: DeliveryView = { eventId, type: PING, position: null, attempts: 1, ...attempted };
      deliveries.note(id, delivery);
      return E.right(delivery);
    },
  };
};
