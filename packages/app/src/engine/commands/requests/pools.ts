/** Requests about pools, as commands. Pools are everybody's: whoever asks, their commands carry the asker's tenant. */
import { DEFAULT_OVER_SUBSCRIPTION } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { ResourceRef } from '../../../queries/views.ts';
import { onEverybodys, type Addressing, type RequestContext, type Resolved } from './addressing.ts';

const onPool = (context: RequestContext, pool: ResourceRef, command: object): Resolved => onEverybodys(context, ['pool', pool], command);

export const poolRequests: Addressing<'registerPool' | 'updatePool' | 'reportPoolHealth' | 'pausePool' | 'resumePool' | 'retirePool'> = {
  registerPool: ({ input }, { ids, commandId }) => {
    const poolId = ids.derive(commandId, 'pool');
    const { poolType = 'replicated', overSubscriptionRatio = DEFAULT_OVER_SUBSCRIPTION, name, placement } = input;
    return E.right({ to: 'pool', command: { type: 'RegisterPool', poolId, name, placement, poolType, overSubscriptionRatio }, resource: { kind: 'pool', id: poolId } });
  },
  updatePool: ({ pool, input }, context) => onPool(context, pool, { ...input, type: 'UpdatePool' }),
  reportPoolHealth: ({ pool, input }, context) => onPool(context, pool, { ...input, type: 'ReportPoolHealth' }),
  pausePool: ({ pool, input }, context) => onPool(context, pool, { ...input, type: 'PausePool' }),
  resumePool: ({ pool }, context) => onPool(context, pool, { type: 'ResumePool' }),
  retirePool: ({ pool }, context) => onPool(context, pool, { type: 'RetirePool' }),
};
