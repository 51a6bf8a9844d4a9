/** Folds a rollback: room made, backup taken, rolled back. */
import type { Of } from '../../kernel/tagged.ts';
import type { VolumeEvent } from '../messages.ts';
import type { VolumeState } from '../state.ts';
import { reserveCapacity } from '../tells.ts';
import { beginOperation, change, endOperation, owe, refuseOperation } from './common.ts';

type RollbackEvent = Of<VolumeEvent, 'VolumeRollbackRequested' | 'VolumeRollbackRefused' | 'VolumeRollbackStarted' | 'VolumeRolledBack'>;

export const evolveRollback = (state: VolumeState, event: RollbackEvent): VolumeState => {
  const { operationId } = event;
  switch (event.type) {
    case 'VolumeRollbackRequested':
      return beginOperation(state.operation === null ? state : endOperation(state, state.operation.operationId), {
        operationId,
        kind: 'rollBack',
        stage: event.purge === null ? 'backingUp' : 'purging',
        snapshotId: event.snapshotId,
        backupSnapshotId: event.backupSnapshotId ?? event.snapshotId,
        purge: event.purge,
      });
    case 'VolumeRollbackRefused':
      return refuseOperation(state, event);
    case 'VolumeRollbackStarted':
      return state.operation?.kind === 'rollBack' ? { ...state, operation: { ...state.operation, stage: 'rolling' } } : state;
    case 'VolumeRolledBack':
      return owe(endOperation(change(state, event.at, { sizeBytes: event.sizeBytes }), operationId), operationId, 'note capacity', (volume) => [
        reserveCapacity(volume, volume.sizeBytes, false),
      ]);
  }
};
