/** `/tasks`: what is being done, and what to do about it (S0-6, S0-135). */
import * as E from 'fp-ts/lib/Either.js';
import type { taskOperations } from '../../api/operations/tasks.ts';
import { notFound } from '../../engine/refusals.ts';
import type { Page, TaskView } from '../../queries/views.ts';
import { pageOf } from '../requests/query.ts';
import { pagingBody } from '../views/common.ts';
import { taskBody } from '../views/task.ts';
import { resourceIn } from './about.ts';
import { ok, type Handlers } from './handler.ts';

/** The kinds by their envelopes. */
const KINDS = { block_volume: 'volume', block_snapshot: 'snapshot', pool: 'pool', host: 'host', client_group: 'clientGroup', access_path: 'accessPath', vip_group: 'vipGroup' } as const;

export const taskHandlers: Handlers<typeof taskOperations> = {
  listTasks: async (plane, { query }) => {
    const { status, type, resource_type: resourceType, user, tenant, since, until } = query;
    const about = resourceIn(plane, query);
    if (E.isLeft(about)) return about;
    const resourceId = about.right;
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
    return task === undefined ? E.left(notFound('task', path.task)) : ok({ task: taskBody(task) });
  },
  retryTask: ({ path }) => E.right({ do: 'retryTask', task: path.task }),
  abandonTask: ({ path }) => E.right({ do: 'abandonTask', task: path.task }),
  cancelTask: ({ path }) => E.right({ do: 'cancelTask', task: path.task }),
};
