/** Folds the end of a volume: closed, trashed, restored, removed, or let go. */
import type { OperationId } from '../../kernel/ids.ts';
import type { Of } from '../../kernel/tagged.ts';
import type { VolumeEvent } from '../messages.ts';
import type { VolumeState } from '../state.ts';
import { releaseAll, tellSnapshots } from '../tells.ts';
import { beginOperation, change, endOperation, owe, refuseOperation } from './common.ts';

type DeletionEvent = Of<
  VolumeEvent,
  | 'VolumeDeletionRequested'
  | 'VolumeSnapshotsClosed'
  | 'VolumeDeletionRefused'
  | 'VolumeTrashed'
  | 'VolumeTrashRetained'
  | 'VolumeUndeleteRequested'
  | 'VolumeRestored'
  | 'VolumeDeleted'
  | 'VolumeDisownRequested'
  | 'VolumeDisowned'
>;

const gone = (state: VolumeState, operationId: OperationId, lifecycle: 'deleted' | 'disowned'): VolumeState => {
  const told = owe(state, operationId, 'conclude', (volume) => [...tellSnapshots(volume, 'ConcludeSnapshot', operationId), ...releaseAll(volume)]);
  return { ...endOperation(told, operationId), update: null, lifecycle };
};

export const evolveDeletion = (state: VolumeState, event: DeletionEvent): VolumeState => {
  switch (event.type) {
    case 'VolumeDeletionRequested': {
      const { operationId, retainMs } = event;
      return { ...beginOperation(state, { operationId, kind: 'delete', stage: 'closing', retainMs, trashed: state.lifecycle === 'trashed' }), update: null };
    }
    case 'VolumeSnapshotsClosed':
      return state.operation?.kind === 'delete'
        ? { ...state, operation: { ...state.operation, stage: state.operation.retainMs === null ? 'removing' : 'trashing' } }
        : state;
    case 'VolumeDeletionRefused': {
      const reopened = state.lifecycle === 'trashed' ? state : owe(state, event.operationId, 'reopen', (volume) => tellSnapshots(volume, 'ReopenSnapshot', event.operationId));
      return refuseOperation(reopened, event);
    }
    case 'VolumeTrashed':
      return { ...endOperation(change(state, event.at, { purgeAt: event.purgeAt }), event.operationId), lifecycle: 'trashed' };
    case 'VolumeTrashRetained':
      return change(state, event.at, { purgeAt: event.purgeAt });
    case 'VolumeUndeleteRequested':
      return beginOperation(state, { operationId: event.operationId, kind: 'undelete' });
    case 'VolumeRestored': {
      const open = owe(state, event.operationId, 'reopen', (volume) => tellSnapshots(volume, 'ReopenSnapshot', event.operationId));
      return { ...endOperation(change(open, event.at, { purgeAt: null }), event.operationId), lifecycle: 'active' };
    }
    case 'VolumeDeleted':
      return gone(state, event.operationId, 'deleted');
    case 'VolumeDisownRequested':
      return beginOperation(state, { operationId: event.operationId, kind: 'disown' });
    case 'VolumeDisowned':
      return gone(state, event.operationId, 'disowned');
  }
};
