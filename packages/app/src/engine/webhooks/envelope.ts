/** What a receiver gets: one event, signed after the Standard Webhooks scheme. */
import { reveal, type Secret } from '@blockledger/domain';
import { Webhook } from 'standardwebhooks';
import { traced } from '../watching/observing.ts';
import { eventMessage } from '../../queries/eventMessage.ts';
import type { EventEntry } from '../../queries/eventViews.ts';

/** A message as it is sent. `id` is the same in every attempt, so receivers can drop repeats. */
export interface Message {
  readonly id: string;
  readonly type: string;
  readonly body: string;
  /** W3C trace context for the receiver to continue. */
  readonly traceparent?: string;
}

/** An event as a message; its `data` is what a stream of events has. */
export const webhookMessage = (entry: EventEntry): Message => ({
  id: entry.id,
  type: entry.type,
  body: JSON.stringify({ type: entry.type, timestamp: new Date(entry.meta.at).toISOString(), data: eventMessage(entry) }),
});

/** The type of the message that `test` sends. */
export const PING = 'blockledger.ping';

/** A message that is about nothing but the webhook itself. */
export const pingOf = (id: string, webhookId: string, nowMs: number): Message => ({
  id,
  type: PING,
  body: JSON.stringify({ type: PING, timestamp: new Date(nowMs).toISOString(), data: { webhook: webhookId } }),
});

/** The headers of a message. Every secret given signs: after a rotation the receiver may still have the one before. */
export const signedHeaders = ({ id, body, traceparent }: Message, secrets: readonly Secret[], nowMs: number): Readonly<Record<string, string>> => {
  const at = new Date(nowMs);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(nowMs / 1_000)),
    'webhook-signature': secrets.map((secret) => new Webhook(reveal(secret)).sign(id, at, body)).join(' '),
    'user-agent': 'Blockledger-Webhook',
    ...traced(traceparent),
  };
};
