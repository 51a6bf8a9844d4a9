/** Attachments as REST writes them (S4-8). */
import { reveal } from '@blockledger/domain';
import type { AttachmentBody, ConnectionInfoBody } from '../../api/bodies/attachment.ts';
import type { AttachmentView, ConnectionInfo } from '../../queries/attachmentViews.ts';
import { moment } from './common.ts';
import { linkBody } from './paths.ts';

/** The resource inside `attachment`. */
export const attachmentBody = (attachment: AttachmentView): AttachmentBody => ({
  uuid: attachment.id,
  block_volume: linkBody(attachment.volume),
  purpose: attachment.purpose,
  shared: attachment.shared,
  mode: attachment.mode,
  stage: attachment.stage,
  task: attachment.operationId,
  instance: attachment.instance,
  host: attachment.host,
  mount_point: attachment.mountPoint,
  connector: attachment.connector,
  access_path: attachment.accessPath === null ? null : linkBody(attachment.accessPath),
  client_group: attachment.clientGroup === null ? null : linkBody(attachment.clientGroup),
  mapping_group: attachment.mappingGroupId,
  lun_id: attachment.lun,
  force: attachment.force,
  releasing: attachment.releasing,
  tenant: attachment.tenant,
  create: moment(attachment.reservedAt),
});

/** The one body that opens a secret: whoever may ask for it needs it to log in. */
export const connectionInfoBody = (info: ConnectionInfo): ConnectionInfoBody => ({
  block_volume: info.volumeId,
  attachment: info.attachmentId,
  type: info.accessType,
  mode: info.mode,
  multipath: info.multipath,
  sn: info.serial,
  lun_id: info.lun,
  targets: info.targets.map(({ host, iqn, portals, lun, reachable }) => ({ host: linkBody(host), iqn, portals, lun_id: lun, reachable })),
  chap: info.chap !== null,
  tname: info.chap?.user ?? null,
  tsecret: info.chap === null ? null : reveal(info.chap.secret),
});
