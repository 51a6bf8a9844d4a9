/** Webhooks and deliveries, as JSON. */
import type { DELIVERABLE_SUBJECTS } from '../../api/bodies/subjects.ts';
import type { DeliveryBody, WebhookBody } from '../../api/bodies/webhook.ts';
import { SUBJECT_WORDS } from '../../queries/eventMessage.ts';
import type { EventKind } from '../../queries/eventViews.ts';
import type { DeliveryView, WebhookView } from '../../queries/webhookViews.ts';
import { moment } from './common.ts';

type Deliverable = (typeof DELIVERABLE_SUBJECTS)[number];

/** The resource inside `webhook`. The domain lets only kinds through that can be delivered. */
export const webhookBody = ({ id, name, tenant, url, filter, status, disabled, failing, position, delivered, previousSecretUntil, createdAt, updatedAt }: WebhookView): WebhookBody => ({
  uuid: id,
  name,
  tenant,
  url,
  filter: { ...filter, kinds: filter.kinds === null ? null : filter.kinds.map((kind) => SUBJECT_WORDS[kind as EventKind] as Deliverable) },
  status,
  disabled: disabled === null ? null : { ...disabled, at: moment(disabled.at) },
  failing: failing === null ? null : { ...failing, since: moment(failing.since) },
  position,
  delivered_num: delivered,
  previous_secret_until: moment(previousSecretUntil),
  create: moment(createdAt),
  update: moment(updatedAt),
});

/** How one event fared. */
export const deliveryBody = ({ eventId, type, position, outcome, status, message, attempts, at, durationMs }: DeliveryView): DeliveryBody => ({
  event_id: eventId,
  type,
  position,
  outcome,
  status,
  message,
  attempts,
  at: moment(at),
  duration_ms: durationMs,
});
