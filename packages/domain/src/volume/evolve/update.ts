/** Folds updates: rename, describe, extend, shrink, QoS, performance priority. */
import type { Of } from '../../kernel/tagged.ts';
import { withoutTroubles } from '../../kernel/troubles.ts';
import type { VolumeEvent } from '../messages.ts';
import type { VolumeState } from '../state.ts';
import { releaseName, reserveCapacity } from '../tells.ts';
import { beginOperation, change, endOperation, owe, refuseOperation, stepDone, undoReservations } from './common.ts';

type UpdateEvent = Of<
  VolumeEvent,
  'VolumeUpdateRequested' | 'VolumeUpdateReserved' | 'VolumeUpdateRefused' | 'VolumeResized' | 'VolumeSettingsApplied' | 'VolumeSettingsFound' | 'VolumeUpdated'
>;

export const evolveUpdate = (state: VolumeState, event: UpdateEvent): VolumeState => {
  switch (event.type) {
    case 'VolumeUpdateRequested': {
      const { changes, operationId } = event;
      const settling = changes.name !== undefined || changes.qos !== undefined || changes.performancePriority !== undefined;
      const resizing = changes.sizeBytes !== undefined;
      const update = { operationId, changes, stage: 'reserving', resizing, settling } as const;
      return changes.sizeBytes === undefined
        ? { ...state, update }
        : { ...beginOperation(state, { operationId, kind: 'resize', stage: 'reserving', sizeBytes: changes.sizeBytes }), update };
    }
    case 'VolumeUpdateReserved': {
      const { update, volume } = state;
      if (update === null || volume === null) return state;
      const { sizeBytes: _size, ...fields } = update.changes;
      const reserved = stepDone(state, event.operationId, 'reserve update');
      const next = change({ ...reserved, update: { ...update, stage: 'applying' } }, event.at, fields);
      const renamed = fields.name === undefined || fields.name === volume.name ? next : owe(next, event.operationId, 'release name', () => [releaseName(volume, volume.name)]);
      return renamed.operation?.kind === 'resize' ? { ...renamed, operation: { ...renamed.operation, stage: 'resizing' } } : renamed;
    }
    case 'VolumeUpdateRefused': {
      const undone = state.update === null ? state : undoReservations(state, state.update);
      return { ...refuseOperation(undone, event), update: null };
    }
    case 'VolumeResized': {
      const resized = endOperation(change(state, event.at, { sizeBytes: event.sizeBytes }), event.operationId, { keepTroubles: true });
      const done = stepDone(stepDone(resized, event.operationId, 'resize'), event.operationId, 'look');
      const noted = owe(done, event.operationId, 'note capacity', (volume) => [reserveCapacity(volume, volume.sizeBytes, false)]);
      return noted.update === null ? noted : { ...noted, update: { ...noted.update, resizing: false } };
    }
    case 'VolumeSettingsApplied': {
      const applied = stepDone(state, event.operationId, 'settings');
      return applied.update === null ? applied : { ...applied, update: { ...applied.update, settling: false } };
    }
    case 'VolumeSettingsFound': {
      const { qos, performancePriority, operationId } = event;
      const found = change(state, event.at, { qos, performancePriority });
      return { ...found, update: null, troubles: withoutTroubles(found.troubles, operationId) };
    }
    case 'VolumeUpdated':
      return { ...state, update: null, troubles: withoutTroubles(state.troubles, event.operationId) };
  }
};
