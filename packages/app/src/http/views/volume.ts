/** A volume as the source writes it (S0-12, S0-130). */
import type { VolumeBody } from '../../api/bodies/volume.ts';
import { formatOf } from '../../api/fields.ts';
import type { VolumeView } from '../../queries/views.ts';
import { actionStatus, failureBody, moment } from './common.ts';
import { qosBody } from './qos.ts';

/** The resource inside `block_volume`. `id` is null for the milliseconds until its integer is reserved; `uuid` never is. */
export const volumeBody = (volume: VolumeView): VolumeBody => ({
  id: volume.number,
  uuid: volume.id,
  name: volume.name,
  description: volume.description,
  labels: volume.labels,
  sn: volume.serial,
  status: volume.status,
  action_status: actionStatus(volume.actionStatus),
  size: volume.sizeBytes,
  format: formatOf(volume.generation),
  performance_priority: volume.performancePriority ? 1 : 0,
  qos: qosBody(volume.qos),
  qos_enabled: volume.qos.enabled,
  pool_id: volume.poolNumber,
  pool: { id: volume.poolNumber, uuid: volume.poolId, name: volume.poolName },
  flattened: volume.parent === null,
  block_snapshot_id: volume.parent?.snapshotNumber ?? null,
  block_snapshot: volume.parent === null ? null : { id: volume.parent.snapshotNumber, uuid: volume.parent.snapshotId },
  block_snapshot_num: volume.snapshotCount,
  hidden: volume.hidden,
  passive: volume.passive,
  mappings: volume.mappings,
  attachments: volume.attachments.map(({ id }) => id),
  block_volume_group: volume.groupId,
  operation: volume.operationId,
  failure: failureBody(volume.failure),
  tenant: volume.tenant,
  create: moment(volume.createdAt),
  update: moment(volume.updatedAt),
  purge: moment(volume.purgeAt),
});
