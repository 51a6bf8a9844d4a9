/** A webhook as its own stream tells it: plain JSON, folded by `evolve`. */
import type { WebhookId } from '../kernel/ids.ts';
import type { TimestampMs } from '../kernel/quantities.ts';
import type { SecretRef } from '../ports/secretStore.ts';
import type { DisabledBecause, WebhookFilter } from './messages.ts';

/** A webhook that exists or existed. */
export interface WebhookFields {
  readonly webhookId: WebhookId;
  readonly name: string;
  readonly tenant: string;
  readonly url: string;
  readonly filter: WebhookFilter;
  readonly secretRef: SecretRef;
  /** The secret before it, and until when it signs, too. */
  readonly previousSecret: { readonly secretRef: SecretRef; readonly until: TimestampMs } | null;
  /** Why nothing is delivered; null while it is. */
  readonly disabled: { readonly because: DisabledBecause; readonly message: string; readonly at: TimestampMs } | null;
  /** Everything up to here was delivered or passed over, for certain. */
  readonly position: number;
  /** Rises whenever somebody moves the webhook. */
  readonly round: number;
  /** Events delivered, without those that were delivered again. */
  readonly delivered: number;
  /** Since when the event behind `position` cannot be delivered, and what the receiver said first. */
  readonly failing: { readonly position: number; readonly status: number | null; readonly message: string; readonly since: TimestampMs } | null;
  readonly createdAt: TimestampMs;
  readonly updatedAt: TimestampMs;
}

/** A webhook's stream, folded. `webhook` is null before it is registered. */
export interface WebhookState {
  readonly webhook: WebhookFields | null;
  readonly removed: boolean;
}

/** The state before the first event. */
export const noWebhook: WebhookState = { webhook: null, removed: false };
