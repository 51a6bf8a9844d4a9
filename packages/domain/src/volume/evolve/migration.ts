/** Folds moving to another pool: reserved, copied, committed; or cancelled and taken back. */
import type { Of } from '../../kernel/tagged.ts';
import type { VolumeEvent } from '../messages.ts';
import type { Operation, VolumeState } from '../state.ts';
import { moveSnapshots, releasePlace, releaseSpace, tellSnapshots } from '../tells.ts';
import { beginOperation, change, endOperation, owe, refuseOperation, stepDone } from './common.ts';

type MigrationEvent = Of<
  VolumeEvent,
  | 'VolumeMigrationRequested'
  | 'VolumeMigrationReserved'
  | 'VolumeMigrationRefused'
  | 'VolumeMigrationCopied'
  | 'VolumeMigrated'
  | 'VolumeMigrationCancelRequested'
  | 'VolumeMigrationCancelled'
>;

type Migration = Extract<Operation, { kind: 'migrate' }>;

/** It stays where it is: the snapshots are open again, and the other pool has its name and space back. */
export const migrationUndone = (state: VolumeState, { operationId, to }: Pick<Migration, 'operationId' | 'to'>): VolumeState =>
  owe(state, operationId, 'undo move', (volume) => [...tellSnapshots(volume, 'ReopenSnapshot', operationId), ...releasePlace(volume, to.poolId)]);

/** It is there: the snapshots are told, and open again, and the old pool has its name and space back. */
const moved = (state: VolumeState, { operationId, to }: Migration, { at }: MigrationEvent): VolumeState => {
  const before = state.volume;
  if (before === null) return state;
  const { poolId, placement, poolType } = to;
  const told = owe(change(state, at, { poolId, placement, poolType }), operationId, 'move', (volume) => [
    ...moveSnapshots(volume, operationId),
    ...releasePlace(before, before.poolId),
    releaseSpace(volume),
  ]);
  return endOperation(told, operationId);
};

export const evolveMigration = (state: VolumeState, event: MigrationEvent): VolumeState => {
  const { operationId } = event;
  if (event.type === 'VolumeMigrationRequested') return beginOperation(state, { operationId, kind: 'migrate', stage: 'reserving', to: event.to, relabels: event.relabels });
  const { operation } = state;
  if (operation?.kind !== 'migrate' || operation.operationId !== operationId) return state;
  switch (event.type) {
    case 'VolumeMigrationReserved':
      return { ...stepDone(state, operationId, 'reserve move'), operation: { ...operation, stage: 'copying' } };
    case 'VolumeMigrationRefused':
      return migrationUndone(refuseOperation(state, event), operation);
    case 'VolumeMigrationCopied':
      return { ...stepDone(state, operationId, 'copy'), operation: { ...operation, stage: 'committing' } };
    case 'VolumeMigrationCancelRequested':
      return { ...state, operation: { ...operation, stage: 'aborting' } };
    case 'VolumeMigrated':
      return moved(state, operation, event);
    case 'VolumeMigrationCancelled':
      return migrationUndone(endOperation(state, operationId), operation);
  }
};
