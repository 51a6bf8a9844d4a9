/** From events to tasks: which events begin a task, and which end it (S0-6, S0-135). One file per kind of resource. */
import type { AccessPathEvent, ClientGroupEvent, HostEvent, PoolEvent, SnapshotEvent, Tagged, VipGroupEvent, VolumeEvent } from '@blockledger/domain';
import type { ResourceKindName, TaskType } from '../views.ts';
import { accessPathTasks } from './accessPath.ts';
import type { TaskChange } from './change.ts';
import { clientGroupTasks } from './clientGroup.ts';
import { hostTasks } from './host.ts';
import { poolTasks } from './pool.ts';
import { snapshotTasks } from './snapshot.ts';
import { vipGroupTasks } from './vipGroup.ts';
import { volumeTasks } from './volume.ts';

export type { TaskChange } from './change.ts';

/** Any event that tells of an operation. */
export type OperationEvent = Tagged & { readonly operationId: string };

/** Events were decoded by the codecs of their kind. */
const TABLE: { readonly [K in ResourceKindName]: (event: Tagged) => TaskChange | undefined } = {
  volume: (event) => volumeTasks(event as VolumeEvent),
  snapshot: (event) => snapshotTasks(event as SnapshotEvent),
  pool: (event) => poolTasks(event as PoolEvent),
  host: (event) => hostTasks(event as HostEvent),
  clientGroup: (event) => clientGroupTasks(event as ClientGroupEvent),
  accessPath: (event) => accessPathTasks(event as AccessPathEvent),
  vipGroup: (event) => vipGroupTasks(event as VipGroupEvent),
};

/** What an event means for its operation's task; undefined for steps in between. */
export const taskChangeOf = (kind: ResourceKindName, event: OperationEvent): TaskChange | undefined => TABLE[kind](event);

/** Tasks that have done what was asked when nothing of them is owed any more, which no event tells. */
const DONE_AT_REST: ReadonlySet<TaskType> = new Set<TaskType>(['DeletePool', 'DeleteHost', 'RemoveNetworkAddress', 'DeleteClientGroup']);

/** How a task ended that its resource no longer knows of. */
export const endAtRest = (type: TaskType): 'succeeded' | 'cancelled' => (DONE_AT_REST.has(type) ? 'succeeded' : 'cancelled');
