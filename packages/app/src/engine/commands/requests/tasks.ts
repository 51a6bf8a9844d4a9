/** Requests about tasks, as commands of the resource whose task it is. */
import { failureOf, type SnapshotId } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { awaitedBy } from '../../../queries/awaited.ts';
import type { TaskRecord } from '../../../queries/taskRecords.ts';
import type { ResourceRef } from '../../../queries/views.ts';
import { notFound, refuseEngine } from '../../refusals.ts';
import type { Addressing, RequestContext, Resolved } from './addressing.ts';

/** The way out of trouble that somebody chose. */
type WayOut = 'RetryOperation' | 'AbandonOperation' | 'CancelOperation';

/** A rollback's backup snapshot fails in its own stream under the rollback's operation: there it is retried or given up. */
const failedBackup = (task: TaskRecord, { states }: RequestContext): SnapshotId | undefined => {
  const volume = states.volumeState(task.resourceId)?.volume;
  return volume?.slots.find(({ snapshotId }) => {
    const state = states.snapshotState(snapshotId);
    return state !== undefined && state.operationId === task.id && failureOf(state.troubles, task.id) !== undefined;
  })?.snapshotId;
};

const REFUSALS = { RetryOperation: 'NothingToRetry', AbandonOperation: 'NothingToAbandon', CancelOperation: 'CannotBeCancelled' } as const;

/** Whose work is tried again: of an attachment, that of its access path, which failed for it. */
const retriedFor = (task: TaskRecord, { tasks, states }: RequestContext): TaskRecord => {
  const awaited = awaitedBy(task, tasks, states);
  return awaited?.status === 'failed' && task.status === 'open' ? awaited : task;
};

const onTask = (type: WayOut, ref: ResourceRef, context: RequestContext): Resolved => {
  const named = typeof ref === 'number' || /^\d{1,15}$/.test(ref) ? context.tasks.at(Number(ref)) : context.tasks.get(ref);
  if (named === undefined) return E.left(notFound('task', ref));
  const task = type === 'RetryOperation' ? retriedFor(named, context) : named;
  const resource = { kind: task.kind, id: task.resourceId };
  const { tenant } = task;
  const command = { type, operationId: task.id };
  if (task.kind === 'volume') {
    const backup = type === 'CancelOperation' ? undefined : failedBackup(task, context);
    return backup === undefined
      ? E.right({ to: 'volume', command: { ...command, volumeId: task.resourceId }, resource, tenant })
      : E.right({ to: 'snapshot', command: { ...command, snapshotId: backup }, resource, tenant });
  }
  if (task.kind === 'snapshot' && type !== 'CancelOperation') return E.right({ to: 'snapshot', command: { ...command, snapshotId: task.resourceId }, resource, tenant });
  // What hosts should be stays wanted: of their work nothing is given up, only taken back by another request.
  if ((task.kind === 'accessPath' || task.kind === 'vipGroup') && type === 'RetryOperation') return E.right({ to: task.kind, command: { ...command, [`${task.kind}Id`]: task.resourceId }, resource, tenant });
  return E.left(refuseEngine(REFUSALS[type], `a ${task.type} task has no such way out`, { operationId: task.id }));
};

export const taskRequests: Addressing<'retryTask' | 'abandonTask' | 'cancelTask'> = {
  retryTask: ({ task }, context) => onTask('RetryOperation', task, context),
  abandonTask: ({ task }, context) => onTask('AbandonOperation', task, context),
  cancelTask: ({ task }, context) => onTask('CancelOperation', task, context),
};
