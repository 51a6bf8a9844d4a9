/** A backend as JSON. */
import type { BackendBody } from '../../api/bodies/backend.ts';
import type { BackendView } from '../../queries/backendViews.ts';
import { moment } from './common.ts';

export const backendBody = (backend: BackendView): BackendBody => ({
  name: backend.name,
  type: backend.type,
  present: backend.present,
  capabilities: backend.capabilities === null ? null : { ...backend.capabilities },
  targets: backend.targets === null ? null : { type: backend.targets.type, capabilities: { ...backend.targets.capabilities } },
  paused: backend.paused === null ? null : { reason: backend.paused.reason, since: moment(backend.paused.since) },
  pools: backend.pools.map(({ id, number, name }) => ({ id: number, uuid: id, name })),
  calls: backend.calls.map(({ taskId, step, attempts }) => ({ task: taskId, step, attempts })),
  queued: backend.queuedCount,
  waiting: backend.waitingCount,
});
