/** What an operator should know: a store that takes no events, backends that are absent, logs that are behind their backends. */
import type { ResourceQueries } from '../../queries/resources.ts';
import type { States } from '../../queries/states.ts';
import type { WebhookQueries } from '../../queries/webhooks.ts';
import type { Warning } from '../controlPlane.ts';
import type { Marks } from '../drivers/marks.ts';
import type { Engine } from '../parts.ts';
import { pathWarnings } from './pathWarnings.ts';
import type { StoreHealth } from './storeHealth.ts';

export interface WarningParts {
  readonly engine: Pick<Engine, 'backends' | 'clock'>;
  readonly states: States;
  readonly resources: Pick<ResourceQueries, 'indexes' | 'lookup'>;
  readonly marks: Marks;
  readonly webhooks: WebhookQueries;
  readonly storeTrouble: StoreHealth['trouble'];
}

/** Looks afresh each time it is asked. */
export const makeWarnings = ({ engine, states, resources, marks, webhooks, storeTrouble }: WarningParts): (() => readonly Warning[]) => {
  const startedAt = engine.clock.nowMs();
  const absent = (): readonly Warning[] =>
    [...resources.indexes.pool.ids()].flatMap((id): readonly Warning[] => {
      const pool = states.poolState(id)?.pool;
      if (pool === undefined || pool === null || engine.backends.has(pool.placement.backend)) return [];
      const message = `pool "${pool.name}" is on backend "${pool.placement.backend}", which this process does not have: its work is kept and not run`;
      return [{ code: 'BackendAbsent', message, poolId: id, since: startedAt }];
    });
  const unreachable = (): readonly Warning[] =>
    [...marks.unreachable()].map(([poolId, { message, since }]) => ({ code: 'BackendUnreachable', message: `pool ${poolId} does not answer: ${message}`, poolId, since }));
  const behind = (): readonly Warning[] =>
    [...marks.behind()].map(([poolId, { mark, since }]) => ({
      code: 'LogBehindBackend',
      message: `the log is behind pool ${poolId}, which knows position ${mark}: it was restored from an old backup. Destructive work waits until acceptRestoredLog is called`,
      poolId,
      since,
    }));
  const undelivered = (): readonly Warning[] =>
    webhooks.all().flatMap(({ webhookId, name, disabled, failing }): readonly Warning[] => {
      if (disabled !== null) {
        return disabled.because === 'asked' ? [] : [{ code: 'WebhookDisabled', message: `webhook "${name}" (${webhookId}) is disabled: ${disabled.message}`, since: disabled.at }];
      }
      return failing === null ? [] : [{ code: 'WebhookFailing', message: `webhook "${name}" (${webhookId}) cannot be reached: ${failing.message}`, since: failing.since }];
    });
  const unstored = (): readonly Warning[] => {
    const trouble = storeTrouble();
    return trouble === undefined ? [] : [{ code: 'StoreTrouble', message: `the event store takes no events: ${trouble.message}`, since: trouble.since }];
  };
  return (): readonly Warning[] => [...unstored(), ...absent(), ...unreachable(), ...behind(), ...pathWarnings(resources, startedAt), ...undelivered()];
};
