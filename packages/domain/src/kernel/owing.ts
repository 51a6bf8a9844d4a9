/** Building blocks for `owed`: work that is stuck waits for somebody, everything else is owed in its present round. */
import type { BackendAction } from '../ports/blockBackend.ts';
import type { OperationId, PoolId } from './ids.ts';
import type { TimestampMs } from './quantities.ts';
import { isStuck, workIdOf, type Troubles } from './troubles.ts';
import type { Perform, Tell, Work } from './work.ts';

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
export const perform = (troubles: Troubles, step: WorkStep, poolId: PoolId, action: BackendAction): Perform => ({
  kind: 'perform',
  ...common(troubles, step),
  poolId,
  action,
});

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
