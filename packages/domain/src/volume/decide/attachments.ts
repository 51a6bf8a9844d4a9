/** The life of attachments: reserved, connected, completed, detached, disconnected, released. */
import type { OperationId } from '../../kernel/ids.ts';
import type { Of } from '../../kernel/tagged.ts';
import { failureOf } from '../../kernel/troubles.ts';
import { firstRefusal } from '../../kernel/rule.ts';
import { refuseVolume, type VolumeRefusal } from '../errors.ts';
import type { VolumeFacts } from '../facts.ts';
import { connectorFits, initiatorCodes, pathOf, pathsCanFence, roomForAttachment, validAttachmentTexts } from './attachmentRules.ts';
import type { ConnectionWish, VolumeCommand, VolumeEvent } from '../messages.ts';
import { notFenced, notPassive, notShrinking, ready, sharedOnPurpose, type Existing } from '../rules.ts';
import type { Attachment, AttachmentConnection } from '../state.ts';
import { accept, begun, unless, type Case, type Decision } from './common.ts';

type Command<K extends VolumeCommand['type']> = Of<VolumeCommand, K>;
type Subject = Case & Existing;
/** An attachment that a command is about. */
type On = Subject & { readonly attachmentId: string; readonly attachment: Attachment };

const missing = (attachmentId: string, { volume }: Existing): VolumeRefusal =>
  refuseVolume('AttachmentNotFound', `volume "${volume.name}" has no attachment ${attachmentId}`, { value: attachmentId });

const on = (attachmentId: string, subject: Subject, decide: (on: On) => Decision, otherwise: () => Decision = () => unless(missing(attachmentId, subject), accept)): Decision => {
  const attachment = Object.hasOwn(subject.volume.attachments, attachmentId) ? subject.volume.attachments[attachmentId] : undefined;
  return attachment === undefined ? otherwise() : decide({ ...subject, attachmentId, attachment });
};

const connectable = (wish: ConnectionWish, subject: Existing, facts: VolumeFacts): VolumeRefusal | undefined => firstRefusal(pathOf(wish, subject.volume, facts), connectorFits(wish, facts));

const connecting = (attachmentId: string, { meta, facts }: Case, { connect, whole }: { readonly connect: ConnectionWish; readonly whole: boolean }): VolumeEvent => ({
  type: 'AttachmentConnecting',
  ...begun(meta),
  attachmentId,
  connect,
  clients: initiatorCodes(facts.paths?.[connect.accessPathId]?.accessType ?? 'iscsi', connect.connector),
  whole,
});

const isInternal = ({ attachmentId, attachment }: On): VolumeRefusal | undefined =>
  attachment.purpose === 'host' ? undefined : refuseVolume('AttachmentIsInternal', `attachment ${attachmentId} is that of a ${attachment.purpose}`, { value: attachment.purpose });

const leaving = ({ attachmentId, attachment }: On): VolumeRefusal =>
  refuseVolume('AttachmentIsLeaving', `attachment ${attachmentId} is ${attachment.stage}`, { value: attachment.stage, ...(attachment.operationId === null ? {} : { operationId: attachment.operationId }) });

/** S4-2: of an active volume that nobody has, or that all who have it share. One command, so that of two who ask at once one is told no. */
export const reserveAttachment = (command: Command<'ReserveAttachment'>, subject: Subject): Decision => {
  const { attachmentId, purpose, shared, mode, instanceId, hostName, connect } = command;
  const { volume, meta, facts } = subject;
  if (Object.hasOwn(volume.attachments, attachmentId)) return accept();
  const refusal = firstRefusal(
    ready(subject),
    notPassive(subject),
    notFenced(subject),
    notShrinking(subject),
    validAttachmentTexts({ instanceId, hostName }),
    sharedOnPurpose({ ...volume.attachments, ...volume.mappings }, shared)(subject),
    roomForAttachment(subject),
    connect === null || purpose === 'host' ? undefined : refuseVolume('AttachmentIsInternal', `the attachment would be that of a ${purpose}`, { value: purpose }),
    connect === null ? undefined : connectable(connect, subject, facts),
  );
  const reserved: VolumeEvent = { type: 'AttachmentReserved', ...begun(meta), attachmentId, purpose, shared, mode, instanceId, hostName };
  return unless(refusal, () => (connect === null ? accept(reserved) : accept(reserved, connecting(attachmentId, subject, { connect, whole: true }))));
};

const isSame = ({ wish }: AttachmentConnection, { accessPathId, clientGroupId }: ConnectionWish): boolean => wish.accessPathId === accessPathId && wish.clientGroupId === clientGroupId;

/** S4-3. Asked again for the same initiator it is the same connection. */
export const connectAttachment = ({ attachmentId, connect }: Command<'ConnectAttachment'>, subject: Subject): Decision =>
  on(attachmentId, subject, (it) => {
    const { stage, connection } = it.attachment;
    const internal = isInternal(it);
    if (internal !== undefined) return unless(internal, accept);
    if (stage === 'detaching' || stage === 'disconnecting') return unless(leaving(it), accept);
    if (connection !== null) {
      return isSame(connection, connect) ? accept() : unless(refuseVolume('AttachmentIsConnected', `attachment ${attachmentId} is ${stage} with another connector`, { value: stage }), accept);
    }
    return unless(connectable(connect, subject, subject.facts), () => accept(connecting(attachmentId, subject, { connect, whole: false })));
  });

/** S4-4. Said of one that was about to be detached, it stays attached. What is inside needs no connection. */
export const completeAttachment = (command: Command<'CompleteAttachment'>, subject: Subject): Decision =>
  on(command.attachmentId, subject, (it) => {
    const { attachmentId, attachment, meta } = it;
    const { stage, purpose } = attachment;
    if (stage === 'disconnecting' || stage === 'disconnected') return unless(leaving(it), accept);
    const isReady = stage === 'connected' || stage === 'attached' || stage === 'detaching' || (purpose !== 'host' && stage === 'reserved');
    const { instanceId, hostName, mountPoint, mode } = command;
    const kept = {
      instanceId: instanceId ?? attachment.instanceId,
      hostName: hostName ?? attachment.hostName,
      mountPoint: mountPoint ?? attachment.mountPoint,
      mode: mode ?? attachment.mode,
    };
    const refusal = firstRefusal(
      isReady ? undefined : refuseVolume('AttachmentIsNotConnected', `attachment ${attachmentId} is ${stage}`, { value: stage }),
      validAttachmentTexts({ instanceId, hostName, mountPoint }),
    );
    const changes = stage !== 'attached' || Object.entries(kept).some(([key, value]) => attachment[key as keyof typeof kept] !== value);
    return unless(refusal, () => (changes ? accept({ type: 'AttachmentCompleted', attachmentId, ...kept, at: meta.issuedAt }) : accept()));
  });

/** S4-5. What is gone, or going, need not begin to go (I-22). */
export const beginDetaching = ({ attachmentId }: Command<'BeginDetaching'>, subject: Subject): Decision =>
  on(
    attachmentId,
    subject,
    ({ attachment: { stage }, meta }) => {
      if (stage === 'connected' || stage === 'attached') return accept({ type: 'AttachmentDetaching', attachmentId, at: meta.issuedAt });
      return stage === 'reserved' || stage === 'connecting' ? unless(refuseVolume('AttachmentIsNotConnected', `attachment ${attachmentId} is ${stage}`, { value: stage }), accept) : accept();
    },
    accept,
  );

/** One that is leaving already is told again where it is to be fenced now, or released, or where that failed. */
const dismissing = ({ attachmentId, attachment, state, meta }: On, { force, release }: { readonly force: boolean; readonly release: boolean }): readonly VolumeEvent[] => {
  const { stage, connection, operationId } = attachment;
  if (connection === null) return [];
  const isStuck = operationId !== null && failureOf(state.troubles, operationId) !== undefined;
  const isKnown = stage === 'disconnecting' && (!force || attachment.force) && (!release || attachment.releasing) && !isStuck;
  // What the access path has refused to do by force is done without it when somebody asks for that: nothing else would lead out.
  const isForced = force || (attachment.force && !(isStuck && connection.link !== 'dismissed'));
  return isKnown ? [] : [{ type: 'AttachmentDisconnecting', ...begun(meta), attachmentId, force: isForced, release: release || attachment.releasing }];
};

/** S4-6, S1-35: one attachment, or all of them. What is not connected, or not there any more, is left as it is (I-22). */
export const disconnectAttachments = ({ attachmentId, force }: Command<'DisconnectAttachments'>, subject: Subject): Decision => {
  const named = Object.entries(subject.volume.attachments).filter(([id]) => attachmentId === null || id === attachmentId);
  const connections = named.flatMap(([, { connection }]) => connection ?? []);
  return unless(force ? pathsCanFence(connections, subject.facts) : undefined, () =>
    accept(...named.flatMap(([id, attachment]) => dismissing({ ...subject, attachmentId: id, attachment }, { force, release: false }))),
  );
};

/** S4-7. From every stage, and for what is gone already (I-22). */
export const releaseAttachment = ({ attachmentId, force }: Command<'ReleaseAttachment'>, subject: Subject): Decision =>
  on(
    attachmentId,
    subject,
    (it) => {
      const { connection } = it.attachment;
      if (connection === null) return accept({ type: 'AttachmentReleased', attachmentId, at: it.meta.issuedAt });
      return unless(force ? pathsCanFence([connection], subject.facts) : undefined, () => accept(...dismissing(it, { force, release: true })));
    },
    accept,
  );

/** The connection of an attachment that an access path speaks of; undefined for one that was before. */
const spokenOf = (attachmentId: string, connectionId: string, { volume }: Existing): (Attachment & { readonly connection: AttachmentConnection }) | undefined => {
  const attachment = Object.hasOwn(volume.attachments, attachmentId) ? volume.attachments[attachmentId] : undefined;
  return attachment?.connection?.connectionId === connectionId ? { ...attachment, connection: attachment.connection } : undefined;
};

export const confirmConnection = ({ attachmentId, connectionId, mappingGroupId, lun }: Command<'ConfirmConnection'>, subject: Subject): Decision => {
  const attachment = spokenOf(attachmentId, connectionId, subject);
  return attachment?.stage === 'connecting' ? accept({ type: 'AttachmentConnected', operationId: connectionId, at: subject.meta.issuedAt, attachmentId, mappingGroupId, lun }) : accept();
};

/** What a connection that is no more leads to: an attachment that is as it was before it, one that is disconnected, or none. */
export const ended = (attachmentId: string, refusal: Command<'EndConnection'>['refusal'], subject: Case & Existing): readonly VolumeEvent[] => {
  const { volume, meta } = subject;
  const attachment = volume.attachments[attachmentId];
  if (attachment?.connection === null || attachment === undefined) return [];
  const { connection, stage, operationId, releasing } = attachment;
  const at = meta.issuedAt;
  const released: VolumeEvent = { type: 'AttachmentReleased', attachmentId, at };
  if (stage !== 'disconnecting' || operationId === null) {
    const refused: VolumeEvent = { type: 'AttachmentRefused', operationId: connection.connectionId, at, attachmentId, refusal: refusal ?? missing(attachmentId, subject) };
    return connection.whole ? [refused, released] : [refused];
  }
  const others = Object.entries(volume.attachments).some(([id, one]) => id !== attachmentId && one.stage === 'disconnecting' && one.operationId === operationId);
  const disconnected: VolumeEvent = { type: 'AttachmentDisconnected', operationId, at, attachmentId };
  return [disconnected, ...(releasing ? [released] : []), ...(others ? [] : ([{ type: 'AttachmentsDisconnected', operationId, at }] as const))];
};

export const endConnection = ({ attachmentId, connectionId, refusal }: Command<'EndConnection'>, subject: Subject): Decision =>
  spokenOf(attachmentId, connectionId, subject) === undefined ? accept() : accept(...ended(attachmentId, refusal, subject));

/** The attachment whose mapping an access path asks for. */
export const isConnecting = (connectionId: OperationId, { volume }: Existing): boolean => Object.values(volume.attachments).some(({ connection }) => connection?.connectionId === connectionId);
