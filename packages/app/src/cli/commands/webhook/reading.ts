/** `blockledger webhook list`, `show`, `test`, `deliveries`. */
import * as E from 'fp-ts/lib/Either.js';
import { WEBHOOK_STATUSES } from '../../../api/bodies/webhook.ts';
import { EXIT_CODES } from '../../exit.ts';
import { maybe } from '../../frame/parts.ts';
import { oneOf } from '../../frame/readers.ts';
import { record } from '../../frame/table.ts';
import { clean, marked } from '../../frame/text.ts';
import { orEnd, serviceCommand } from '../../service/serviceCommand.ts';
import { given } from '../../show/given.ts';
import { listText } from '../../show/lists.ts';
import { limitOf, pagingParts } from '../../show/paging.ts';
import { deliveryColumns, webhookColumns, webhookFields } from '../../show/webhooks.ts';
import { takes, webhookNamed } from './parts.ts';

export const webhookList = serviceCommand({
  words: 'webhook list',
  summary: 'List webhooks',
  shows: 'report',
  takes: {},
  options: { status: maybe('--status <status>', 'only those that stand so; removed ones are listed only when asked for', oneOf(...WEBHOOK_STATUSES)), ...pagingParts },
  examples: [{ line: 'blockledger webhook list --status failing', does: 'those whose receiver does not take what is sent' }],
  run: async ({ status, all, limit }, { client }, io) => {
    const answered = orEnd(await client.listWebhooks({ query: { ...given({ status }), limit: limitOf(io, { all, limit }) } }));
    if (E.isLeft(answered)) return answered;
    const { body } = answered.right;
    return E.right({ json: body, show: (screen) => listText(screen, { columns: webhookColumns(io), rows: body.webhooks, noun: 'webhook', paging: body.paging }) });
  },
});

export const webhookShow = serviceCommand({
  words: 'webhook show',
  summary: 'Show everything about a webhook but its secret',
  shows: 'report',
  takes,
  options: {},
  examples: [{ line: 'blockledger webhook show ops', does: 'where it sends what, and how that goes' }],
  run: async ({ webhook }, { client }, io) => {
    const uuid = await webhookNamed(client, webhook);
    if (E.isLeft(uuid)) return uuid;
    const answered = orEnd(await client.getWebhook({ path: { webhook: uuid.right } }));
    if (E.isLeft(answered)) return answered;
    const { body } = answered.right;
    return E.right({ json: body, show: (screen) => record(webhookFields(io), body.webhook, screen) });
  },
});

export const webhookTest = serviceCommand({
  words: 'webhook test',
  summary: 'Send a message about nothing, and tell how it fared',
  about: 'Ends with exit code 3 where the receiver did not take it.',
  shows: 'report',
  takes,
  options: {},
  examples: [{ line: 'blockledger webhook test ops', does: 'one message, now' }],
  run: async ({ webhook }, { client }) => {
    const uuid = await webhookNamed(client, webhook);
    if (E.isLeft(uuid)) return uuid;
    const answered = orEnd(await client.testWebhook({ path: { webhook: uuid.right } }));
    if (E.isLeft(answered)) return answered;
    const { body } = answered.right;
    const { outcome, status, message } = body.delivery;
    const isTaken = outcome === 'delivered';
    const sentence = isTaken ? `it was taken${status === null ? '' : ` (${status})`}` : `it was not taken: ${clean(message ?? `the receiver answered ${status ?? '?'}`)}`;
    return E.right({ json: body, show: (screen) => marked(screen, isTaken ? 'ok' : 'problem', sentence), code: isTaken ? EXIT_CODES.done : EXIT_CODES.failed });
  },
});

export const webhookDeliveries = serviceCommand({
  words: 'webhook deliveries',
  summary: 'List how the latest events fared since the service started, the latest first',
  shows: 'report',
  takes,
  options: {},
  examples: [{ line: 'blockledger webhook deliveries ops', does: 'what arrived, what did not, and why' }],
  run: async ({ webhook }, { client }, io) => {
    const uuid = await webhookNamed(client, webhook);
    if (E.isLeft(uuid)) return uuid;
    const answered = orEnd(await client.listDeliveries({ path: { webhook: uuid.right } }));
    if (E.isLeft(answered)) return answered;
    const { body } = answered.right;
    return E.right({ json: body, show: (screen) => listText(screen, { columns: deliveryColumns(io), rows: body.deliveries, noun: 'delivery' }) });
  },
});
