/** What random walks over a world ask of attachments. */
import type { ClientGroupId, VolumeCommand, VolumeId } from '@blockledger/domain';
import { uuid } from './decider.ts';
import { accessPathId, connectorOf } from './samples.ts';
import type { World } from './world.ts';

/** Where a walk stands: all its volumes, and the one that it turned to. */
export interface Standing {
  readonly it: World;
  readonly volumes: readonly VolumeId[];
  readonly volumeId: VolumeId;
}

/** Who has a volume; few, so that they meet. */
export const user = (choice: number): string => uuid('e', choice % 3);

/** There is no access path here: of connections the walks over access paths know more. */
export const attachmentCommand = ({ it, volumes, volumeId }: Standing, [a, b, c]: readonly [number, number, number]): VolumeCommand => {
  const about = { volumeId, attachmentId: user(c) };
  /** Mostly one that there is. */
  const own = volumes.flatMap((id) => Object.keys(it.volumeState(id).volume?.attachments ?? {}).map((attachmentId) => ({ volumeId: id, attachmentId })));
  const itsOwn = c % 5 === 4 ? about : (own[c % Math.max(1, own.length)] ?? about);
  const named = { instanceId: a % 9 === 8 ? 'x'.repeat(300) : 'vm-1', hostName: null };
  const connect = { accessPathId, clientGroupId: uuid('7', 1) as ClientGroupId, connector: connectorOf(1) };
  const commands: readonly VolumeCommand[] = [
    { type: 'ReserveAttachment', ...about, purpose: (['host', 'backup', 'clone', 'host'] as const)[a % 4]!, shared: a % 3 !== 0, mode: 'rw', ...named, connect: c % 7 === 6 ? connect : null },
    { type: 'ReserveAttachment', ...about, purpose: 'backup', shared: a % 3 !== 0, mode: 'ro', ...named, connect: null },
    { type: 'CompleteAttachment', ...itsOwn, ...named, mountPoint: '/dev/vdb', mode: a % 2 === 0 ? 'ro' : null },
    { type: 'CompleteAttachment', ...itsOwn, ...named, mountPoint: '/dev/vdc', mode: null },
    { type: 'ReleaseAttachment', ...itsOwn, force: a % 2 === 0 },
    { type: 'ConnectAttachment', ...itsOwn, connect },
    { type: 'BeginDetaching', ...itsOwn },
    { type: 'DisconnectAttachments', volumeId, attachmentId: null, force: a % 2 === 0 },
  ];
  return commands[b % commands.length]!;
};

/** What needs access paths to connect attachments by. */
export const ofConnections = [
  'AttachmentConnecting',
  'AttachmentAdmitted',
  'AttachmentRefused',
  'AttachmentConnected',
  'AttachmentDetaching',
  'AttachmentDisconnecting',
  'AttachmentDismissed',
  'AttachmentDisconnected',
  'AttachmentsDisconnected',
  'AttachmentIsConnected',
  'AttachmentIsNotConnected',
  'AttachmentIsLeaving',
  'AttachmentIsInternal',
  'ConnectorIsIncomplete',
  'InitiatorIsNotAllowed',
] as const;
