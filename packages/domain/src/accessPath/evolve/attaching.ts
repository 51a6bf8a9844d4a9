/** Folds attachments: which mapping groups are for them, and who holds which LUN. */
import type { Of } from '../../kernel/tagged.ts';
import type { AccessPathEvent } from '../messages.ts';
import type { AccessPathState, LunHolder, MappedLun } from '../state.ts';
import { bump, changeGroup, changeLuns, groupOf, owe, type Fold } from './common.ts';

type AttachingEvent = Of<AccessPathEvent, 'MappingGroupMadeForInitiator' | 'MappingGroupKept' | 'LunHeld' | 'LunLetGo' | 'ConnectionTold'>;

const ofLun = (state: AccessPathState, { mappingGroupId, mappingId }: { readonly mappingGroupId: string; readonly mappingId: string }, holders: (lun: MappedLun) => readonly LunHolder[]): AccessPathState =>
  changeLuns(state, mappingGroupId, (lun) => (lun.mappingId === mappingId ? { ...lun, holders: holders(lun) } : lun));

const letGo: Fold<'LunLetGo'> = (state, event) => {
  const { operationId, connectionId, mappingGroupId, mappingId } = event;
  const lun = groupOf(state, mappingGroupId)?.luns.find((one) => one.mappingId === mappingId);
  const holder = lun?.holders.find((one) => one.connectionId === connectionId);
  if (lun === undefined || holder === undefined) return state;
  const left = ofLun(state, event, ({ holders }) => holders.filter((one) => one !== holder));
  return owe(left, { operationId, due: `end connection ${connectionId}`, gives: { volumeId: lun.volumeId, mappingId: null, ends: [holder], refusal: null } });
};

export const evolveAttaching = (state: AccessPathState, event: AttachingEvent): AccessPathState => {
  switch (event.type) {
    case 'MappingGroupMadeForInitiator':
      return changeGroup(state, event.mappingGroupId, () => ({ initiators: event.clients }));
    case 'MappingGroupKept':
      return bump(changeGroup(state, event.mappingGroupId, () => ({ stage: 'active', force: false })), event.operationId, groupOf(state, event.mappingGroupId)?.luns.map(({ volumeId }) => volumeId) ?? []);
    case 'LunHeld': {
      const { connectionId, attachmentId } = event;
      return ofLun(state, event, ({ holders }) => [...holders.filter((one) => one.connectionId !== connectionId), { connectionId, attachmentId, told: false }]);
    }
    case 'LunLetGo':
      return letGo(state, event);
    case 'ConnectionTold':
      return ofLun(state, event, ({ holders }) => holders.map((one) => (one.connectionId === event.connectionId ? { ...one, told: true } : one)));
  }
};
