/** `/tasks`: what is being done, and what to do about it (S0-6, S0-135). */
import * as t from 'io-ts';
import { AccessPathBody } from '../bodies/accessPath.ts';
import { ClientGroupBody } from '../bodies/clientGroup.ts';
import { PagingBody } from '../bodies/common.ts';
import { HostBody } from '../bodies/host.ts';
import { PoolBody } from '../bodies/pool.ts';
import { SnapshotBody } from '../bodies/snapshot.ts';
import { TASK_STATUSES, TASK_TYPES, TaskBody } from '../bodies/task.ts';
import { VipGroupBody } from '../bodies/vipGroup.ts';
import { VolumeBody } from '../bodies/volume.ts';
import { closed } from '../closed.ts';
import { change, read } from '../operation.ts';
import { aboutResource, anyText, askedWithin, oneOf, orderBy, paging, someOf } from '../parameters.ts';

const tag = 'tasks';
const role = 'operator';
const replies = {
  block_volume: VolumeBody,
  block_snapshot: SnapshotBody,
  pool: PoolBody,
  host: HostBody,
  client_group: ClientGroupBody,
  access_path: AccessPathBody,
  vip_group: VipGroupBody,
} as const;

export const taskOperations = {
  listTasks: read({
    path: '/tasks',
    tag,
    summary: 'List tasks',
    query: {
      ...paging,
      sort: orderBy({ id: 'number', type: 'type', status: 'status', execute: 'startedAt', finish: 'finishedAt' }),
      type: oneOf('Only those of this type.', TASK_TYPES),
      status: someOf('Only those that stand so.', TASK_STATUSES),
      resource_type: oneOf('Only those about this kind of resource.', ['block_volume', 'block_snapshot', 'pool', 'host', 'client_group', 'access_path', 'vip_group']),
      user: anyText('Only those that this principal asked for, such as `token:ci`.'),
      tenant: anyText('Only those of this tenant.'),
      ...askedWithin,
      ...aboutResource,
    },
    reply: closed({ tasks: t.readonlyArray(TaskBody), paging: PagingBody }, {}),
  }),
  getTask: read({ path: '/tasks/{task}', tag, summary: 'Look at a task', reply: closed({ task: TaskBody }, {}) }),
  retryTask: change({ method: 'POST', path: '/tasks/{task}:retry', tag, role, summary: 'Try failed work again', replies }),
  abandonTask: change({ method: 'POST', path: '/tasks/{task}:abandon', tag, role, summary: 'Give failed work up', replies }),
  cancelTask: change({ method: 'POST', path: '/tasks/{task}:cancel', tag, role, summary: 'Stop running work where that is safe', replies }),
} as const;
