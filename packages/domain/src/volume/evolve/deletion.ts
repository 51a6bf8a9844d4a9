/** Folds the end of a volume: closed, trashed, restored, removed, or let go. */
import type { OperationId } from '../../kernel/ids.ts';
import type { Of } from '../../kernel/tagged.ts';
import { noTroubles, withoutTroubles } from '../../kernel/troubles.ts';
import type { VolumeEvent } from '../messages.ts';
import type { VolumeState } from '../state.ts';
import { releaseAll, releaseName, tellSnapshots } from '../tells.ts';
import { beginOperation, bringBack, change, endOperation, owe, refuseOperation, reopened, replacedBy } from './common.ts';

type DeletionEvent = Of<
  VolumeEvent,
  | 'VolumeDeletionRequested'
  | 'VolumeSnapshotsClosed'
  | 'VolumeDeletionRefused'
  | 'VolumeTrashed'
  | 'VolumeTrashRetained'
  | 'VolumeUndeleteRequested'
  | 'VolumeRestored'
  | 'VolumeUndeleteCancelled'
  | 'VolumeDeleted'
  | 'VolumeDisownRequested'
  | 'VolumeDisowned'
  | 'VolumeDisownCancelled'
>;

const gone = (state: VolumeState, operationId: OperationId, lifecycle: 'deleted' | 'disowned'): VolumeState => {
  const renaming = state.operation?.kind === 'delete' ? state.operation.replaced?.update?.changes.name : undefined;
  const told = owe(state, operationId, 'conclude', (volume) => [
    ...tellSnapshots(volume, 'ConcludeSnapshot', operationId),
    ...releaseAll(volume),
    ...(renaming === undefined || renaming === volume.name ? [] : [releaseName(volume, renaming)]),
  ]);
  return { ...endOperation(told, operationId), update: null, troubles: noTroubles, lifecycle };
};

export const evolveDeletion = (state: VolumeState, event: DeletionEvent): VolumeState => {
  switch (event.type) {
    case 'VolumeDeletionRequested': {
      const { operationId, retainMs } = event;
      const replaced = replacedBy(state);
      const troubles = Object.fromEntries(Object.entries(state.troubles).filter(([work]) => !Object.hasOwn(replaced?.troubles ?? {}, work)));
      const trashed = state.lifecycle === 'trashed';
      return { ...beginOperation(state, { operationId, kind: 'delete', stage: 'closing', retainMs, trashed, replaced }), update: null, troubles };
    }
    case 'VolumeSnapshotsClosed':
      return state.operation?.kind === 'delete'
        ? { ...state, operation: { ...state.operation, stage: state.operation.retainMs === null ? 'removing' : 'trashing' } }
        : state;
    case 'VolumeDeletionRefused': {
      const replaced = state.operation?.kind === 'delete' ? state.operation.replaced : null;
      return bringBack(refuseOperation(reopened(state, event.operationId), event), replaced);
    }
    case 'VolumeTrashed':
      return { ...endOperation(change(state, event.at, { purgeAt: event.purgeAt }), event.operationId), lifecycle: 'trashed' };
    case 'VolumeTrashRetained':
      return change(state, event.at, { purgeAt: event.purgeAt });
    case 'VolumeUndeleteRequested':
      return beginOperation(state, { operationId: event.operationId, kind: 'undelete', stage: 'restoring' });
    case 'VolumeRestored': {
      const open = owe(state, event.operationId, 'reopen', (volume) => tellSnapshots(volume, 'ReopenSnapshot', event.operationId));
      const ended = endOperation(change(open, event.at, { purgeAt: null }), event.operationId);
      return { ...ended, troubles: withoutTroubles(ended.troubles, ended.volume?.volumeId ?? ''), lifecycle: 'active' };
    }
    case 'VolumeUndeleteCancelled':
    case 'VolumeDisownCancelled':
      return endOperation(state, event.operationId);
    case 'VolumeDeleted':
      return gone(state, event.operationId, 'deleted');
    case 'VolumeDisownRequested':
      return beginOperation(state, { operationId: event.operationId, kind: 'disown', stage: 'disowning' });
    case 'VolumeDisowned':
      return gone(state, event.operationId, 'disowned');
  }
};
