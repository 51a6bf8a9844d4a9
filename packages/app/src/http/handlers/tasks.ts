/** `/tasks`: what is being done, and what to do about it (S0-6, S0-135). */
import * as E from 'fp-ts/lib/Either.js';
import type { QueryOf } from '../../api/operation.ts';
import type { taskOperations } from '../../api/operations/tasks.ts';
import type { ControlPlane } from '../../engine/controlPlane.ts';
import { refuseEngine } from '../../engine/refusals.ts';
import type { Page, TaskView } from '../../queries/views.ts';
import { pageOf } from '../requests/query.ts';
import { pagingBody } from '../views/common.ts';
import { taskBody } from '../views/task.ts';
import { ok, type Handlers } from './handler.ts';

/** The kinds by their envelopes. */
const KINDS = { block_volume: 'volume', block_snapshot: 'snapshot', pool: 'pool' } as const;

/** An id that no resource has finds no tasks. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

/** Tasks are found by the UUID of their resource, deleted or not. */
const resourceIn = (plane: ControlPlane, given: QueryOf<(typeof taskOperations)['listTasks']>): string | undefined => {
  if (given.block_volume_id !== undefined) return plane.volumes.idOf(given.block_volume_id) ?? NOBODY;
  if (given.block_snapshot_id !== undefined) return plane.snapshots.idOf(given.block_snapshot_id) ?? NOBODY;
  if (given.pool_id !== undefined) return plane.pools.idOf(given.pool_id) ?? NOBODY;
  return given.resource_id;
};

export const taskHandlers: Handlers<typeof taskOperations> = {
  listTasks: async (plane, { query }) => {
    const { status, type, resource_type: resourceType, user, tenant, since, until } = query;
    const resourceId = resourceIn(plane, query);
    const filter = {
      ...(status === undefined ? {} : { status }),
      ...(type === undefined ? {} : { type }),
      ...(resourceType === undefined ? {} : { kind: KINDS[resourceType] }),
      ...(resourceId === undefined ? {} : { resourceId }),
      ...(user === undefined ? {} : { issuedBy: user }),
      ...(tenant === undefined ? {} : { tenant }),
      ...(since === undefined ? {} : { since }),
      ...(until === undefined ? {} : { until }),
    };
    return E.chain((page: Page<TaskView>) => ok({ tasks: page.items.map(taskBody), paging: pagingBody(page) }))(plane.tasks.page({ ...pageOf(query), ...filter }));
  },
  getTask: async (plane, { path }) => {
    const task = plane.tasks.get(path.task);
    return task === undefined ? E.left(refuseEngine('TaskNotFound', `there is no task ${path.task}`, { value: path.task })) : ok({ task: taskBody(task) });
  },
  retryTask: ({ path }) => E.right({ do: 'retryTask', task: path.task }),
  abandonTask: ({ path }) => E.right({ do: 'abandonTask', task: path.task }),
  cancelTask: ({ path }) => E.right({ do: 'cancelTask', task: path.task }),
};
