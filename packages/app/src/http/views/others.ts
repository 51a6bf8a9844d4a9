/** Snapshots, pools and tasks as the source writes them. */
import type { PoolStats, Progress } from '@blockledger/domain';
import type { PoolView, ResourceKindName, SnapshotView, TaskView } from '../../queries/views.ts';
import { problemOf } from '../problems.ts';
import { actionStatus, failureBody, moment } from './common.ts';

/** The resource inside `block_snapshot` (S0-132). */
export const snapshotBody = (snapshot: SnapshotView): object => ({
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

/** The resource inside `pool`. */
export const poolBody = (pool: PoolView): object => ({
  id: pool.number,
  uuid: pool.id,
  name: pool.name,
  status: pool.status,
  health: pool.health,
  paused: pool.paused,
  pool_type: pool.poolType,
  backend: pool.placement.backend,
  pool_name: pool.placement.pool,
  data_pool_name: pool.placement.dataPool ?? null,
  over_subscription_ratio: pool.overSubscriptionRatio,
  backend_present: pool.backendPresent,
  cluster: pool.identity?.cluster ?? null,
  provisioned_size: pool.provisionedBytes,
  block_volume_num: pool.volumeCount,
});

/** Live numbers of a pool, asked of the backend. */
export const statsBody = (stats: PoolStats): object => ({
  total_size: stats.totalBytes,
  used_size: stats.usedBytes,
  free_size: stats.freeBytes,
  at: moment(stats.atMs),
});

/** The envelope of each kind of resource (S0-2). */
export const ENVELOPES: Readonly<Record<ResourceKindName, string>> = { volume: 'block_volume', snapshot: 'block_snapshot', pool: 'pool' };

const percent = ({ done, total, unit }: Progress): number => (unit === 'percent' ? done : Math.floor((100 * done) / Math.max(1, total)));

/** The resource inside `task` (S0-6, S0-135). `data` is written as the source writes it, with the id of the resource itself. */
export const taskBody = (task: TaskView): object => ({
  id: task.number,
  uuid: task.id,
  type: task.type,
  status: task.status,
  data: { [ENVELOPES[task.resource.kind]]: { id: task.resource.number, uuid: task.resource.id } },
  step: task.step,
  attempts: task.attempts,
  progress: task.progress === null ? null : { ...task.progress, percent: percent(task.progress) },
  error_msg: task.error?.message ?? null,
  error:
    task.error === null
      ? null
      : { code: task.error.code, message: task.error.message, ...(task.error.refusal === undefined ? {} : { refusal: problemOf(task.error.refusal) }) },
  issued_by: task.issuedBy,
  tenant: task.tenant,
  execute: moment(task.startedAt),
  finish: moment(task.finishedAt),
});
