/** Webhooks: where events are sent, which ones, and how far that got. */
import type { Decider } from '../kernel/decider.ts';
import { decideWebhook } from './decide.ts';
import type { WebhookRefusal } from './errors.ts';
import { evolveWebhook } from './evolve.ts';
import type { WebhookDecisionFacts } from './facts.ts';
import { WebhookCommand, WebhookEvent, webhookStream } from './messages.ts';
import { noWebhook, type WebhookState } from './state.ts';
import { owedByWebhook } from './work.ts';

export * from './decide.ts';
export * from './errors.ts';
export * from './evolve.ts';
export * from './facts.ts';
export { DISABLE_AFTER_MS, MAX_FILTER_ENTRIES, MAX_SECRET_BYTES, MAX_URL_LENGTH, MAX_WEBHOOKS, MIN_SECRET_BYTES, SECRET_GRACE_MS } from './limits.ts';
export * from './messages.ts';
export * from './state.ts';
export { owedByWebhook } from './work.ts';

/** The webhook as a decider: its messages, `decideWebhook`, `evolveWebhook` and `owedByWebhook`. */
export const webhook: Decider<WebhookState, WebhookCommand, WebhookEvent, WebhookDecisionFacts, WebhookRefusal, never> = {
  name: 'webhook',
  foldVersion: 1,
  initial: noWebhook,
  command: WebhookCommand,
  event: WebhookEvent,
  streamOf: (command) => webhookStream(command.webhookId),
  decide: decideWebhook,
  evolve: evolveWebhook,
  owed: owedByWebhook,
  settle: () => undefined,
  reply: () => ({}),
  answer: () => 'accepted',
};
