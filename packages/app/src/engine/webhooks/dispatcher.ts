/** Keeps one worker for each webhook that is enabled, and has secrets removed that nothing refers to any more. */
import type { CommandId, CommandMeta, DeliveryOutcome, Refusal, TimestampMs, WebhookEvent } from '@blockledger/domain';
import type { Either } from 'fp-ts/lib/Either.js';
import type { EventsQuery } from '../../queries/eventViews.ts';
import type { States } from '../../queries/states.ts';
import type { WebhookQueries } from '../../queries/webhooks.ts';
import type { CommandHandler } from '../commands/commandHandler.ts';
import type { EventFeed } from '../controlPlane.ts';
import type { Leases, ShardWorker } from '../leases/leases.ts';
import type { Engine } from '../parts.ts';
import { makeStreamQueue } from '../commands/streamQueue.ts';
import type { Deliver } from './deliver.ts';
import type { Deliveries } from './deliveries.ts';
import type { KeptSecrets } from '../secrets/kept.ts';
import { startWorker, type WebhookWorker } from './worker.ts';

export interface DispatcherParts {
  readonly engine: Pick<Engine, 'clock' | 'ids' | 'limits' | 'logger' | 'observing' | 'exclusive'>;
  readonly states: Pick<States, 'onChange' | 'head'>;
  readonly webhooks: WebhookQueries;
  readonly handler: Pick<CommandHandler, 'execute'>;
  /** Loops over what a tenant may see; null: over everything. */
  readonly feedsOf: (tenant: string | null) => (query: EventsQuery) => EventFeed;
  readonly deliver: Deliver;
  readonly deliveries: Deliveries;
  readonly secrets: Pick<KeptSecrets, 'sweep' | 'sweepAll'>;
  readonly leases: Pick<Leases, 'holds'>;
}

export interface Dispatcher extends ShardWorker {
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

const webhookStream = (id: string): string => `webhook-${id}`;

/** So many positions go by before workers look whether they passed over much. */
const LOOK_EVERY = 1_000;

export const makeDispatcher = (parts: DispatcherParts): Dispatcher => {
  const { engine, states, webhooks, handler, deliveries, secrets, leases } = parts;
  const { clock, ids, logger } = engine;
  const workers = new Map<string, WebhookWorker>();
  const queue = makeStreamQueue();
  let isOn = false;
  let lookedAt = 0;

  const record = (id: string, round: number, position: number, outcome: DeliveryOutcome): Promise<Either<Refusal, unknown>> => {
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
      if (!isOn || webhook === undefined || webhook.disabled !== null || !leases.holds(webhookStream(id))) return;
      workers.set(id, startWorker({ ...parts, feeds: parts.feedsOf(webhook.filter.tenant), record, fieldsOf: webhooks.fieldsOf }, webhook));
    });

  const renewAll = (covers: (stream: string) => boolean): Promise<unknown> =>
    Promise.all(webhooks.all().flatMap(({ webhookId }) => (covers(webhookStream(webhookId)) ? [renew(webhookId)] : [])));

  const look = (): void => {
    for (const worker of workers.values()) worker.look();
  };

  webhooks.onChange((id, types) => {
    if (!isOn) return;
    if (types.includes('WebhookDisabled')) logger.warn({ webhookId: id, disabled: webhooks.fieldsOf(id)?.disabled }, 'a webhook is disabled');
    if (types.some((type) => RESTARTS.has(type))) void renew(id);
    if (types.some((type) => LEAVES_SECRETS.has(type))) void secrets.sweep(id);
  });
  states.onChange(() => {
    if (!isOn || workers.size === 0 || states.head() - lookedAt < LOOK_EVERY) return;
    lookedAt = states.head();
    // A reader that was just handed an event has not begun with it yet: it has in the next turn.
    setImmediate(look);
  });

  return {
    taken: (covers) => void renewAll(covers),
    release: async (covers) => void (await renewAll(covers)),
    start: () => {
      isOn = true;
      lookedAt = states.head();
      for (const { webhookId } of webhooks.all()) void renew(webhookId);
      // Where others write to the log, a secret may be of a webhook that is not seen here yet.
      if (engine.exclusive) void secrets.sweepAll();
    },
    stop: async () => {
      isOn = false;
      await Promise.all([...workers.keys()].map(renew));
    },
  };
};
