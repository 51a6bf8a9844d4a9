/** Folds what happened to a pool. Total: whatever the order of events, it never fails. */
import { REFUSALS_KEPT } from './limits.ts';
import type { PoolEvent } from './messages.ts';
import { noPool, type PoolFields, type PoolState } from './state.ts';

const change = (state: PoolState, fields: Partial<PoolFields>): PoolState => (state.pool === null ? state : { ...state, pool: { ...state.pool, ...fields } });

/**
 * Folds one event into a pool's state. Total: it never refuses and never fails.
 *
 * @example
 * import { evolvePool, noPool, type OperationId, type TimestampMs } from '@blockledger/domain';
 * evolvePool(noPool, { type: 'PoolRetired', operationId: '0b9d7a3e-0000-4000-8000-000000000002' as OperationId, at: 0 as TimestampMs }).lifecycle; // => 'retired'
 */
export const evolvePool = (state: PoolState, event: PoolEvent): PoolState => {
  switch (event.type) {
    case 'PoolRequested': {
      const { poolId, name, tenant, placement, poolType, overSubscriptionRatio, identity, operationId, at } = event;
      const pool: PoolFields = { poolId, number: null, name, tenant, placement, poolType, overSubscriptionRatio, identity, health: 'online', paused: null, createdAt: at };
      return { ...noPool, lifecycle: 'registering', pool, operationId };
    }
    case 'PoolRegistered':
      return { ...change(state, { number: event.number }), lifecycle: 'active' };
    case 'PoolRefused':
      return {
        ...state,
        lifecycle: 'refused',
        releasing: true,
        refused: [{ operationId: event.operationId, refusal: event.refusal }, ...state.refused].slice(0, REFUSALS_KEPT),
      };
    case 'PoolUpdated':
      return change(state, { overSubscriptionRatio: event.overSubscriptionRatio });
    case 'PoolHealthReported':
      return change(state, { health: event.health });
    case 'PoolPaused':
      return change(state, { paused: event.reason });
    case 'PoolResumed':
      return change(state, { paused: null });
    case 'PoolRetired':
      return { ...state, lifecycle: 'retired', operationId: event.operationId, releasing: true };
    case 'DueSettled':
      return { ...state, releasing: false };
    default:
      return event satisfies never;
  }
};
