/** Building blocks for `owed`: work that is stuck waits for somebody, everything else is owed in its present round. */
import type { BackendAction } from '../ports/blockBackend.ts';
import type { TargetAction } from '../ports/targetBackend.ts';
import type { VipAction } from '../ports/vipBackend.ts';
import type { OperationId, PoolId } from './ids.ts';
import type { TimestampMs } from './quantities.ts';
import { isStuck, workIdOf, type Troubles } from './troubles.ts';
import type { BlockPerform, Perform, Tell, TargetPerform, VipPerform, Work } from './work.ts';

/**
 * A work's name without its round: `operationId/step`.
 *
 * @example
 * import { workName } from '@blockledger/domain';
 * workName('op', 'make'); // => 'op/make'
 */
export const workName = (operationId: string, step: string): string => `${operationId}/${step}`;

/**
 * A work's name from its id.
 *
 * @example
 * import { nameOfWork } from '@blockledger/domain';
 * nameOfWork('op/make#2'); // => 'op/make'
 */
export const nameOfWork = (workId: string): string => workId.replace(/#\d+$/, '');

/** Which work it is: the operation it belongs to, its step, and the moment before which it is not begun. */
export interface WorkStep {
  readonly operationId: OperationId;
  readonly step: string;
  readonly notBefore?: TimestampMs | undefined;
}

const common = (troubles: Troubles, { operationId, step, notBefore }: WorkStep) => ({
  workId: workIdOf(troubles, workName(operationId, step)),
  operationId,
  step,
  ...(notBefore === undefined ? {} : { notBefore }),
});

/**
 * Owed work that tells other aggregates, one command after the other: the first refusal ends the telling.
 *
 * @example
 * import { noTroubles, tell, type OperationId } from '@blockledger/domain';
 * tell(noTroubles, { operationId: '0b9d7a3e-0000-4000-8000-000000000002' as OperationId, step: 'reserve' }, []).workId.endsWith('/reserve'); // => true
 */
export const tell = <C>(troubles: Troubles, step: WorkStep, commands: readonly C[]): Tell<C> => ({ kind: 'tell', together: false, ...common(troubles, step), commands });

/**
 * Commands that do not wait for each other: what one refuses, the owner takes back from all.
 *
 * @example
 * import { noTroubles, tellTogether, type OperationId } from '@blockledger/domain';
 * tellTogether(noTroubles, { operationId: '0b9d7a3e-0000-4000-8000-000000000002' as OperationId, step: 'reserve' }, []).together; // => true
 */
export const tellTogether = <C>(troubles: Troubles, step: WorkStep, commands: readonly C[]): Tell<C> => ({ ...tell(troubles, step, commands), together: true });

/**
 * Owed work that calls the backend of a pool once.
 *
 * @example
 * import { noTroubles, perform, type BackendAction, type OperationId, type PoolId } from '@blockledger/domain';
 * const look = { do: 'observe', volume: { placement: { backend: 'ceph', pool: 'vols' }, volumeId: 'v', serial: 's' } } as unknown as BackendAction;
 * perform(noTroubles, { operationId: '0b9d7a3e-0000-4000-8000-000000000002' as OperationId, step: 'look' }, '0b9d7a3e-0000-4000-8000-000000000001' as PoolId, look).action.do; // => 'observe'
 */
export const perform = (troubles: Troubles, step: WorkStep, poolId: PoolId, action: BackendAction): BlockPerform => ({
  kind: 'perform',
  on: 'block',
  ...common(troubles, step),
  poolId,
  action,
});

/**
 * Owed work that calls a target backend once.
 *
 * @example
 * import { noTroubles, performOnTarget, placeOf, type OperationId, type TargetAction } from '@blockledger/domain';
 * const look = { do: 'observeTarget', target: { place: { backend: 'xdc', host: 'gw1' } } } as unknown as TargetAction;
 * placeOf(performOnTarget(noTroubles, { operationId: '0b9d7a3e-0000-4000-8000-000000000002' as OperationId, step: 'look' }, look)); // => { backend: 'xdc', host: 'gw1' }
 */
export const performOnTarget = (troubles: Troubles, step: WorkStep, action: TargetAction): TargetPerform => ({ kind: 'perform', on: 'target', ...common(troubles, step), action });

/**
 * Owed work that calls a backend of virtual IPs once.
 *
 * @example
 * import { noTroubles, performOnVip, placeOf, type OperationId, type VipAction } from '@blockledger/domain';
 * const admit = { do: 'admitHost', place: { backend: 'keepalived', host: 'gw1' }, token: '0b9d7a3e-0000-4000-8000-000000000001' } as VipAction;
 * placeOf(performOnVip(noTroubles, { operationId: '0b9d7a3e-0000-4000-8000-000000000002' as OperationId, step: 'admit' }, admit)); // => { backend: 'keepalived', host: 'gw1' }
 */
export const performOnVip = (troubles: Troubles, step: WorkStep, action: VipAction): VipPerform => ({ kind: 'perform', on: 'vip', ...common(troubles, step), action });

/**
 * The backend that a call goes to, by its registered name, and the host there; null for a block backend, which has none.
 *
 * @example
 * import { placeOf } from '@blockledger/domain';
 * placeOf({ on: 'block', action: { volume: { placement: { backend: 'ceph', pool: 'vols' } } } } as never); // => { backend: 'ceph', host: null }
 */
export const placeOf = (work: Perform): { readonly backend: string; readonly host: string | null } => {
  switch (work.on) {
    case 'block':
      return { backend: work.action.volume.placement.backend, host: null };
    case 'target': {
      const { backend, host } = work.action.target.place;
      return { backend, host };
    }
    case 'vip': {
      const { backend, host } = work.action.place;
      return { backend, host };
    }
  }
};

/**
 * Leaves out what failed for good.
 *
 * @example
 * import { noTroubles, tell, unstuck, type OperationId } from '@blockledger/domain';
 * const work = tell(noTroubles, { operationId: '0b9d7a3e-0000-4000-8000-000000000002' as OperationId, step: 'reserve' }, []);
 * unstuck(noTroubles, [work]).length; // => 1
 */
export const unstuck = <C>(troubles: Troubles, works: readonly Work<C>[]): readonly Work<C>[] =>
  works.filter((work) => !isStuck(troubles, workName(work.operationId, work.step)));
