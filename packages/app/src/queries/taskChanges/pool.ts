/** Tasks of pools, by their events. A pool that is given back is gone when nothing of it is held any more, which no event tells. */
import type { PoolEvent } from '@blockledger/domain';
import { begun, refused, succeeded, type TaskChange } from './change.ts';

export const poolTasks = (event: PoolEvent): TaskChange | undefined => {
  switch (event.type) {
    case 'PoolRequested':
      return begun('CreatePool');
    case 'PoolRegistered':
      return succeeded('CreatePool');
    case 'PoolRefused':
      return refused(event, 'CreatePool');
    case 'PoolRetired':
      return begun('DeletePool');
    default:
      return undefined;
  }
};
