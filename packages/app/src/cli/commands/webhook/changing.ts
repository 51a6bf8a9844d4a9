/** `blockledger webhook create`, `update`, `rotate-secret`, `delete`. */
import * as E from 'fp-ts/lib/Either.js';
import type { WebhookBody, WebhookPatch } from '../../../api/bodies/webhook.ts';
import { ending } from '../../exit.ts';
import type { Outcome } from '../../frame/command.ts';
import { flag, maybe, needed } from '../../frame/parts.ts';
import { text } from '../../frame/readers.ts';
import { clean, marked, wrapped } from '../../frame/text.ts';
import { confirmed, yesPart } from '../../service/confirm.ts';
import { immediately, immediateParts, planOr } from '../../service/immediate.ts';
import { serviceCommand } from '../../service/serviceCommand.ts';
import { given } from '../../show/given.ts';
import { position, secretFrom, secretPart, takes, wantedFilter, wantedParts, webhookNamed, type Secret } from './parts.ts';

/** The webhook in one line; a secret that was made here stands alone on stdout, as a new token does. */
const outcomeOf = (body: { readonly webhook: WebhookBody }, secret?: Secret): Outcome => {
  const { name, status, url } = body.webhook;
  if (secret?.isMade === true) return E.right({ json: { ...body, secret: secret.text }, show: () => secret.text });
  return E.right({ json: body, show: (screen) => marked(screen, 'ok', `webhook ${clean(name)}: ${status}, ${clean(url)}`) });
};

export const webhookCreate = serviceCommand({
  words: 'webhook create',
  summary: 'Send events to an address as they happen',
  about: 'Each is signed after the Standard Webhooks scheme and sent until it arrives, at least once. Without --secret-file a secret is made and printed on stdout, once, and nowhere else. Without filters everything is sent that is not about tokens or webhooks.',
  shows: 'report',
  takes: { name: needed('<name>', 'what it is called', text) },
  options: {
    to: needed('--to <address>', 'where events are sent: https, or http on this machine; do not put secrets into it', text),
    secretFile: secretPart,
    from: maybe('--from <position>', 'after which event to begin: start, now (the default), or its position', position),
    ...wantedParts,
    ...immediateParts,
  },
  examples: [
    { line: 'blockledger webhook create ops --to https://ops.example/hooks --kind volume', does: 'everything about volumes; prints the secret' },
    { line: 'blockledger webhook create failures --to https://ops.example/failures --type WorkFailed', does: 'only work that waits for somebody' },
  ],
  run: async ({ name, to: url, secretFile, from, plan, key, ...wanted }, { client }) => {
    const secret = secretFrom(secretFile);
    if (E.isLeft(secret)) return secret;
    const filter = await wantedFilter(client, wanted);
    if (E.isLeft(filter)) return filter;
    const webhook = { name, url, secret: secret.right.text, ...given({ filter: filter.right, from }) };
    return planOr(await client.registerWebhook({ body: { webhook }, ...immediately({ plan, key }) }), (body) => outcomeOf(body, secret.right));
  },
});

export const webhookUpdate = serviceCommand({
  words: 'webhook update',
  summary: 'Change a webhook, disable or enable it, or move it in the log',
  about: 'Filters take the place of all that were there; --all-events takes them away. Enabled again, it goes on where it was; with `--from now` what it has missed is let go.',
  shows: 'report',
  takes,
  options: {
    to: maybe('--to <address>', 'another address', text),
    enable: flag('--enable', 'send again'),
    disable: flag('--disable', 'send nothing until it is enabled'),
    from: maybe('--from <position>', 'go on after another event: start, now, or its position', position),
    allEvents: flag('--all-events', 'without filters'),
    ...wantedParts,
    ...immediateParts,
  },
  examples: [
    { line: 'blockledger webhook update ops --disable', does: 'nothing is sent until it is enabled' },
    { line: 'blockledger webhook update ops --enable --from now', does: 'what was missed is let go' },
  ],
  run: async ({ webhook, to: url, enable, disable, from, allEvents, plan, key, ...wanted }, { client }) => {
    if (enable && disable) return E.left(ending('usage', '--enable and --disable exclude each other'));
    const uuid = await webhookNamed(client, webhook);
    if (E.isLeft(uuid)) return uuid;
    const filter = await wantedFilter(client, wanted);
    if (E.isLeft(filter)) return filter;
    if (allEvents && filter.right !== undefined) return E.left(ending('usage', '--all-events and filters exclude each other'));
    const patch: WebhookPatch = given({ url, from, enabled: enable || disable ? enable : undefined, filter: allEvents ? {} : filter.right });
    if (Object.keys(patch).length === 0) return E.left(ending('usage', 'nothing to change was given', 'see `blockledger webhook update --help`'));
    return planOr(await client.updateWebhook({ path: { webhook: uuid.right }, body: { webhook: patch }, ...immediately({ plan, key }) }), (body) => outcomeOf(body));
  },
});

export const webhookRotateSecret = serviceCommand({
  words: 'webhook rotate-secret',
  summary: 'Sign with another secret',
  about: 'For a day deliveries carry two signatures, one of them with the secret before. Without --secret-file a secret is made and printed on stdout, once, and nowhere else.',
  shows: 'report',
  takes,
  options: { secretFile: secretPart, ...immediateParts },
  examples: [{ line: 'blockledger webhook rotate-secret ops', does: 'prints the new secret' }],
  run: async ({ webhook, secretFile, ...how }, { client }) => {
    const secret = secretFrom(secretFile);
    if (E.isLeft(secret)) return secret;
    const uuid = await webhookNamed(client, webhook);
    if (E.isLeft(uuid)) return uuid;
    const answered = await client.rotateWebhookSecret({ path: { webhook: uuid.right }, body: { webhook: { secret: secret.right.text } }, ...immediately(how) });
    return planOr(answered, (body) => outcomeOf(body, secret.right));
  },
});

export const webhookDelete = serviceCommand({
  words: 'webhook delete',
  summary: 'Remove a webhook and forget its secret',
  shows: 'report',
  takes,
  options: { yes: yesPart, ...immediateParts },
  examples: [{ line: 'blockledger webhook delete ops --yes', does: 'without being asked' }],
  run: async ({ webhook, yes, ...how }, { client }, io) => {
    const uuid = await webhookNamed(client, webhook);
    if (E.isLeft(uuid)) return uuid;
    const asked = how.plan ? E.right(undefined) : await confirmed(io, yes, `The webhook ${webhook} ends for good. Go on?`);
    if (E.isLeft(asked)) return asked;
    const answered = await client.removeWebhook({ path: { webhook: uuid.right }, ...immediately(how) });
    return planOr(answered, (body) => E.right({ json: body, show: (screen) => wrapped(screen, marked(screen, 'ok', `webhook ${clean(webhook)}: removed`)) }));
  },
});
