/** Keeps one worker for each webhook that is enabled, and forgets secrets that nothing refers to any more. */
import type { CommandId, CommandMeta, DeliveryOutcome, Refusal, SecretRef, TimestampMs, WebhookEvent, WebhookFields } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { EventsQuery } from '../../queries/eventViews.ts';
import type { States } from '../../queries/states.ts';
import type { WebhookQueries } from '../../queries/webhooks.ts';
import type { CommandHandler } from '../commands/commandHandler.ts';
import type { EventFeed } from '../controlPlane.ts';
import type { Engine } from '../parts.ts';
import { makeStreamQueue } from '../commands/streamQueue.ts';
import type { Deliver } from './deliver.ts';
import type { Deliveries } from './deliveries.ts';
import { startWorker, type WebhookWorker } from './worker.ts';

export interface DispatcherParts {
  readonly engine: Pick<Engine, 'clock' | 'ids' | 'limits' | 'logger' | 'observing' | 'secrets' | 'exclusive'>;
  readonly states: Pick<States, 'onChange' | 'head'>;
  readonly webhooks: WebhookQueries;
  readonly handler: Pick<CommandHandler, 'execute'>;
  /** Loops over what a tenant may see; null: over everything. */
  readonly feedsOf: (tenant: string | null) => (query: EventsQuery) => EventFeed;
  readonly deliver: Deliver;
  readonly deliveries: Deliveries;
}

export interface Dispatcher {
  readonly start: () => void;
  /** Resolves when nothing is sent any more and everything delivered is recorded. */
  readonly stop: () => Promise<void>;
}

/** After these the worker begins anew, with the webhook as it is then. */
const RESTARTS: ReadonlySet<string> = new Set<WebhookEvent['type']>([
  'WebhookRegistered',
  'WebhookUpdated',
  'WebhookMoved',
  'WebhookEnabled',
  'WebhookDisabled',
  'WebhookRemoved',
]);
const LEAVES_SECRETS: ReadonlySet<string> = new Set<WebhookEvent['type']>(['WebhookSecretRotated', 'WebhookRemoved']);

/** So many positions go by before workers look whether they passed over much. */
const LOOK_EVERY = 1_000;

const refsOf = ({ secretRef, previousSecret }: WebhookFields): readonly SecretRef[] => (previousSecret === null ? [secretRef] : [secretRef, previousSecret.secretRef]);

/** Removes the secrets of webhooks that no webhook refers to; `ownedBy` looks at those of one only. */
const makeSweep =
  ({ engine: { secrets, logger }, webhooks }: DispatcherParts) =>
  async (ownedBy?: string): Promise<void> => {
    const kept = await secrets.refs('webhook')();
    if (E.isLeft(kept)) return logger.warn({ error: kept.left }, 'the secrets of webhooks cannot be listed');
    // What is listed was put before now, so a webhook that is being registered is not robbed of a secret it does not name yet.
    const used = new Set(webhooks.all().flatMap(refsOf));
    const left = kept.right.filter((ref) => !used.has(ref) && (ownedBy === undefined || ref.startsWith(`webhook/${ownedBy}/`)));
    for (const ref of left) {
      const removed = await secrets.remove(ref)();
      if (E.isLeft(removed)) logger.warn({ error: removed.left }, 'a secret that nothing refers to could not be removed');
    }
  };

export const makeDispatcher = (parts: DispatcherParts): Dispatcher => {
  const { engine, states, webhooks, handler, deliveries } = parts;
  const { clock, ids, logger } = engine;
  const workers = new Map<string, WebhookWorker>();
  const queue = makeStreamQueue();
  const sweep = makeSweep(parts);
  let isOn = false;
  let lookedAt = 0;

  const record = (id: string, round: number, position: number, outcome: DeliveryOutcome): Promise<E.Either<Refusal, unknown>> => {
    const commandId = ids.fresh() as CommandId;
    const tenant = webhooks.fieldsOf(id)?.tenant ?? 'default';
    const meta: CommandMeta = { commandId, issuedAt: clock.nowMs() as TimestampMs, issuedBy: 'engine', tenant, correlationId: commandId };
    return handler.execute('webhook', { type: 'RecordDelivery', webhookId: id, round, position, outcome }, meta);
  };

  /** Ends the worker, and begins another one where there is something to deliver. */
  const renew = (id: string): Promise<void> =>
    queue.run(id, async () => {
      await workers.get(id)?.stop();
      workers.delete(id);
      const webhook = webhooks.fieldsOf(id);
      if (webhook === undefined) deliveries.forget(id);
      if (!isOn || webhook === undefined || webhook.disabled !== null) return;
      workers.set(id, startWorker({ ...parts, feeds: parts.feedsOf(webhook.filter.tenant), record, fieldsOf: webhooks.fieldsOf }, webhook));
    });

  const look = (): void => {
    for (const worker of workers.values()) worker.look();
  };

  webhooks.onChange((id, types) => {
    if (!isOn) return;
    if (types.includes('WebhookDisabled')) logger.warn({ webhookId: id, disabled: webhooks.fieldsOf(id)?.disabled }, 'a webhook is disabled');
    if (types.some((type) => RESTARTS.has(type))) void renew(id);
    if (types.some((type) => LEAVES_SECRETS.has(type))) void sweep(id);
  });
  states.onChange(() => {
    if (!isOn || workers.size === 0 || states.head() - lookedAt < LOOK_EVERY) return;
    lookedAt = states.head();
    // A reader that was just handed an event has not begun with it yet: it has in the next turn.
    setImmediate(look);
  });

  return {
    start: () => {
      isOn = true;
      lookedAt = states.head();
      for (const { webhookId } of webhooks.all()) void renew(webhookId);
      // Where others write to the log, a secret may be of a webhook that is not seen here yet.
      if (engine.exclusive) void sweep();
    },
    stop: async () => {
      isOn = false;
      await Promise.all([...workers.keys()].map(renew));
    },
  };
};
