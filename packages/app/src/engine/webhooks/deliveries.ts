/** How the latest events of each webhook fared: in memory, for people who look why nothing arrives. */
import type { DeliveryView } from '../../queries/webhookViews.ts';
import { KEPT_DELIVERIES } from './limits.ts';

export interface Deliveries {
  /** A later outcome of the same event takes the place of the earlier one. */
  readonly note: (webhookId: string, delivery: DeliveryView) => void;
  /** The latest first. */
  readonly of: (webhookId: string) => readonly DeliveryView[];
  readonly forget: (webhookId: string) => void;
}

export const makeDeliveries = (): Deliveries => {
  const byWebhook = new Map<string, readonly DeliveryView[]>();
  return {
    note: (webhookId, delivery) => {
      const known = byWebhook.get(webhookId) ?? [];
      const others = known[0]?.eventId === delivery.eventId ? known.slice(1) : known;
      byWebhook.set(webhookId, [delivery, ...others].slice(0, KEPT_DELIVERIES));
    },
    of: (webhookId) => byWebhook.get(webhookId) ?? [],
    forget: (webhookId) => void byWebhook.delete(webhookId),
  };
};
