/** Folds what happened to a webhook. */
import type { Of } from '../kernel/tagged.ts';
import type { WebhookEvent } from './messages.ts';
import type { WebhookFields, WebhookState } from './state.ts';

const change = (state: WebhookState, fields: Partial<WebhookFields>): WebhookState =>
  state.webhook === null ? state : { ...state, webhook: { ...state.webhook, ...fields } };

const registered = (state: WebhookState, { type: _type, at, ...given }: Of<WebhookEvent, 'WebhookRegistered'>): WebhookState => {
  const webhook: WebhookFields = { ...given, previousSecret: null, disabled: null, round: 0, delivered: 0, failing: null, createdAt: at, updatedAt: at };
  return { ...state, webhook };
};

/**
 * Folds one event into a webhook's state. Total: it never refuses and never fails.
 *
 * @example
 * import { evolveWebhook, noWebhook, type TimestampMs } from '@blockledger/domain';
 * evolveWebhook(noWebhook, { type: 'WebhookRemoved', at: 0 as TimestampMs }).removed; // => true
 */
export const evolveWebhook = (state: WebhookState, event: WebhookEvent): WebhookState => {
  switch (event.type) {
    case 'WebhookRegistered':
      return registered(state, event);
    case 'WebhookUpdated':
      return change(state, { url: event.url, filter: event.filter, failing: null, updatedAt: event.at });
    case 'WebhookMoved':
      return change(state, { position: event.position, round: (state.webhook?.round ?? 0) + 1, failing: null, updatedAt: event.at });
    case 'WebhookEnabled':
      return change(state, { disabled: null, failing: null, updatedAt: event.at });
    case 'WebhookDisabled':
      return change(state, { disabled: { because: event.because, message: event.message, at: event.at }, updatedAt: event.at });
    case 'WebhookSecretRotated':
      return change(state, { secretRef: event.secretRef, previousSecret: event.previous, updatedAt: event.at });
    case 'DeliveriesRecorded':
      return change(state, { position: event.position, delivered: (state.webhook?.delivered ?? 0) + event.count, failing: null });
    case 'DeliveryFailing':
      return change(state, { failing: { position: event.position, status: event.status, message: event.message, since: event.at } });
    case 'WebhookRemoved':
      return { ...state, removed: true };
    default:
      return event satisfies never;
  }
};
