/** `/webhooks`. */
import { refuseWebhook, type Refusal } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { NewFilter } from '../../api/bodies/webhook.ts';
import { API_ROOT } from '../../api/limits.ts';
import type { webhookOperations } from '../../api/operations/webhooks.ts';
import type { ControlPlane } from '../../engine/controlPlane.ts';
import type { RegisterWebhookInput, UpdateWebhookInput, WebhookFilterInput } from '../../engine/requests.ts';
import { kindOfWord } from '../../queries/eventMessage.ts';
import type { Page } from '../../queries/views.ts';
import type { DeliveryView, WebhookView } from '../../queries/webhookViews.ts';
import { pageOf } from '../requests/query.ts';
import { pagingBody } from '../views/common.ts';
import { deliveryBody, webhookBody } from '../views/webhook.ts';
import { ok, type Handlers, type Reply } from './handler.ts';

const filterInput = ({ kinds, ...rest }: NewFilter): WebhookFilterInput => ({ ...rest, ...(kinds === undefined ? {} : { kinds: kinds.map(kindOfWord) }) });

const foundIn = (plane: ControlPlane, ref: number | string): E.Either<Refusal, WebhookView> =>
  E.fromNullable(refuseWebhook('WebhookNotFound', `there is no webhook ${ref}`, { value: ref }))(plane.webhooks.get(String(ref)));

const reply = E.chain((view: WebhookView) => ok({ webhook: webhookBody(view) }));

export const webhookHandlers: Handlers<typeof webhookOperations> = {
  registerWebhook: (plane, { body, options }) => {
    const { filter, ...rest } = body.webhook;
    const input: RegisterWebhookInput = { ...rest, ...(filter === undefined ? {} : { filter: filterInput(filter) }) };
    const registered = (view: WebhookView): Reply => ({ status: 201, body: { webhook: webhookBody(view) }, headers: { location: `${API_ROOT}/webhooks/${view.id}` } });
    return E.right({ request: { do: 'registerWebhook', input }, run: async () => E.map(registered)(await plane.webhooks.register(input, options)) });
  },
  listWebhooks: async (plane, { query }) => {
    const { name, status } = query;
    const page = plane.webhooks.page({ ...pageOf(query), ...(name === undefined ? {} : { name }), ...(status === undefined ? {} : { status }) });
    return E.chain((listed: Page<WebhookView>) => ok({ webhooks: listed.items.map(webhookBody), paging: pagingBody(listed) }))(page);
  },
  getWebhook: async (plane, { path }) => reply(foundIn(plane, path.webhook)),
  updateWebhook: (plane, { path, body, options }) => {
    const id = String(path.webhook);
    const { filter, ...rest } = body.webhook;
    const input: UpdateWebhookInput = { ...rest, ...(filter === undefined ? {} : { filter: filterInput(filter) }) };
    return E.right({ request: { do: 'updateWebhook', id, input }, run: async () => reply(await plane.webhooks.update(id, input, options)) });
  },
  removeWebhook: (plane, { path, options }) => {
    const id = String(path.webhook);
    return E.right({ request: { do: 'removeWebhook', id }, run: async () => E.chain((done: true) => ok({ done }))(await plane.webhooks.remove(id, options)) });
  },
  rotateWebhookSecret: (plane, { path, body: { webhook: { secret } }, options }) => {
    const id = String(path.webhook);
    return E.right({ request: { do: 'rotateWebhookSecret', id, secret }, run: async () => reply(await plane.webhooks.rotateSecret(id, secret, options)) });
  },
  testWebhook: async (plane, { path }) => E.chain((delivery: DeliveryView) => ok({ delivery: deliveryBody(delivery) }))(await plane.webhooks.test(String(path.webhook))),
  listDeliveries: async (plane, { path }) => {
    const found = foundIn(plane, path.webhook);
    return E.isLeft(found) ? found : ok({ deliveries: plane.webhooks.deliveries(found.right.id).map(deliveryBody) });
  },
};
