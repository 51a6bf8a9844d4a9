/** `/block-volumes/{volume}/attachments`. */
import { refuseVolume } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { NewAttachment } from '../../api/bodies/attachment.ts';
import type { attachmentOperations } from '../../api/operations/attachments.ts';
import type { ConnectionInput } from '../../engine/requests.ts';
import { notFound } from '../../engine/refusals.ts';
import type { ConnectionInfo } from '../../queries/attachmentViews.ts';
import { refuseService } from '../refusing/refusals.ts';
import { attachmentBody, connectionInfoBody } from '../views/attachment.ts';
import { ok, type Handlers } from './handler.ts';

const connectionOf = ({ access_path_id: accessPath, connector }: NewAttachment): E.Either<ReturnType<typeof refuseService>, ConnectionInput | null> => {
  if (accessPath === undefined && connector === undefined) return E.right(null);
  return accessPath === undefined || connector === undefined
    ? E.left(refuseService('FieldIsInvalid', 'access_path_id and connector go together', { value: accessPath === undefined ? 'access_path_id' : 'connector' }))
    : E.right({ accessPath, connector });
};

export const attachmentHandlers: Handlers<typeof attachmentOperations> = {
  listAttachments: async (plane, { path, query }) => {
    if (plane.volumes.get(path.volume) === undefined) return E.left(notFound('volume', path.volume));
    return ok({ attachments: plane.attachments.list({ volume: path.volume, ...query }).map(attachmentBody) });
  },
  getAttachment: async (plane, { path }) => {
    const { volume, attachment: id } = path;
    if (plane.volumes.get(volume) === undefined) return E.left(notFound('volume', volume));
    const attachment = plane.attachments.get(volume, String(id));
    return attachment === undefined ? E.left(refuseVolume('AttachmentNotFound', `the volume has no attachment ${id}`, { value: id })) : ok({ attachment: attachmentBody(attachment) });
  },
  getConnectionInfo: async (plane, { path }) =>
    E.chain((info: ConnectionInfo) => ok({ connection_info: connectionInfoBody(info) }, { 'cache-control': 'no-store' }))(await plane.attachments.connectionInfo(path.volume, String(path.attachment))),
  createAttachment: ({ path, body }) => {
    const { uuid, shared, purpose, mode, instance, host } = body.attachment;
    return E.map((connect: ConnectionInput | null) => ({
      do: 'reserveAttachment' as const,
      volume: path.volume,
      input: {
        ...(uuid === undefined ? {} : { id: uuid }),
        ...(shared === undefined ? {} : { shared }),
        ...(purpose === undefined ? {} : { purpose }),
        ...(mode === undefined ? {} : { mode }),
        ...(instance === undefined ? {} : { instance }),
        ...(host === undefined ? {} : { host }),
        ...(connect === null ? {} : { connect }),
      },
    }))(connectionOf(body.attachment));
  },
  connectAttachment: ({ path, body }) =>
    E.right({ do: 'connectAttachment', volume: path.volume, input: { id: String(path.attachment), accessPath: body.connection.access_path_id, connector: body.connection.connector } }),
  completeAttachment: ({ path, body }) => {
    const { instance, host, mount_point: mountPoint, mode } = body.attachment;
    const input = {
      id: String(path.attachment),
      ...(instance === undefined ? {} : { instance }),
      ...(host === undefined ? {} : { host }),
      ...(mountPoint === undefined ? {} : { mountPoint }),
      ...(mode === undefined ? {} : { mode }),
    };
    return E.right({ do: 'completeAttachment', volume: path.volume, input });
  },
  beginDetaching: ({ path }) => E.right({ do: 'beginDetaching', volume: path.volume, input: { id: String(path.attachment) } }),
  disconnectAttachment: ({ path, query }) => E.right({ do: 'disconnectAttachments', volume: path.volume, input: { id: String(path.attachment), force: query.force ?? false } }),
  disconnectAttachments: ({ path, query }) => E.right({ do: 'disconnectAttachments', volume: path.volume, input: { id: null, force: query.force ?? false } }),
  deleteAttachment: ({ path, query }) => E.right({ do: 'releaseAttachment', volume: path.volume, input: { id: String(path.attachment), force: query.force ?? false } }),
};
