/** Tasks as readers see them: what the log tells, with what runs just now. */
import type { LiveWork, LiveWorks } from '../engine/drivers/live.ts';
import { pageOf } from './paging.ts';
import type { ResourceQueries } from './resources.ts';
import type { TaskRecord, TaskRecords } from './taskRecords.ts';
import type { Page, PageQuery, ResourceRef, TaskFilter, TaskStatus, TaskView } from './views.ts';

export interface TaskQueries {
  readonly get: (ref: ResourceRef) => TaskView | undefined;
  readonly list: (query?: PageQuery & TaskFilter) => Page<TaskView>;
  /** Ids of the tasks that run, or failed and wait for somebody, oldest first. */
  readonly unfinished: () => readonly string[];
  /** The next time a task changes, in the log or live. */
  readonly onChange: (listener: (id: string) => void) => () => void;
}

/** True for a task that nothing more happens to by itself. */
export const hasEnded = ({ status }: TaskView): boolean => status === 'succeeded' || status === 'failed' || status === 'cancelled' || status === 'refused';

/** Of several works under way, the one to show: a running one first. */
const foremost = (works: readonly LiveWork[]): LiveWork | undefined => works.find(({ phase }) => phase === 'running') ?? works.find(({ phase }) => phase === 'waiting') ?? works[0];

/** The status that users see, by the works under way. */
export const statusOf = (task: TaskRecord, works: readonly LiveWork[]): TaskStatus => (task.status === 'open' ? (foremost(works)?.phase ?? 'queued') : task.status);

const viewOf = (task: TaskRecord, works: readonly LiveWork[], number: number | null): TaskView => {
  const live = task.status === 'open' ? foremost(works) : undefined;
  const waits = live?.reason ?? null;
  return {
    id: task.id,
    number: task.number,
    type: task.type,
    status: statusOf(task, works),
    resource: { kind: task.kind, id: task.resourceId, number },
    step: live?.step ?? task.step,
    attempts: live?.attempts ?? 0,
    progress: live?.progress ?? null,
    error: waits === null ? task.error : { code: 'Waiting', message: waits },
    issuedBy: task.issuedBy,
    tenant: task.tenant,
    correlationId: task.correlationId,
    startedAt: task.startedAt,
    finishedAt: task.finishedAt,
  };
};

export const makeTasks = (records: TaskRecords, live: LiveWorks, { indexes }: Pick<ResourceQueries, 'indexes'>): TaskQueries => {
  const numberOf = ({ kind, resourceId }: TaskRecord): number | null => indexes[kind].numberOf(resourceId);
  const view = (task: TaskRecord | undefined): TaskView | undefined => (task === undefined ? undefined : viewOf(task, live.of(task.id), numberOf(task)));

  return {
    get: (ref) => {
      if (typeof ref === 'number') return view(records.at(ref));
      return view(records.get(ref) ?? (/^\d{1,15}$/.test(ref) ? records.at(Number(ref)) : undefined));
    },
    list: (query = {}) => {
      const { resourceId, status, type } = query;
      const numbers = resourceId === undefined ? records.numbers() : records.ofResource(resourceId).map(({ number }) => number).toSorted((a, b) => a - b);
      const matches = (number: number): boolean => {
        const task = records.at(number);
        if (task === undefined || (type !== undefined && task.type !== type)) return false;
        return status === undefined || statusOf(task, task.status === 'open' ? live.of(task.id) : []) === status;
      };
      return pageOf(numbers, query, (number) => view(records.at(number)), status === undefined && type === undefined ? undefined : matches);
    },
    unfinished: () => [...records.unfinished()],
    onChange: (listener) => {
      const stopRecords = records.onChange(listener);
      const stopLive = live.onChange(listener);
      return () => {
        stopRecords();
        stopLive();
      };
    },
  };
};
