/** One attempt to deliver one message to one webhook, and what its answer means. */
import type { Clock, Secret, SecretRef, SecretStore, WebhookFields } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { DeliveryView } from '../../queries/webhookViews.ts';
import { signedHeaders, type Message } from './envelope.ts';
import type { WebhookSender } from './send.ts';

/** What an attempt came to. */
export interface Attempted {
  readonly outcome: DeliveryView['outcome'];
  readonly status: number | null;
  readonly message: string | null;
  readonly retryAfterMs: number;
  readonly at: number;
  readonly durationMs: number;
}

export interface DeliverParts {
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly secrets: SecretStore;
  readonly send: WebhookSender;
  readonly timeoutMs: number;
}

export type Deliver = (webhook: WebhookFields, message: Message, signal: AbortSignal) => Promise<Attempted>;

/** The receiver wants nothing more. */
const GONE = 410;

const outcomeOf = (status: number): DeliveryView['outcome'] => {
  if (status >= 200 && status < 300) return 'delivered';
  return status === GONE ? 'gone' : 'failing';
};

/** The secrets that sign: the present one, and the one before it while its time has not run out. */
const refsOf = ({ secretRef, previousSecret }: WebhookFields, nowMs: number): readonly SecretRef[] =>
  previousSecret !== null && nowMs < previousSecret.until ? [secretRef, previousSecret.secretRef] : [secretRef];

export const makeDeliver = ({ clock, secrets, send, timeoutMs }: DeliverParts): Deliver => {
  /** The first must be there; one from before the last rotation only helps. */
  const secretsOf = async (webhook: WebhookFields): Promise<E.Either<string, readonly Secret[]>> => {
    const found: Secret[] = [];
    for (const ref of refsOf(webhook, clock.nowMs())) {
      const secret = await secrets.get(ref)();
      if (E.isRight(secret) && secret.right !== undefined) found.push(secret.right);
      else if (ref === webhook.secretRef) return E.left(E.isLeft(secret) ? secret.left.message : 'the secret store does not have the secret that signs');
    }
    return E.right(found);
  };

  return async (webhook, message, signal) => {
    const at = clock.nowMs();
    const failed = (why: string, status: number | null = null, retryAfterMs = 0): Attempted => ({
      outcome: 'failing',
      status,
      message: why,
      retryAfterMs,
      at,
      durationMs: clock.nowMs() - at,
    });
    const signing = await secretsOf(webhook);
    if (E.isLeft(signing)) return failed(signing.left);
    const answer = await send({ url: webhook.url, headers: signedHeaders(message, signing.right, at), body: message.body, timeoutMs, signal });
    if (E.isLeft(answer)) return failed(answer.left);
    const { status, retryAfterMs } = answer.right;
    const outcome = outcomeOf(status);
    if (outcome === 'failing') return failed(`the receiver answered ${status}`, status, retryAfterMs);
    return { outcome, status, message: null, retryAfterMs, at, durationMs: clock.nowMs() - at };
  };
};
