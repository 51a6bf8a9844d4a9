/** Everything a webhook can be told and everything that can have happened to it. */
import * as t from 'io-ts';
import { orNull } from '../kernel/nullable.ts';
import { Uuid, WebhookId } from '../kernel/ids.ts';
import { Count, TimestampMs } from '../kernel/quantities.ts';
import { tagged } from '../kernel/tagged.ts';
import { SecretRef } from '../ports/secretStore.ts';

const id = { webhookId: WebhookId };

/** A position in the log, or −1 for before its first event. */
export const LogPosition = t.refinement(t.number, (n) => Number.isSafeInteger(n) && n >= -1, 'LogPosition');

/** Which events are delivered; null does not filter. `tenant` is the only one whose events are seen. */
export const WebhookFilter = t.readonly(
  t.strict({
    kinds: orNull(t.readonlyArray(t.string)),
    ids: orNull(t.readonlyArray(Uuid)),
    types: orNull(t.readonlyArray(t.string)),
    tenant: orNull(t.string),
  }),
  'WebhookFilter',
);
/** A value of the codec `WebhookFilter`. */
export type WebhookFilter = t.TypeOf<typeof WebhookFilter>;

/**
 * How deliveries went.
 * - `delivered`: everything up to the position was delivered (`count` events since it was last said) or passed over by the filter.
 * - `failing`: the event at the position could not be delivered; it is being tried again. `status` is the receiver's, null without an answer.
 * - `gone`: the receiver answered 410; it wants nothing more.
 */
export const DeliveryOutcome = t.union(
  [
    t.readonly(t.strict({ _tag: t.literal('delivered'), count: Count })),
    t.readonly(t.strict({ _tag: t.literal('failing'), status: orNull(t.number), message: t.string })),
    t.readonly(t.strict({ _tag: t.literal('gone') })),
  ],
  'DeliveryOutcome',
);
/** A value of the codec `DeliveryOutcome`. */
export type DeliveryOutcome = t.TypeOf<typeof DeliveryOutcome>;

/** Why nothing is delivered: somebody asked for it, it had failed for too long, or the receiver is gone. */
export const DisabledBecause = t.keyof({ asked: null, failing: null, gone: null }, 'DisabledBecause');
/** A value of the codec `DisabledBecause`. */
export type DisabledBecause = t.TypeOf<typeof DisabledBecause>;

/** Everything that a webhook can be told. `RecordDelivery` comes from the engine only. */
export const WebhookCommand = tagged('WebhookCommand', {
  /** Deliveries begin after `position`. The secret is in the secret store; the log has only its reference (I-24). */
  RegisterWebhook: { ...id, name: t.string, url: t.string, filter: WebhookFilter, secretRef: SecretRef, position: LogPosition },
  /** What is left out stays. A position moves the webhook: what lies between is skipped, or delivered again. */
  UpdateWebhook: { ...id, changes: t.readonly(t.exact(t.partial({ url: t.string, filter: WebhookFilter, enabled: t.boolean, position: LogPosition }))) },
  /** From now on deliveries are signed with this secret, and for a day with the one before it, too. */
  RotateSecret: { ...id, secretRef: SecretRef },
  RemoveWebhook: id,
  /** `round` is the one that the deliveries belong to; those of an earlier one are out of date. */
  RecordDelivery: { ...id, round: Count, position: LogPosition, outcome: DeliveryOutcome },
});
/** A value of the codec `WebhookCommand`. */
export type WebhookCommand = t.TypeOf<typeof WebhookCommand>;

const WebhookEventTable = {
  WebhookRegistered: { ...id, name: t.string, tenant: t.string, url: t.string, filter: WebhookFilter, secretRef: SecretRef, position: LogPosition, at: TimestampMs },
  WebhookUpdated: { url: t.string, filter: WebhookFilter, at: TimestampMs },
  /** Deliveries go on after this position, whatever was delivered before. */
  WebhookMoved: { position: LogPosition, at: TimestampMs },
  WebhookEnabled: { at: TimestampMs },
  WebhookDisabled: { because: DisabledBecause, message: t.string, at: TimestampMs },
  /** The previous secret signs, too, until the moment given. */
  WebhookSecretRotated: { secretRef: SecretRef, previous: t.readonly(t.strict({ secretRef: SecretRef, until: TimestampMs })), at: TimestampMs },
  /** Said every now and then: after a crash, what was delivered since is delivered again. */
  DeliveriesRecorded: { position: LogPosition, count: Count, at: TimestampMs },
  /** The first failure of an event's delivery; the attempts that follow are not events. */
  DeliveryFailing: { position: LogPosition, status: orNull(t.number), message: t.string, at: TimestampMs },
  WebhookRemoved: { at: TimestampMs },
} as const;
/** The codec of everything that can have happened to a webhook; docs/events.md lists them. */
export const WebhookEvent = tagged('WebhookEvent', WebhookEventTable);
/** A value of the codec `WebhookEvent`. */
export type WebhookEvent = t.TypeOf<typeof WebhookEvent>;

/**
 * The stream of a webhook.
 *
 * @example
 * import { webhookStream, type WebhookId } from '@blockledger/domain';
 * webhookStream('0b9d7a3e-0000-4000-8000-000000000001' as WebhookId).startsWith('webhook-'); // => true
 */
export const webhookStream = (webhookId: WebhookId): string => `webhook-${webhookId}`;
