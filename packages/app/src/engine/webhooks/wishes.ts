/** What is asked about webhooks, as commands. Of a secret they know the reference. */
import { refuseWebhook, Uuid, type Refusal, type SecretRef } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { EventsFrom } from '../../queries/eventViews.ts';
import type { States } from '../../queries/states.ts';
import type { Wish } from '../commands/callers.ts';
import { BEFORE_ALL, positionOutside } from '../events/positions.ts';
import type { RegisterWebhookInput, UpdateWebhookInput, WebhookFilterInput } from '../requests.ts';
import { withoutCredentials } from './addresses.ts';

export type WebhookWish = Wish<'webhook'>;

export const webhookNotFound = (id: string): Refusal => refuseWebhook('WebhookNotFound', `there is no webhook ${id}`, { value: id });

/** What is recorded of an input. */
const shown = <I extends { readonly url?: string }>(input: I): I => (typeof input.url === 'string' ? { ...input, url: withoutCredentials(input.url) } : input);

const filterOf = ({ kinds, ids, types, tenant }: WebhookFilterInput = {}): object => ({ kinds: kinds ?? null, ids: ids ?? null, types: types ?? null, tenant: tenant ?? null });

/** The position that is meant. `now` is where the log ends when the command is made, not when it was asked for. */
const positionOf = (from: EventsFrom, head: number): E.Either<Refusal, number> => {
  if (from === 'now') return E.right(head);
  const position = from === 'start' ? BEFORE_ALL : from;
  return Number.isSafeInteger(position) && position >= BEFORE_ALL && position <= head ? E.right(position) : E.left(positionOutside(from, head));
};

const addressed = (id: string, command: object): ReturnType<WebhookWish['address']> =>
  E.right({ to: 'webhook', command: { ...command, webhookId: id }, resource: { kind: 'webhook', id } });

/** Left for what is no id of a webhook. */
const ofWebhook = (id: string, wish: WebhookWish): E.Either<Refusal, WebhookWish> => (Uuid.is(id) ? E.right(wish) : E.left(webhookNotFound(id)));

/** A webhook to be, its secret put away. */
export interface NewWebhook {
  readonly id: string;
  readonly secretRef: SecretRef;
  readonly input: Omit<RegisterWebhookInput, 'secret'>;
}

export const registerWish = ({ head }: Pick<States, 'head'>, { id, secretRef, input }: NewWebhook): WebhookWish => {
  const { name, url, filter, from = 'now' } = input;
  return {
    request: { do: 'registerWebhook', input: { ...shown(input), secretRef } },
    address: () => E.chain((position: number) => addressed(id, { type: 'RegisterWebhook', name, url, filter: filterOf(filter), secretRef, position }))(positionOf(from, head())),
  };
};

export const updateWish = ({ head }: Pick<States, 'head'>, id: string, input: UpdateWebhookInput): E.Either<Refusal, WebhookWish> => {
  const { from, filter, ...rest } = input;
  return ofWebhook(id, {
    request: { do: 'updateWebhook', id, input: shown(input) },
    address: () => {
      const position = from === undefined ? undefined : positionOf(from, head());
      if (position !== undefined && E.isLeft(position)) return position;
      const changes = { ...rest, ...(filter === undefined ? {} : { filter: filterOf(filter) }), ...(position === undefined ? {} : { position: position.right }) };
      return addressed(id, { type: 'UpdateWebhook', changes });
    },
  });
};

export const rotateWish = (id: string, secretRef: SecretRef): WebhookWish => ({
  request: { do: 'rotateWebhookSecret', id, secretRef },
  address: () => addressed(id, { type: 'RotateSecret', secretRef }),
});

export const removeWish = (id: string): E.Either<Refusal, WebhookWish> => ofWebhook(id, { request: { do: 'removeWebhook', id }, address: () => addressed(id, { type: 'RemoveWebhook' }) });
