/** Why a webhook refuses. */
import type { Refusal } from '../kernel/refusal.ts';
import { refusalsOf } from '../kernel/refusals.ts';

/** Every refusal of a webhook: its rule, where that is written, and the way out. */
export const webhookRefusals = {
  WebhookNotFound: { rule: 'webhookExists', spec: 'S0-16', remedy: 'check the id' },
  WebhookAlreadyExists: { rule: 'webhookIsNew', spec: 'S0-16', remedy: 'use a new command id for a new webhook' },
  NameIsNotAllowed: { rule: 'validName', spec: 'S0-12', remedy: 'use 1 to 255 characters without @, / and control characters' },
  TooManyWebhooks: { rule: 'roomForWebhook', spec: 'I-12', remedy: 'remove a webhook that nobody needs, or widen the filter of one' },
  UrlIsNotAllowed: { rule: 'urlAllowed', spec: 'I-12', remedy: 'give an https address; plain http is allowed to this machine, and elsewhere where the configuration says so' },
  FilterIsInvalid: { rule: 'filterKnown', spec: 'I-12', remedy: 'name kinds and types of events that docs/events.md lists' },
  SecretIsMissing: { rule: 'secretIsKept', spec: 'I-24', remedy: 'give the secret again: the secret store does not have it' },
  SecretLengthOutOfRange: { rule: 'secretInRange', spec: 'I-24', remedy: 'give whsec_ and the Base64 of 24 to 64 random bytes' },
} as const;

/** The facts that can stand in the way of a command to a webhook. */
export type WebhookRefusalTag = keyof typeof webhookRefusals;
/** A refusal of a webhook, told apart by `_tag`. */
export type WebhookRefusal = Refusal & { readonly _tag: WebhookRefusalTag };

/**
 * Makes a refusal of a webhook: its row of the table, a sentence, and the values compared.
 *
 * @example
 * import { refuseWebhook } from '@blockledger/domain';
 * refuseWebhook('WebhookNotFound', 'there is no webhook 7').rule; // => 'webhookExists'
 */
export const refuseWebhook = refusalsOf<WebhookRefusalTag>(webhookRefusals);
