/** Folds attachments: reserved, connected, completed, detached, disconnected, released. */
import type { Of } from '../../kernel/tagged.ts';
import { withoutTroubles } from '../../kernel/troubles.ts';
import type { VolumeEvent } from '../messages.ts';
import type { Attachment, AttachmentConnection, VolumeState } from '../state.ts';
import { change, stepDone, without, withRefusal } from './common.ts';

type AttachmentEvent = Of<
  VolumeEvent,
  | 'VolumeAttached'
  | 'VolumeDetached'
  | 'AttachmentReserved'
  | 'AttachmentConnecting'
  | 'AttachmentAdmitted'
  | 'AttachmentRefused'
  | 'AttachmentConnected'
  | 'AttachmentCompleted'
  | 'AttachmentDetaching'
  | 'AttachmentDisconnecting'
  | 'AttachmentDismissed'
  | 'AttachmentDisconnected'
  | 'AttachmentReleased'
>;

const changed = (state: VolumeState, { attachmentId, at }: AttachmentEvent, fields: Partial<Attachment>): VolumeState => {
  const attachment = state.volume?.attachments[attachmentId];
  return state.volume === null || attachment === undefined ? state : change(state, at, { attachments: { ...state.volume.attachments, [attachmentId]: { ...attachment, ...fields } } });
};

const linked = (state: VolumeState, event: AttachmentEvent, fields: Partial<AttachmentConnection>): VolumeState => {
  const connection = state.volume?.attachments[event.attachmentId]?.connection ?? null;
  return connection === null ? state : changed(state, event, { connection: { ...connection, ...fields } });
};

const added = (state: VolumeState, { attachmentId, at }: AttachmentEvent, fields: Pick<Attachment, 'purpose' | 'shared' | 'mode' | 'operationId' | 'instanceId' | 'hostName'>): VolumeState =>
  state.volume === null
    ? state
    : change(state, at, {
        attachments: { ...state.volume.attachments, [attachmentId]: { ...fields, stage: 'reserved', mountPoint: null, connection: null, force: false, releasing: false, reservedAt: at } },
      });

const gone = (state: VolumeState, { attachmentId, at }: AttachmentEvent): VolumeState =>
  state.volume === null ? state : change(state, at, { attachments: without(state.volume.attachments, attachmentId) });

/** Each connection owes its own telling; that of another is not its business. */
const connecting = (state: VolumeState, event: Of<VolumeEvent, 'AttachmentConnecting'>): VolumeState => {
  const { operationId, connect, clients, whole } = event;
  const connection: AttachmentConnection = { connectionId: operationId, wish: connect, clients, link: 'asking', whole, mappingGroupId: null, lun: null };
  return changed(state, event, { stage: 'connecting', operationId, connection, force: false, releasing: false });
};

/** What went wrong with letting go so far is over: it is told anew. */
const disconnecting = (state: VolumeState, event: Of<VolumeEvent, 'AttachmentDisconnecting'>): VolumeState => {
  const before = state.volume?.attachments[event.attachmentId];
  const connection = before?.connection ?? null;
  const told = connection === null || connection.link !== 'dismissed' ? connection : { ...connection, link: 'asked' as const };
  const calm = before?.stage === 'disconnecting' && before.operationId !== null && before.operationId !== event.operationId ? { ...state, troubles: withoutTroubles(state.troubles, before.operationId) } : state;
  return changed(calm, event, { stage: 'disconnecting', operationId: event.operationId, force: event.force, releasing: event.release, connection: told });
};

/** The connection is over: trouble with beginning or ending it is, too. */
const unlinked = (state: VolumeState, event: AttachmentEvent, stage: Attachment['stage']): VolumeState => {
  const attachment = state.volume?.attachments[event.attachmentId];
  const calm = [attachment?.connection?.connectionId, attachment?.operationId].reduce<VolumeState>((left, id) => (id === undefined || id === null ? left : settled(left, id, event.attachmentId)), state);
  return changed(calm, event, { stage, connection: null, force: false });
};

/** Of an operation on several attachments the trouble of this one alone. */
const settled = (state: VolumeState, operationId: string, attachmentId: string): VolumeState => ({
  ...state,
  troubles: Object.fromEntries(Object.entries(state.troubles).filter(([work, trouble]) => trouble.operationId !== operationId || !work.includes(attachmentId))),
});

export const evolveAttachment = (state: VolumeState, event: AttachmentEvent): VolumeState => {
  switch (event.type) {
    case 'VolumeAttached':
      return added(state, event, { purpose: 'host', shared: event.shared, mode: 'rw', operationId: null, instanceId: null, hostName: null });
    case 'AttachmentReserved': {
      const { purpose, shared, mode, operationId, instanceId, hostName } = event;
      return added(state, event, { purpose, shared, mode, operationId, instanceId, hostName });
    }
    case 'AttachmentConnecting':
      return connecting(state, event);
    case 'AttachmentAdmitted':
      return linked(stepDone(state, event.operationId, `connect ${event.attachmentId}`), event, { link: 'asked' });
    case 'AttachmentRefused':
      return withRefusal(unlinked(state, event, 'reserved'), event);
    case 'AttachmentConnected': {
      const { mappingGroupId, lun } = event;
      return changed(linked(state, event, { link: 'asked', whole: false, mappingGroupId, lun }), event, { stage: 'connected' });
    }
    case 'AttachmentCompleted': {
      const { instanceId, hostName, mountPoint, mode } = event;
      return changed(state, event, { stage: 'attached', instanceId, hostName, mountPoint, mode });
    }
    case 'AttachmentDetaching':
      return changed(state, event, { stage: 'detaching' });
    case 'AttachmentDisconnecting':
      return disconnecting(state, event);
    case 'AttachmentDismissed':
      return linked(stepDone(state, event.operationId, `disconnect ${event.attachmentId}`), event, { link: 'dismissed' });
    case 'AttachmentDisconnected':
      return unlinked(state, event, 'disconnected');
    case 'VolumeDetached':
    case 'AttachmentReleased':
      return gone(state, event);
  }
};
