/** `/block-volumes/{volume}/attachments`: who has a volume (R-28, S4-1). */
import * as t from 'io-ts';
import { AttachmentBody, CompletedAttachment, ConnectionInfoBody, NewAttachment, NewConnection, PURPOSES, STAGES } from '../bodies/attachment.ts';
import { VolumeBody } from '../bodies/volume.ts';
import { closed } from '../closed.ts';
import { change, read } from '../operation.ts';
import { anyText, flag, oneOf } from '../parameters.ts';

const tag = 'attachments';
const role = 'operator';
const replies = { block_volume: VolumeBody } as const;
const part = { attachment: AttachmentBody } as const;
const force = flag('Fences the initiator: its sessions are ended everywhere before it counts as done. Refused where the backend cannot see that.');

export const attachmentOperations = {
  listAttachments: read({
    path: '/block-volumes/{volume}/attachments',
    tag,
    summary: 'List who has a volume attached',
    query: {
      stage: oneOf('Only those at this stage.', [...STAGES]),
      purpose: oneOf('Only those for this purpose.', [...PURPOSES]),
      initiator: anyText('Only those of the host with this IQN or WWN.'),
      instance: anyText('Only those of this instance.'),
    },
    reply: closed({ attachments: t.readonlyArray(AttachmentBody) }, {}),
  }),
  getAttachment: read({
    path: '/block-volumes/{volume}/attachments/{attachment}',
    tag,
    summary: 'Look at an attachment',
    reply: closed({ attachment: AttachmentBody }, {}),
  }),
  getConnectionInfo: read({
    path: '/block-volumes/{volume}/attachments/{attachment}/connection-info',
    tag,
    role,
    summary: 'Find out where a host finds its volume',
    description: 'The only answer that holds the secret of the account by which initiators log in. Not before every host of the access path that can be reached shows the volume.',
    reply: closed({ connection_info: ConnectionInfoBody }, {}),
  }),
  createAttachment: change({
    method: 'POST',
    path: '/block-volumes/{volume}/attachments',
    tag,
    role,
    summary: 'Reserve a volume for one user, and connect him by the same request',
    description: 'Of two who ask at once one is told no, unless both say `shared: true`. With `access_path_id` and `connector` it is reserved and connected, or neither.',
    example: { attachment: { instance: 'vm-1', host: 'node-1' } },
    body: closed({ attachment: NewAttachment }, {}),
    replies,
    part,
  }),
  connectAttachment: change({
    method: 'POST',
    path: '/block-volumes/{volume}/attachments/{attachment}:connect',
    tag,
    role,
    summary: 'Let a host see the volume',
    description: 'The task ends when every host of the access path that can be reached shows it. Asked again with the same connector it does nothing.',
    example: { connection: { access_path_id: 1, connector: { initiator: 'iqn.1994-05.com.redhat:node1', host: 'node-1' } } },
    body: closed({ connection: NewConnection }, {}),
    replies,
    part,
  }),
  completeAttachment: change({
    method: 'POST',
    path: '/block-volumes/{volume}/attachments/{attachment}:complete',
    tag,
    role,
    summary: 'Say that the host has the volume',
    example: { attachment: { host: 'node-1', mount_point: '/dev/vdb' } },
    body: closed({ attachment: CompletedAttachment }, {}),
    replies,
    part,
  }),
  beginDetaching: change({
    method: 'POST',
    path: '/block-volumes/{volume}/attachments/{attachment}:begin-detaching',
    tag,
    role,
    summary: 'Say that the host is about to let go',
    replies,
    part,
  }),
  disconnectAttachment: change({
    method: 'POST',
    path: '/block-volumes/{volume}/attachments/{attachment}:disconnect',
    tag,
    role,
    summary: 'Take the volume from its host',
    description: 'What is not connected, or not there any more, stays as it is.',
    query: { force },
    replies,
    part,
  }),
  disconnectAttachments: change({
    method: 'POST',
    path: '/block-volumes/{volume}/attachments:disconnect',
    tag,
    role,
    summary: 'Take the volume from all hosts',
    query: { force },
    replies,
  }),
  deleteAttachment: change({
    method: 'DELETE',
    path: '/block-volumes/{volume}/attachments/{attachment}',
    tag,
    role,
    summary: 'Release an attachment; one that is connected is disconnected before',
    query: { force },
    replies,
    part,
  }),
} as const;
