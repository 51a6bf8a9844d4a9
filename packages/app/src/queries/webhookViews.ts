/** Webhooks as readers see them: without their secrets, and without what leads to them. */
import type { DisabledBecause, WebhookFilter } from '@blockledger/domain';

/** `failing`: it is enabled, and the next event cannot be delivered just now. */
export type WebhookStatus = 'active' | 'failing' | 'disabled' | 'removed';

/** A webhook. Moments in ms since 1970. */
export interface WebhookView {
  readonly kind: 'webhook';
  readonly id: string;
  readonly name: string;
  readonly tenant: string;
  readonly url: string;
  /** Which events it gets; null does not filter. */
  readonly filter: WebhookFilter;
  readonly status: WebhookStatus;
  readonly disabled: { readonly because: DisabledBecause; readonly message: string; readonly at: number } | null;
  readonly failing: { readonly position: number; readonly status: number | null; readonly message: string; readonly since: number } | null;
  /** Everything up to here is known to be delivered, or was not for this webhook; recorded every now and then. */
  readonly position: number;
  /** Events delivered, as far as recorded. */
  readonly delivered: number;
  /** Until when the secret before the last rotation signs, too. */
  readonly previousSecretUntil: number | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** How one event fared. Remembered for the latest events of each webhook by the process that delivers. */
export interface DeliveryView {
  /** The event's UUID, which is the `webhook-id` of every attempt. */
  readonly eventId: string;
  readonly type: string;
  /** Null for a test. */
  readonly position: number | null;
  readonly outcome: 'delivered' | 'failing' | 'gone';
  /** The receiver's last status, null where it did not answer. */
  readonly status: number | null;
  /** Why the last attempt did not work. */
  readonly message: string | null;
  readonly attempts: number;
  /** Of the last attempt. */
  readonly at: number;
  readonly durationMs: number;
}

/** Which webhooks a list holds; what is left out does not matter. */
export interface WebhookListFilter {
  readonly name?: string;
  readonly tenant?: string;
  readonly status?: WebhookStatus;
}
