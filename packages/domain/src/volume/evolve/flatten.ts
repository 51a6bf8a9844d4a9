/** Folds flattening: reserved, copied, cut; or cancelled and looked at. */
import type { Of } from '../../kernel/tagged.ts';
import type { VolumeEvent } from '../messages.ts';
import type { VolumeState } from '../state.ts';
import { releaseClone, releaseSpace } from '../tells.ts';
import { beginOperation, change, endOperation, owe, refuseOperation, stepDone } from './common.ts';

type FlattenEvent = Of<
  VolumeEvent,
  'VolumeFlattenRequested' | 'VolumeFlattenReserved' | 'VolumeFlattenRefused' | 'VolumeFlattened' | 'VolumeFlattenCancelRequested' | 'VolumeFlattenCancelled'
>;

export const evolveFlatten = (state: VolumeState, event: FlattenEvent): VolumeState => {
  const { operationId } = event;
  switch (event.type) {
    case 'VolumeFlattenRequested':
      return beginOperation(state, { operationId, kind: 'flatten', stage: 'reserving' });
    case 'VolumeFlattenReserved':
      return state.operation?.kind === 'flatten' ? { ...stepDone(state, operationId, 'reserve space'), operation: { ...state.operation, stage: 'flattening' } } : state;
    case 'VolumeFlattenRefused':
      return refuseOperation(state, event);
    case 'VolumeFlattenCancelRequested':
      return state.operation?.kind === 'flatten' ? { ...state, operation: { ...state.operation, stage: 'looking' } } : state;
    case 'VolumeFlattenCancelled':
      return owe(endOperation(state, operationId), operationId, 'release space', (volume) => [releaseSpace(volume)]);
    case 'VolumeFlattened': {
      const parent = state.volume?.parent ?? null;
      const released = owe(state, operationId, 'release parent', (volume) => [releaseSpace(volume), ...(parent === null ? [] : [releaseClone(parent, volume.volumeId)])]);
      const cut = change(stepDone(released, operationId, 'flatten'), event.at, { parent: null, depth: 0 });
      return cut.operation?.kind === 'flatten' ? endOperation(cut, operationId) : cut;
    }
  }
};
