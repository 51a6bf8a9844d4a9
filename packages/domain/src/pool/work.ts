/** What a pool owes: its name and number when it is registered, giving the name back when it goes. */
import { tell } from '../kernel/owing.ts';
import { noTroubles } from '../kernel/troubles.ts';
import type { Work } from '../kernel/work.ts';
import type { DomainCommand } from '../messages.ts';
import type { ReservationKey } from '../reservation/messages.ts';
import type { PoolState } from './state.ts';

/**
 * What a pool owes: reserving its name and number, or giving the name back.
 *
 * @example
 * import { noPool, owedByPool } from '@blockledger/domain';
 * owedByPool(noPool); // => []
 */
export const owedByPool = (state: PoolState): readonly Work<DomainCommand>[] => {
  const { pool, operationId, lifecycle } = state;
  if (pool === null || operationId === null) return [];
  const key: ReservationKey = { kind: 'name', of: 'pool', poolId: null, name: pool.name };
  const holder = pool.poolId;
  if (lifecycle === 'registering')
    return [
      tell<DomainCommand>(noTroubles, { operationId, step: 'reserve' }, [
        { to: 'reservation', command: { type: 'Reserve', key, holder, amount: 1, bounded: true } },
        { to: 'reservation', command: { type: 'Reserve', key: { kind: 'number', of: 'pool' }, holder, amount: 1, bounded: true } },
      ]),
    ];
  return state.releasing ? [tell<DomainCommand>(noTroubles, { operationId, step: 'release' }, [{ to: 'reservation', command: { type: 'Release', key, holder } }])] : [];
};
