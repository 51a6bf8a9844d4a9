/** What a webhook answers. */
import * as E from 'fp-ts/lib/Either.js';
import { match } from 'ts-pattern';
import type { CommandMeta } from '../kernel/envelope.ts';
import type { TimestampMs } from '../kernel/quantities.ts';
import { unlessRefused } from '../kernel/rule.ts';
import type { Of } from '../kernel/tagged.ts';
import { refuseWebhook, type WebhookRefusal } from './errors.ts';
import type { WebhookDecisionFacts } from './facts.ts';
import { DISABLE_AFTER_MS, SECRET_GRACE_MS } from './limits.ts';
import type { WebhookCommand, WebhookEvent, WebhookFilter } from './messages.ts';
import { filterKnown, roomForWebhook, secretInRange, urlAllowed, validName } from './rules.ts';
import type { WebhookFields, WebhookState } from './state.ts';

type Decision = E.Either<WebhookRefusal, readonly WebhookEvent[]>;
const accept = (...events: readonly WebhookEvent[]): Decision => E.right(events);

const register = (state: WebhookState, command: Of<WebhookCommand, 'RegisterWebhook'>, meta: CommandMeta, facts: WebhookDecisionFacts): Decision => {
  const { type: _type, ...fields } = command;
  return unlessRefused(
    [
      state.webhook === null ? undefined : refuseWebhook('WebhookAlreadyExists', `webhook ${command.webhookId} exists or existed`, { value: command.webhookId }),
      validName(command.name),
      urlAllowed(command.url, facts),
      filterKnown(command.filter, facts),
      secretInRange(facts),
      roomForWebhook(facts),
    ],
    { type: 'WebhookRegistered', ...fields, tenant: meta.tenant, at: meta.issuedAt },
  );
};

const sameList = (a: readonly string[] | null, b: readonly string[] | null): boolean =>
  a === null || b === null ? a === b : a.length === b.length && a.every((one, at) => one === b[at]);
const sameFilter = (a: WebhookFilter, b: WebhookFilter): boolean =>
  sameList(a.kinds, b.kinds) && sameList(a.ids, b.ids) && sameList(a.types, b.types) && a.tenant === b.tenant;

const update = (webhook: WebhookFields, { changes }: Of<WebhookCommand, 'UpdateWebhook'>, at: TimestampMs, facts: WebhookDecisionFacts): Decision => {
  const { url = webhook.url, filter = webhook.filter, enabled = webhook.disabled === null, position } = changes;
  const events: WebhookEvent[] = [];
  if (url !== webhook.url || !sameFilter(filter, webhook.filter)) events.push({ type: 'WebhookUpdated', url, filter, at });
  // Deliveries are ahead of the recorded position, so whoever asks for that one wants them again.
  if (position !== undefined) events.push({ type: 'WebhookMoved', position, at });
  if (enabled && webhook.disabled !== null) events.push({ type: 'WebhookEnabled', at });
  if (!enabled && webhook.disabled === null) events.push({ type: 'WebhookDisabled', because: 'asked', message: 'somebody asked for it', at });
  // What stays is not judged again: a rule that came later must not keep an old webhook from being disabled.
  return unlessRefused([changes.url === undefined ? undefined : urlAllowed(url, facts), changes.filter === undefined ? undefined : filterKnown(filter, facts)], ...events);
};

const rotate = (webhook: WebhookFields, { secretRef }: Of<WebhookCommand, 'RotateSecret'>, at: TimestampMs, facts: WebhookDecisionFacts): Decision =>
  secretRef === webhook.secretRef
    ? accept()
    : unlessRefused([secretInRange(facts)], {
        type: 'WebhookSecretRotated',
        secretRef,
        previous: { secretRef: webhook.secretRef, until: (at + SECRET_GRACE_MS) as TimestampMs },
        at,
      });

const HOUR_MS = 3_600_000;

const failing = (webhook: WebhookFields, position: number, outcome: { readonly status: number | null; readonly message: string }, at: TimestampMs): Decision => {
  if (webhook.disabled !== null) return accept();
  const { status, message } = outcome;
  if (webhook.failing === null) return accept({ type: 'DeliveryFailing', position, status, message, at });
  if (at - webhook.failing.since < DISABLE_AFTER_MS) return accept();
  const told = `nothing could be delivered for ${Math.floor((at - webhook.failing.since) / HOUR_MS)} hours; last: ${message}`;
  return accept({ type: 'WebhookDisabled', because: 'failing', message: told, at });
};

const record = (webhook: WebhookFields, { round, position, outcome }: Of<WebhookCommand, 'RecordDelivery'>, at: TimestampMs): Decision => {
  // Somebody moved the webhook meanwhile: what an earlier round did says nothing about where it stands now.
  if (round !== webhook.round) return accept();
  switch (outcome._tag) {
    case 'delivered':
      return position <= webhook.position ? accept() : accept({ type: 'DeliveriesRecorded', position, count: outcome.count, at });
    case 'failing':
      return failing(webhook, position, outcome, at);
    case 'gone':
      return webhook.disabled === null ? accept({ type: 'WebhookDisabled', because: 'gone', message: 'the receiver answered 410: it wants nothing more', at }) : accept();
  }
};

/**
 * What a webhook answers to a command: the events that follow, or the refusal of the first rule that does not hold. Pure.
 * Refuses with the tags of `webhookRefusals`; a command that changes nothing is accepted without events.
 *
 * @example
 * import { decideWebhook, noWebhook, type CommandId, type TimestampMs, type WebhookId } from '@blockledger/domain';
 * const meta = { commandId: '0b9d7a3e-0000-4000-8000-000000000002' as CommandId, issuedAt: 1_800_000_000_000 as TimestampMs, issuedBy: 'token:ci', tenant: 'default', correlationId: 'c-1' };
 * const decided = decideWebhook(noWebhook, { type: 'RemoveWebhook', webhookId: '0b9d7a3e-0000-4000-8000-000000000001' as WebhookId }, meta, {} as never);
 * decided._tag === 'Left' && decided.left._tag; // => 'WebhookNotFound'
 */
export const decideWebhook = (
  state: WebhookState,
  command: WebhookCommand,
  meta: CommandMeta,
  facts: WebhookDecisionFacts,
): E.Either<WebhookRefusal, readonly WebhookEvent[]> => {
  const at = meta.issuedAt;
  const on = (decide: (webhook: WebhookFields) => Decision): Decision =>
    state.webhook === null || state.removed
      ? E.left(refuseWebhook('WebhookNotFound', `there is no webhook ${command.webhookId}`, { value: command.webhookId }))
      : decide(state.webhook);
  return match(command)
    .with({ type: 'RegisterWebhook' }, (c) => register(state, c, meta, facts))
    .with({ type: 'UpdateWebhook' }, (c) => on((webhook) => update(webhook, c, at, facts)))
    .with({ type: 'RotateSecret' }, (c) => on((webhook) => rotate(webhook, c, at, facts)))
    .with({ type: 'RemoveWebhook' }, () => on(() => accept({ type: 'WebhookRemoved', at })))
    .with({ type: 'RecordDelivery' }, (c) => on((webhook) => record(webhook, c, at)))
    .exhaustive();
};
