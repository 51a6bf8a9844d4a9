/** Folds who uses a volume: mappings, its group, and its mode. */
import type { Of } from '../../kernel/tagged.ts';
import type { VolumeEvent } from '../messages.ts';
import type { VolumeState } from '../state.ts';
import { change, without } from './common.ts';

type UserEvent = Of<
  VolumeEvent,
  'VolumeMapped' | 'MappedVolumeTold' | 'VolumeUnmapped' | 'VolumeJoinedGroup' | 'VolumeLeftGroup' | 'VolumeDemoted' | 'VolumePromoted'
>;

export const evolveUser = (state: VolumeState, event: UserEvent): VolumeState => {
  const { volume } = state;
  if (volume === null) return state;
  switch (event.type) {
    case 'VolumeMapped':
      return change(state, event.at, { mappings: { ...volume.mappings, [event.mappingId]: { shared: event.shared, accessPathId: event.accessPathId, told: -1 } } });
    case 'MappedVolumeTold': {
      const mapping = volume.mappings[event.mappingId];
      return mapping === undefined ? state : change(state, event.at, { mappings: { ...volume.mappings, [event.mappingId]: { ...mapping, told: event.shape } } });
    }
    case 'VolumeUnmapped':
      return change(state, event.at, { mappings: without(volume.mappings, event.mappingId) });
    case 'VolumeJoinedGroup':
      return change(state, event.at, { groupId: event.groupId });
    case 'VolumeLeftGroup':
      return change(state, event.at, { groupId: null });
    case 'VolumeDemoted':
      return change(state, event.at, { passive: true });
    case 'VolumePromoted':
      return change(state, event.at, { passive: false });
  }
};
