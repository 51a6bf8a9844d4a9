/** Everything a pool can be told and everything that can have happened to it. */
import * as t from 'io-ts';
import { orNull } from '../kernel/nullable.ts';
import { OperationId, PoolId } from '../kernel/ids.ts';
import { Count, TimestampMs } from '../kernel/quantities.ts';
import { settlementCommands, StoredRefusal } from '../kernel/settlement.ts';
import { tagged } from '../kernel/tagged.ts';
import { Placement } from '../ports/blockBackend.ts';
import { PoolType } from '../volume/messages.ts';

const id = { poolId: PoolId };

/** What the backend says of a pool. `error` refuses new work on it. */
export const PoolHealth = t.keyof({ online: null, degraded: null, error: null }, 'PoolHealth');
/** A value of the codec `PoolHealth`. */
export type PoolHealth = t.TypeOf<typeof PoolHealth>;

/** Everything that a pool can be told (S0-16, S1-29, I-26). The last four come from drivers only. */
export const PoolCommand = tagged('PoolCommand', {
  RegisterPool: { ...id, name: t.string, placement: Placement, poolType: PoolType, overSubscriptionRatio: t.number },
  /** The ratio of provisioned to total bytes, 1 to 1000. */
  UpdatePool: { ...id, overSubscriptionRatio: t.number },
  ReportPoolHealth: { ...id, health: PoolHealth },
  /** Work is kept, not run. */
  PausePool: { ...id, reason: t.string },
  ResumePool: id,
  /** Takes the pool out of service; refused while it holds anything. */
  RetirePool: id,
  ConfirmWork: { ...id, ...settlementCommands.ConfirmWork },
  RefuseWork: { ...id, ...settlementCommands.RefuseWork },
  FailWork: { ...id, ...settlementCommands.FailWork },
  DelayWork: { ...id, ...settlementCommands.DelayWork },
});
/** A value of the codec `PoolCommand`. */
export type PoolCommand = t.TypeOf<typeof PoolCommand>;

const op = { operationId: OperationId, at: TimestampMs };

const PoolEventTable = {
  PoolRequested: {
    ...op,
    ...id,
    name: t.string,
    tenant: t.string,
    placement: Placement,
    poolType: PoolType,
    overSubscriptionRatio: t.number,
    /** Cluster and pool as the backend names them, null when it could not be asked. */
    identity: orNull(t.readonly(t.strict({ cluster: t.string, pool: t.string }))),
  },
  PoolRegistered: { ...op, number: Count },
  PoolRefused: { ...op, refusal: StoredRefusal },
  PoolUpdated: { overSubscriptionRatio: t.number, at: TimestampMs },
  PoolHealthReported: { health: PoolHealth, at: TimestampMs },
  PoolPaused: { reason: t.string, at: TimestampMs },
  PoolResumed: { at: TimestampMs },
  PoolRetired: op,
  DueSettled: { ...op, due: t.string },
} as const;
/** Everything that can have happened to a pool, as it is stored; docs/events.md lists the fields. */
export const PoolEvent = tagged('PoolEvent', PoolEventTable);
/** A value of the codec `PoolEvent`. */
export type PoolEvent = t.TypeOf<typeof PoolEvent>;

/**
 * The stream of a pool.
 *
 * @example
 * import { poolStream, type PoolId } from '@blockledger/domain';
 * poolStream('0b9d7a3e-0000-4000-8000-000000000001' as PoolId).startsWith('pool-'); // => true
 */
export const poolStream = (poolId: PoolId): string => `pool-${poolId}`;
