/** Requests about attachments, as commands of their volumes. */
import { initiatorCodes, type Connector, type ConnectionWish, type Refusal } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { ConnectionInput, ConnectorInput } from '../../attachmentRequests.ts';
import { idIn, onResource, related, type Addressed, type Addressing, type RequestContext, type Resolved } from './addressing.ts';

type AttachmentRequestName = 'reserveAttachment' | 'connectAttachment' | 'completeAttachment' | 'beginDetaching' | 'disconnectAttachments' | 'releaseAttachment';

const connectorOf = ({ initiator = null, wwpns = [], ip = null, host = null, multipath = false }: ConnectorInput): Connector => ({ initiator, wwpns, ip, host, multipath });

/** Under this id its own client group is found again, whichever volume is attached next. Not a secret, and the same everywhere. */
const INITIATORS = '6d0a6c0e-5a51-4c7e-9f0b-2b6e9f3f8a11';

/** What an initiator is known by, within its tenant. */
const clientGroupOf = ({ ids }: RequestContext, words: readonly unknown[]): string => ids.derive(INITIATORS, JSON.stringify(words));

const wishOf = ({ accessPath, connector }: ConnectionInput, context: RequestContext): E.Either<Refusal, ConnectionWish> =>
  E.map((accessPathId: ConnectionWish['accessPathId']): ConnectionWish => {
    const path = context.states.accessPathState(accessPathId)?.path;
    const type = path?.accessType ?? 'iscsi';
    const whole = connectorOf(connector);
    const clientGroupId = clientGroupOf(context, [path?.tenant ?? '', type, initiatorCodes(type, whole)]) as ConnectionWish['clientGroupId'];
    return { accessPathId, clientGroupId, connector: whole };
  })(idIn(context, 'accessPath', accessPath));

/** A command about one attachment: what the caller is answered with is that one. */
const about = (resolved: Resolved, id: string | undefined, wish: ConnectionWish | null = null): Resolved =>
  E.map((addressed: Addressed): Addressed => ({
    ...addressed,
    ...(id === undefined ? {} : { part: id }),
    ...(wish === null ? {} : { related: related('accessPath', [wish.accessPathId]) }),
  }))(resolved);

export const attachmentRequests: Addressing<AttachmentRequestName> = {
  reserveAttachment: ({ volume, input }, context) => {
    const { id = context.ids.derive(context.commandId, 'attachment'), purpose = 'host', shared = false, mode = 'rw', instance = null, host = null, connect = null } = input;
    const wish = connect === null ? E.right(null) : wishOf(connect, context);
    if (E.isLeft(wish)) return wish;
    const command = { type: 'ReserveAttachment', attachmentId: id, purpose, shared, mode, instanceId: instance, hostName: host, connect: wish.right };
    return about(onResource(context, ['volume', volume], () => command), id, wish.right);
  },
  connectAttachment: ({ volume, input }, context) => {
    const wish = wishOf(input, context);
    return E.isLeft(wish) ? wish : about(onResource(context, ['volume', volume], () => ({ type: 'ConnectAttachment', attachmentId: input.id, connect: wish.right })), input.id, wish.right);
  },
  completeAttachment: ({ volume, input }, context) => {
    const { id, instance = null, host = null, mountPoint = null, mode = null } = input;
    return about(onResource(context, ['volume', volume], () => ({ type: 'CompleteAttachment', attachmentId: id, instanceId: instance, hostName: host, mountPoint, mode })), id);
  },
  beginDetaching: ({ volume, input }, context) => about(onResource(context, ['volume', volume], () => ({ type: 'BeginDetaching', attachmentId: input.id })), input.id),
  disconnectAttachments: ({ volume, input }, context) =>
    about(onResource(context, ['volume', volume], () => ({ type: 'DisconnectAttachments', attachmentId: input.id ?? null, force: input.force ?? false })), input.id ?? undefined),
  releaseAttachment: ({ volume, input }, context) => about(onResource(context, ['volume', volume], () => ({ type: 'ReleaseAttachment', attachmentId: input.id, force: input.force ?? false })), input.id),
};
