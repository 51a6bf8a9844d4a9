/** A snapshot as the source writes it (S0-60, S0-132). */
import type { SnapshotBody } from '../../api/bodies/snapshot.ts';
import type { SnapshotView } from '../../queries/views.ts';
import { actionStatus, failureBody, moment } from './common.ts';

/** The resource inside `block_snapshot` (S0-132). */
export const snapshotBody = (snapshot: SnapshotView): SnapshotBody => ({
  id: snapshot.number,
  uuid: snapshot.id,
  name: snapshot.name,
  description: snapshot.description,
  status: snapshot.status,
  action_status: actionStatus(snapshot.actionStatus),
  block_volume_id: snapshot.volumeNumber,
  block_volume: { id: snapshot.volumeNumber, uuid: snapshot.volumeId, name: snapshot.volumeName },
  pool_id: snapshot.poolNumber,
  size: snapshot.sizeBytes,
  allocated_size: snapshot.allocatedBytes,
  protected: snapshot.protected,
  reserved: snapshot.hidden,
  expire: moment(snapshot.expiresAt),
  cloned_block_volume_num: snapshot.cloneCount,
  block_volume_group_snapshot: snapshot.groupSnapshotId,
  operation: snapshot.operationId,
  failure: failureBody(snapshot.failure),
  tenant: snapshot.tenant,
  create: moment(snapshot.createdAt),
});
