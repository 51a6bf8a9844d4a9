/** What an operator should know: a store that takes no events, work that no process does, backends that are absent, logs that are behind their backends. */
import type { ResourceQueries } from '../../queries/resources.ts';
import type { States } from '../../queries/states.ts';
import type { WebhookQueries } from '../../queries/webhooks.ts';
import type { Warning } from '../controlPlane.ts';
import type { Marks } from '../drivers/marks.ts';
import type { Leases } from '../leases/leases.ts';
import type { Engine } from '../parts.ts';
import { SHARDS } from '../leases/shards.ts';
import { pathWarnings } from './pathWarnings.ts';
import type { Rounds } from '../audit/rounds.ts';
import type { StoreHealth } from './storeHealth.ts';

export interface WarningParts {
  readonly engine: Pick<Engine, 'backends' | 'clock' | 'limits'>;
  readonly states: States;
  readonly resources: Pick<ResourceQueries, 'indexes' | 'lookup'>;
  readonly marks: Marks;
  readonly webhooks: WebhookQueries;
  readonly storeTrouble: StoreHealth['trouble'];
  readonly rounds: Pick<Rounds, 'lastAudit' | 'missingSince'>;
  readonly leases: Pick<Leases, 'view'>;
}

/** So many are named; the rest is counted. */
const NAMED = 3;

/** `the volumes "a", "b" and 2 more`. */
const namesOf = (what: string, names: readonly string[]): readonly string[] => {
  if (names.length === 0) return [];
  const rest = names.length - NAMED;
  return [`${what}${names.length === 1 ? '' : 's'} ${names.slice(0, NAMED).map((name) => `"${name}"`).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`];
};

/** Looks afresh each time it is asked. */
export const makeWarnings = ({ engine, states, resources, marks, webhooks, storeTrouble, rounds, leases }: WarningParts): (() => readonly Warning[]) => {
  const startedAt = engine.clock.nowMs();
  const nameOf = (poolId: string): string => states.poolState(poolId)?.pool?.name ?? poolId;
  const absent = (): readonly Warning[] =>
    [...resources.indexes.pool.ids()].flatMap((id): readonly Warning[] => {
      const pool = states.poolState(id)?.pool;
      if (pool === undefined || pool === null || engine.backends.has(pool.placement.backend)) return [];
      const message = `pool "${pool.name}" is on backend "${pool.placement.backend}", which this process does not have: its work is kept and not run`;
      return [{ code: 'BackendAbsent', message, poolId: id, since: startedAt }];
    });
  const unreachable = (): readonly Warning[] =>
    [...marks.unreachable()].map(([poolId, { message, since }]) => ({ code: 'BackendUnreachable', message: `pool "${nameOf(poolId)}" does not answer: ${message}`, poolId, since }));
  const behind = (): readonly Warning[] =>
    [...marks.behind()].map(([poolId, { mark, since }]) => ({
      code: 'LogBehindBackend',
      message: `the log is behind pool "${nameOf(poolId)}", which knows position ${mark}: it was restored from an old backup. Destructive work waits until acceptRestoredLog is called`,
      poolId,
      since,
    }));
  /** What the latest audit did not find, as far as it is still meant to be there. */
  const missing = (): readonly Warning[] => {
    const lost = (rounds.lastAudit()?.report.drifts ?? []).filter(({ kind }) => kind === 'missing');
    const volumeOf = (id: string | undefined): string | undefined => {
      const state = states.volumeState(id ?? '');
      return state?.lifecycle === 'active' || state?.lifecycle === 'trashed' ? state.volume?.name : undefined;
    };
    const snapshotOf = (volumeId: string | undefined, id: string): string | undefined => states.volumeState(volumeId ?? '')?.volume?.slots.find(({ snapshotId }) => snapshotId === id)?.name;
    return [...new Set(lost.flatMap(({ poolId }) => poolId ?? []))].flatMap((poolId): readonly Warning[] => {
      const own = lost.filter((drift) => drift.poolId === poolId);
      const volumes = own.flatMap(({ volumeId, snapshotId }) => (snapshotId === undefined ? (volumeOf(volumeId) ?? []) : []));
      const snapshots = own.flatMap(({ volumeId, snapshotId }) => (snapshotId === undefined ? [] : (snapshotOf(volumeId, snapshotId) ?? [])));
      const names = [...namesOf('volume', volumes), ...namesOf('snapshot', snapshots)].join(' and ');
      const message = `pool "${nameOf(poolId)}" does not have ${names}, which the log has: the data may be lost. Nothing was changed; drift tells more`;
      return names === '' ? [] : [{ code: 'DataMissing', message, poolId, since: rounds.missingSince(poolId) ?? startedAt }];
    });
  };
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
  /** What a process that died had is taken after a lease and the margin: what is nobody's for longer nobody takes. */
  const unheld = (): readonly Warning[] => {
    const { leaseMs, leaseMarginMs } = engine.limits;
    const view = leases.view();
    const long = (view?.unheld ?? []).filter(({ since }) => engine.clock.nowMs() - since > leaseMs + leaseMarginMs);
    if (view === null || long.length === 0) return [];
    const message = `nobody works on ${long.length} of ${SHARDS} shards of the streams, though ${view.members.length} processes take part: what they owe waits`;
    return [{ code: 'ShardsUnheld', message, since: Math.min(...long.map(({ since }) => since)) }];
  };
  return (): readonly Warning[] => [...unstored(), ...unheld(), ...absent(), ...unreachable(), ...behind(), ...missing(), ...pathWarnings(resources, startedAt), ...undelivered()];
};
