/** Pools as readers see them. */
import type { PoolState } from '@blockledger/domain';
import type { PoolSortField } from '../sortViews.ts';
import type { PoolFilter, PoolView } from '../views.ts';
import type { ReadKind } from './kind.ts';
import type { Lookup } from './lookup.ts';

const poolView = (state: PoolState, lookup: Lookup): PoolView | undefined => {
  const { pool, lifecycle } = state;
  if (pool === null || lifecycle === 'absent') return undefined;
  const { poolId, tenant: _tenant, createdAt: _createdAt, ...fields } = pool;
  return {
    ...fields,
    kind: 'pool',
    id: poolId,
    status: lifecycle,
    backendPresent: lookup.hasBackend(pool.placement.backend),
    backendPaused: lookup.backendState(pool.placement.backend)?.paused?.reason ?? null,
    provisionedBytes: lookup.provisionedBytes(poolId),
    volumeCount: lookup.volumeCount(poolId),
  };
};

export const poolKind: ReadKind<PoolState, PoolView, PoolFilter, PoolSortField> = {
  kind: 'pool',
  plural: 'pools',
  isEverybodys: true,
  isFoundByName: true,
  indexed: ({ pool, lifecycle }) =>
    pool === null
      ? undefined
      : {
          number: pool.number,
          name: pool.name,
          description: '',
          gone: lifecycle === 'refused' || lifecycle === 'retired' ? lifecycle : null,
          hidden: false,
          tenant: pool.tenant,
          parentId: null,
        },
  view: poolView,
  statusOf: ({ lifecycle }) => lifecycle,
  statuses: ['registering', 'active'],
  gone: ['retired'],
  codes: ({ pool }) => (pool === null ? [] : [pool.poolId]),
  // Pools are few, and what they are sorted by is counted elsewhere: their views serve.
  readers: (stateAt, lookup) => {
    const viewAt = (number: number): PoolView | undefined => {
      const state = stateAt(number);
      return state === undefined ? undefined : poolView(state, lookup);
    };
    return {
      number: (number) => number,
      name: (number) => viewAt(number)?.name ?? null,
      status: (number) => viewAt(number)?.status ?? null,
      health: (number) => viewAt(number)?.health ?? null,
      provisionedBytes: (number) => viewAt(number)?.provisionedBytes ?? null,
      volumeCount: (number) => viewAt(number)?.volumeCount ?? null,
    };
  },
};
