/** Retrying, abandoning and cancelling: no state without an exit (I-2). */
import { failuresOf } from '../../kernel/troubles.ts';
import type { Of } from '../../kernel/tagged.ts';
import { refuseVolume, type VolumeRefusal } from '../errors.ts';
import type { VolumeCommand } from '../messages.ts';
import type { VolumeState } from '../state.ts';
import { accept, unless, type Decision } from './common.ts';
import type { Case } from './common.ts';

/** Tries every failed step of the operation again, in a new round. */
export const retry = ({ operationId }: Of<VolumeCommand, 'RetryOperation'>, { state, meta }: Case): Decision => {
  const failed = failuresOf(state.troubles).filter(([, trouble]) => trouble.operationId === operationId);
  if (failed.length === 0) return unless(refuseVolume('NothingToRetry', `operation ${operationId} has no failed step`, { operationId }), accept);
  return accept(...failed.map(([work]) => ({ type: 'WorkRetried', operationId, work, at: meta.issuedAt }) as const));
};

const stuck = (state: VolumeState, operationId: string): boolean => failuresOf(state.troubles).some(([, trouble]) => trouble.operationId === operationId);

const notAbandonable = (state: VolumeState, operationId: string): VolumeRefusal | undefined => {
  const { operation, update } = state;
  const runs = operation?.operationId === operationId || update?.operationId === operationId;
  if (!runs || !stuck(state, operationId)) {
    const waiting = operation?.operationId === operationId && operation.kind === 'rollBack' && operation.stage !== 'rolling';
    return waiting ? undefined : refuseVolume('NothingToAbandon', `operation ${operationId} has not failed`, { operationId });
  }
  if (operation?.operationId !== operationId) return undefined;
  if (operation.kind === 'rollBack' && operation.stage === 'rolling') return refuseVolume('RollbackMustEnd', 'a started rollback must end', { operationId });
  // Of the two places only one may be taken for the volume, and the backend has not said which.
  if (operation.kind === 'migrate' && (operation.stage === 'committing' || operation.stage === 'aborting'))
    return refuseVolume('MigrationMustEnd', 'a migration must end where it is going', { operationId });
  // There is nothing to go back to: a volume that was never whole, or one that may be in the trash or not.
  const nowhere = state.lifecycle === 'creating' ? operation.kind === 'delete' || operation.kind === 'disown' : state.lifecycle === 'active' && operation.kind === 'undelete';
  if (nowhere || (operation.kind === 'delete' && operation.stage === 'removing'))
    return refuseVolume('DeletionMustEnd', operation.kind === 'delete' ? 'a started removal must end' : 'what was begun by giving up must end', { operationId });
  return undefined;
};

export const abandon = ({ operationId }: Of<VolumeCommand, 'AbandonOperation'>, { state, meta }: Case): Decision =>
  unless(notAbandonable(state, operationId), () => accept({ type: 'OperationAbandoned', operationId, at: meta.issuedAt }));

/** S0-139: what is being made is removed again; a flatten stops and the parent stays; a migration goes back until it is copied; a rollback only before it started. */
export const cancel = ({ operationId }: Of<VolumeCommand, 'CancelOperation'>, { state, meta }: Case): Decision => {
  const { operation } = state;
  const cannot = (why: string): Decision => unless(refuseVolume('CannotBeCancelled', why, { operationId }), accept);
  if (operation?.operationId !== operationId) return cannot(`operation ${operationId} is not running`);
  const at = meta.issuedAt;
  if (operation.kind === 'create' && operation.stage !== 'reserving') return accept({ type: 'OperationAbandoned', operationId, at });
  if (operation.kind === 'flatten' && operation.stage === 'flattening') return accept({ type: 'VolumeFlattenCancelRequested', operationId, at });
  if (operation.kind === 'flatten' && operation.stage === 'looking') return accept();
  if (operation.kind === 'migrate' && operation.stage === 'copying') return accept({ type: 'VolumeMigrationCancelRequested', operationId, at });
  if (operation.kind === 'migrate' && operation.stage === 'aborting') return accept();
  if (operation.kind === 'rollBack' && operation.stage !== 'rolling') return accept({ type: 'OperationAbandoned', operationId, at });
  return cannot(`a ${operation.kind} in this stage cannot be cancelled`);
};
