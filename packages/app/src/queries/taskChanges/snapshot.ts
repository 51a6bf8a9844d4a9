/** Tasks of snapshots, by their events. */
import type { SnapshotEvent } from '@blockledger/domain';
import { begun, refused, succeeded, troubleChange, type TaskChange } from './change.ts';

export const snapshotTasks = (event: SnapshotEvent): TaskChange | undefined => {
  switch (event.type) {
    case 'SnapshotCreated':
      return succeeded('CreateBlockSnapshot');
    case 'SnapshotDeletionRequested':
      return begun('DeleteBlockSnapshot');
    case 'SnapshotDeleted':
      return succeeded('DeleteBlockSnapshot', 'CreateBlockSnapshot');
    case 'SnapshotDeletionRefused':
      return refused(event, 'DeleteBlockSnapshot');
    case 'OperationAbandoned':
      return { to: 'abandoned' };
    default:
      return troubleChange(event);
  }
};
