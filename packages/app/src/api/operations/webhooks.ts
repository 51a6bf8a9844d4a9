/** `/webhooks`: where events are sent. */
import * as t from 'io-ts';
import { PagingBody } from '../bodies/common.ts';
import { DoneBody } from '../bodies/inspection.ts';
import { DeliveryBody, NewSecret, NewWebhook, WEBHOOK_STATUSES, WebhookBody, WebhookPatch } from '../bodies/webhook.ts';
import { closed } from '../closed.ts';
import { call, immediate, read } from '../operation.ts';
import { anyText, oneOf, paging } from '../parameters.ts';

const tag = 'webhooks';
const role = 'admin';
const reply = closed({ webhook: WebhookBody }, {});

export const webhookOperations = {
  registerWebhook: immediate({
    method: 'POST',
    path: '/webhooks',
    tag,
    role,
    summary: 'Register a webhook',
    description:
      'Events are sent as they happen, in the order of the log, one at a time, each until it arrives: signed after the [Standard Webhooks](https://www.standardwebhooks.com) scheme, with the id of the event as `webhook-id`. At least once: drop what has an id that you have seen. An answer of 2xx is taken, 410 disables the webhook, anything else is tried again with growing pauses for three days. Redirects are not followed. Nothing shows the secret again.',
    example: { webhook: { name: 'ops', url: 'https://ops.example/hooks', secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', filter: { kinds: ['block_volume'] } } },
    body: closed({ webhook: NewWebhook }, {}),
    replies: { 201: reply },
  }),
  listWebhooks: read({
    path: '/webhooks',
    tag,
    role,
    summary: 'List webhooks',
    query: { ...paging, name: anyText('Only those with exactly this name.'), status: oneOf('Only those that stand so. Removed ones are listed only when asked for.', WEBHOOK_STATUSES) },
    reply: closed({ webhooks: t.readonlyArray(WebhookBody), paging: PagingBody }, {}),
  }),
  getWebhook: read({ path: '/webhooks/{webhook}', tag, role, summary: 'Look at a webhook', reply }),
  updateWebhook: immediate({
    method: 'PATCH',
    path: '/webhooks/{webhook}',
    tag,
    role,
    summary: 'Change a webhook, disable or enable it, or move it in the log',
    description: 'Enabled again, it goes on where it was; `from: now` lets go what it has missed, and a position behind an event that nobody takes skips that one.',
    body: closed({ webhook: WebhookPatch }, {}),
    replies: { 200: reply },
  }),
  removeWebhook: immediate({ method: 'DELETE', path: '/webhooks/{webhook}', tag, role, summary: 'Remove a webhook and forget its secret', replies: { 200: DoneBody } }),
  rotateWebhookSecret: immediate({
    method: 'POST',
    path: '/webhooks/{webhook}:rotate-secret',
    tag,
    role,
    summary: 'Sign with another secret',
    description: 'For a day deliveries carry two signatures, one of them with the secret before.',
    example: { webhook: { secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' } },
    body: closed({ webhook: NewSecret }, {}),
    replies: { 200: reply },
  }),
  testWebhook: call({
    method: 'POST',
    path: '/webhooks/{webhook}:test',
    tag,
    role,
    summary: 'Send a message about nothing, and tell how it fared',
    replies: { 200: closed({ delivery: DeliveryBody }, {}) },
  }),
  listDeliveries: read({
    path: '/webhooks/{webhook}/deliveries',
    tag,
    role,
    summary: 'List how the latest events fared since the service started, the latest first',
    reply: closed({ deliveries: t.readonlyArray(DeliveryBody) }, {}),
  }),
} as const;
