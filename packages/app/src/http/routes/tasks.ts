/** `/tasks`: what is being done, and what to do about it (S0-6, S0-135). */
import type { Refusal } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { Accepted, ControlPlane } from '../../engine/controlPlane.ts';
import { refuseEngine } from '../../engine/refusals.ts';
import type { ResourceView } from '../../queries/views.ts';
import { anyText, oneOf, pageOf, paging, readQuery, ref as refParameter } from '../query.ts';
import { pageBody } from '../views/common.ts';
import { ENVELOPES, poolBody, snapshotBody, taskBody } from '../views/others.ts';
import { volumeBody } from '../views/volume.ts';
import { accepted, ok, refIn, verbRoute, type Reply, type Route } from './route.ts';

const PATH = '/tasks';

const typeParameter = oneOf(
  'CreateBlockVolume',
  'CloneBlockVolume',
  'UpdateBlockVolume',
  'RollBackBlockVolume',
  'FlattenBlockVolume',
  'DeleteBlockVolume',
  'RestoreBlockVolume',
  'AdoptBlockVolume',
  'DisownBlockVolume',
  'RecoverBlockVolume',
  'CreateBlockSnapshot',
  'DeleteBlockSnapshot',
  'CreatePool',
  'DeletePool',
);
const statusParameter = oneOf('queued', 'running', 'waiting', 'succeeded', 'failed', 'cancelled', 'refused');

/** An id that no resource has finds no tasks. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

interface ResourceParameters {
  readonly resource_id?: string;
  readonly block_volume_id?: number | string;
  readonly block_snapshot_id?: number | string;
  readonly pool_id?: number | string;
}

/** Tasks are found by the UUID of their resource, deleted or not. */
const resourceIn = (plane: ControlPlane, given: ResourceParameters): string | undefined => {
  if (given.block_volume_id !== undefined) return plane.volumes.idOf(given.block_volume_id) ?? NOBODY;
  if (given.block_snapshot_id !== undefined) return plane.snapshots.idOf(given.block_snapshot_id) ?? NOBODY;
  if (given.pool_id !== undefined) return plane.pools.idOf(given.pool_id) ?? NOBODY;
  return given.resource_id;
};

const list: Route = {
  method: 'GET',
  path: PATH,
  handle: async (plane, { query }) => {
    const resources = { resource_id: anyText, block_volume_id: refParameter, block_snapshot_id: refParameter, pool_id: refParameter };
    const read = readQuery({ ...paging, ...resources, type: typeParameter, status: statusParameter }, query);
    if (E.isLeft(read)) return read;
    const { status, type } = read.right;
    const resourceId = resourceIn(plane, read.right);
    const filter = { ...(status === undefined ? {} : { status }), ...(type === undefined ? {} : { type }), ...(resourceId === undefined ? {} : { resourceId }) };
    return ok(pageBody('tasks', plane.tasks.list({ ...pageOf(read.right), ...filter }), taskBody));
  },
};

const one: Route = {
  method: 'GET',
  path: `${PATH}/:ref`,
  handle: async (plane, { ref, query }) => {
    const id = refIn(ref);
    if (E.isLeft(id)) return id;
    const read = readQuery({}, query);
    if (E.isLeft(read)) return read;
    const task = plane.tasks.get(id.right);
    return task === undefined ? E.left(refuseEngine('TaskNotFound', `there is no task ${id.right}`, { value: id.right })) : ok({ task: taskBody(task) });
  },
};

/** The resource of a task stands in the envelope of its own kind. */
const asAccepted = (answer: E.Either<Refusal, Accepted>): E.Either<Refusal, Reply> => {
  if (E.isLeft(answer)) return answer;
  return accepted(ENVELOPES[answer.right.resource.kind], resourceBody)(answer);
};

const resourceBody = (resource: ResourceView): object => {
  switch (resource.kind) {
    case 'volume':
      return volumeBody(resource);
    case 'snapshot':
      return snapshotBody(resource);
    case 'pool':
      return poolBody(resource);
  }
};

const verbs = verbRoute(PATH, {
  retry: async (plane, ref, { options }) => asAccepted(await plane.tasks.retry(ref, options)),
  abandon: async (plane, ref, { options }) => asAccepted(await plane.tasks.abandon(ref, options)),
  cancel: async (plane, ref, { options }) => asAccepted(await plane.tasks.cancel(ref, options)),
});

export const taskRoutes: readonly Route[] = [list, one, verbs];
