/**
 * Delivers to one webhook: one event at a time, in the order of the log, each until it arrives. What was delivered is recorded every now
 * and then, so a crash repeats some events and loses none.
 */
import type { DeliveryOutcome, Refusal, WebhookFields } from '@blockledger/domain';
import { DISABLE_AFTER_MS } from '@blockledger/domain';
import type { Either } from 'fp-ts/lib/Either.js';
import { isRight } from 'fp-ts/lib/Either.js';
import type { EventEntry, EventFilter, EventsQuery } from '../../queries/eventViews.ts';
import type { EventFeed } from '../controlPlane.ts';
import { backoffMs } from '../drivers/backoff.ts';
import { EventsEnded } from '../events/ended.ts';
import { deliverableKinds } from '../events/catalog.ts';
import type { Chain, DeliveryEnd } from '../watching/observer.ts';
import { logged, traced, watched } from '../watching/observing.ts';
import type { Engine } from '../parts.ts';
import type { Attempted, Deliver } from './deliver.ts';
import type { Deliveries } from './deliveries.ts';
import { webhookMessage, type Message } from './envelope.ts';
import { LONGEST_PAUSE_MS, PASSED_OVER, RECORD_AFTER_MS, RECORD_EVERY, STOP_GRACE_MS } from './limits.ts';

export interface WorkerParts {
  readonly engine: Pick<Engine, 'clock' | 'ids' | 'limits' | 'logger' | 'observing'>;
  readonly feeds: (query: EventsQuery) => EventFeed;
  readonly deliver: Deliver;
  readonly deliveries: Deliveries;
  /** The webhook as it stands now; undefined once it is removed. */
  readonly fieldsOf: (id: string) => WebhookFields | undefined;
  readonly record: (id: string, round: number, position: number, outcome: DeliveryOutcome) => Promise<Either<Refusal, unknown>>;
}

export interface WebhookWorker {
  /** Looks whether much was passed over since the last record. */
  readonly look: () => void;
  /** Ends the attempt under way, and resolves when everything that was delivered is recorded. */
  readonly stop: () => Promise<void>;
}

const endOfDelivery = ({ outcome, status }: Attempted): DeliveryEnd => ({ outcome, status });

/** Its tenant's events only are seen anyway. */
const eventFilterOf = ({ filter: { kinds, ids, types } }: WebhookFields): EventFilter => ({
  kinds: deliverableKinds.filter((kind) => kinds === null || kinds.includes(kind)),
  ...(ids === null ? {} : { ids }),
  ...(types === null ? {} : { types }),
});

/** How far deliveries got, and how much of that is recorded. */
const makeRecorder = ({ engine: { clock, logger }, record }: WorkerParts, { webhookId, round, position }: WebhookFields, stopped: AbortSignal) => {
  let recorded = position;
  let reached = position;
  let count = 0;
  let isTimed = false;

  const flush = async (): Promise<void> => {
    // Little that was passed over is not worth an event.
    if (reached <= recorded || (count === 0 && reached - recorded < PASSED_OVER)) return;
    const before = { recorded, count };
    recorded = reached;
    count = 0;
    const done = await record(webhookId, round, recorded, { _tag: 'delivered', count: before.count });
    if (isRight(done)) return;
    // Nothing is lost: a later record says it, and after a crash it is delivered again.
    ({ recorded } = before);
    count += before.count;
    logger.warn({ webhookId, refusal: done.left }, 'how far deliveries got could not be recorded');
  };
  const flushLater = async (): Promise<void> => {
    if (isTimed) return;
    isTimed = true;
    await clock.sleep(RECORD_AFTER_MS, stopped);
    isTimed = false;
    if (!stopped.aborted) await flush();
  };
  return {
    flush,
    /** Everything up to there was passed over by the filter. */
    passed: (to: number): void => {
      reached = Math.max(reached, to);
    },
    delivered: async (to: number): Promise<void> => {
      reached = to;
      count += 1;
      if (count >= RECORD_EVERY) await flush();
      else void flushLater();
    },
  };
};

/** Begins behind what is recorded, and goes on until it is stopped or the webhook changes so that it must be. */
export const startWorker = (parts: WorkerParts, webhook: WebhookFields): WebhookWorker => {
  const { engine, feeds, deliver, deliveries, fieldsOf, record } = parts;
  const { clock, ids, limits, logger, observing } = engine;
  const { webhookId, round } = webhook;
  const stopping = new AbortController();
  const { signal } = stopping;
  const recorder = makeRecorder(parts, webhook, signal);
  let feed: EventFeed | undefined;
  let isBusy = false;
  /** Cuts the attempt under way. */
  let cutting = new AbortController();

  const pauseAfter = (attempts: number, askedMs: number): number =>
    Math.max(askedMs, backoffMs({ backoffBaseMs: limits.backoffBaseMs, backoffCapMs: LONGEST_PAUSE_MS }, attempts, ids.random()));

  /** A sender who does not listen to its signal is left behind: his answer is nobody's any more. */
  const attempt = (current: WebhookFields, message: Message): Promise<Attempted> =>
    new Promise((resolve, reject) => {
      cutting = new AbortController();
      const at = clock.nowMs();
      const cut: Attempted = { outcome: 'failing', status: null, message: 'stopped before it was answered', retryAfterMs: 0, at, durationMs: 0 };
      cutting.signal.addEventListener('abort', () => resolve(cut), { once: true });
      deliver(current, message, cutting.signal).then(resolve, reject);
    });

  /** A first failure is on record, and so is the last one; those in between are not. */
  const recordFailure = async (position: number, attempts: number, status: number | null, message: string): Promise<void> => {
    const since = fieldsOf(webhookId)?.failing?.since;
    if (attempts > 1 && since !== undefined && clock.nowMs() - since < DISABLE_AFTER_MS) return;
    await recorder.flush();
    await record(webhookId, round, position, { _tag: 'failing', status, message });
  };

  /** Tries until the event is delivered. False: stopped before that, or the receiver is gone. */
  const deliverEntry = async (entry: EventEntry): Promise<boolean> => {
    const message = webhookMessage(entry);
    const chain: Chain = { correlationId: entry.meta.correlationId, ...traced(entry.meta.traceparent) };
    for (let attempts = 1; !signal.aborted; attempts += 1) {
      const current = fieldsOf(webhookId);
      if (current === undefined) return false;
      const watch = observing.delivery({ webhookId, eventId: entry.id, type: entry.type, position: entry.position, attempt: attempts, ...chain });
      const sent = { ...message, ...traced(watch.traceparent ?? chain.traceparent) };
      const { retryAfterMs, ...attempted } = await watched(watch, () => attempt(current, sent), endOfDelivery);
      if (attempted.outcome === 'delivered' || !signal.aborted) {
        deliveries.note(webhookId, { eventId: entry.id, type: entry.type, position: entry.position, attempts, ...attempted });
      }
      if (attempted.outcome === 'delivered') {
        await recorder.delivered(entry.position);
        if (attempts > 1) await recorder.flush();
        return true;
      }
      if (signal.aborted) return false;
      if (attempted.outcome === 'gone') {
        await recorder.flush();
        await record(webhookId, round, entry.position, { _tag: 'gone' });
        return false;
      }
      logger.warn({ ...logged(chain), webhookId, position: entry.position, attempts, status: attempted.status, message: attempted.message }, 'a delivery did not work');
      await recordFailure(entry.position, attempts, attempted.status, attempted.message ?? '');
      await clock.sleep(pauseAfter(attempts, retryAfterMs), signal);
    }
    return false;
  };

  const follow = async (source: EventFeed): Promise<'stopped' | 'again'> => {
    try {
      for await (const entry of source) {
        isBusy = true;
        if (!(await deliverEntry(entry))) return 'stopped';
        isBusy = false;
      }
      // Nothing that was handed over is open, so what was passed over behind it counts, too.
      recorder.passed(source.position());
      return 'stopped';
    } catch (thrown) {
      if (!(thrown instanceof EventsEnded)) throw thrown;
      logger.warn({ webhookId, refusal: thrown.refusal }, 'the log could not be read for a webhook');
      return 'again';
    }
  };

  const run = async (): Promise<void> => {
    for (let tries = 1; !signal.aborted; tries += 1) {
      feed = feeds({ from: Math.max(webhook.position, feed?.position() ?? webhook.position), filter: eventFilterOf(webhook), signal });
      if ((await follow(feed)) === 'stopped') break;
      await clock.sleep(pauseAfter(tries, 0), signal);
    }
    await recorder.flush();
  };
  const running = run().catch((thrown: unknown) => logger.error({ webhookId, error: thrown }, 'a webhook’s deliveries failed: this is a bug'));

  return {
    look: () => {
      if (isBusy || feed === undefined) return;
      recorder.passed(feed.position());
      void recorder.flush();
    },
    stop: async () => {
      stopping.abort();
      const timer = setTimeout(() => cutting.abort(), STOP_GRACE_MS);
      await running;
      clearTimeout(timer);
    },
  };
};
