/** Tasks as readers see them: what the log tells, with what runs just now. */
import type { LiveWork, LiveWorks } from '../engine/drivers/live.ts';
import { awaitedBy, waitingFor } from './awaited.ts';
import { kindNames } from './kinds/index.ts';
import { listingOf, type Listing } from './pageQueries.ts';
import type { ResourceQueries } from './resources.ts';
import { fieldsOf, sortedPage, type SortReaders } from './sorting.ts';
import type { Sorted, TaskSortField } from './sortViews.ts';
import { stepOf, wordingFor } from './stepWords.ts';
import type { TaskRecord, TaskRecords } from './taskRecords.ts';
import type { PageQuery, ResourceRef, TaskStatus, TaskView } from './views.ts';
import type { TaskFilter } from './workFilters.ts';

/** What a list of tasks takes. */
export type TaskQuery = PageQuery & TaskFilter & Sorted<TaskSortField>;

export interface TaskQueries extends Listing<TaskView, TaskQuery> {
  readonly get: (ref: ResourceRef) => TaskView | undefined;
  /** Ids of the tasks that run, or failed and wait for somebody, oldest first. */
  readonly unfinished: () => readonly string[];
  /** Ids of the tasks whose end became known behind this position of the log. */
  readonly endedAfter: (position: number) => readonly string[];
  /** From which position of the log on a task's end is known; undefined for one that has not ended, and for one that was forgotten. */
  readonly endedBy: (id: string) => number | undefined;
  /** The next time a task changes, in the log or live. */
  readonly onChange: (listener: (id: string) => void) => () => void;
}

/** True for a task that nothing more happens to by itself. */
export const hasEnded = ({ status }: TaskView): boolean => status === 'succeeded' || status === 'failed' || status === 'cancelled' || status === 'refused';

/** Of several works under way, the one to show: a running one first. */
const foremost = (works: readonly LiveWork[]): LiveWork | undefined => works.find(({ phase }) => phase === 'running') ?? works.find(({ phase }) => phase === 'waiting') ?? works[0];

/** Whether another process works on a stream; how far it is there nobody knows here. */
export type IsElsewhere = (stream: string) => boolean;

/** What tasks are shown with. */
type Shown = Pick<ResourceQueries, 'indexes' | 'lookup'> & { readonly isElsewhere: IsElsewhere };

/** What is known of tasks, in the log and live. */
export interface TaskSources extends Pick<Shown, 'lookup' | 'isElsewhere'> {
  readonly records: Pick<TaskRecords, 'get'>;
  readonly live: Pick<LiveWorks, 'of'>;
}

/** What is known of a task just now: its status, its own works, and the task whose work its own is where it has none: what an access path does for an attachment. */
interface Looked {
  readonly status: TaskStatus;
  readonly works: readonly LiveWork[];
  readonly doer: TaskRecord | undefined;
}

const statusFrom = (task: TaskRecord, { works, doer }: Omit<Looked, 'status'>, sources: TaskSources): TaskStatus => {
  if (task.status !== 'open') return task.status;
  if (doer?.status === 'failed') return 'waiting';
  // What it waited for is done, and is about to be told.
  if (doer !== undefined) return doer.status === 'open' ? statusOf(doer, sources) : 'running';
  return foremost(works)?.phase ?? (sources.isElsewhere(`${task.kind}-${task.resourceId}`) ? 'running' : 'queued');
};

const look = (task: TaskRecord, sources: TaskSources): Looked => {
  const works = task.status === 'open' ? sources.live.of(task.id) : [];
  const doer = task.status === 'open' && works.length === 0 ? awaitedBy(task, sources.records, sources.lookup) : undefined;
  return { status: statusFrom(task, { works, doer }, sources), works, doer };
};

/** The status that users see, by the works under way. */
export const statusOf = (task: TaskRecord, sources: TaskSources): TaskStatus => look(task, sources).status;

const viewOf = (task: TaskRecord, sources: TaskSources, { indexes, lookup }: Shown): TaskView => {
  const { status, works, doer } = look(task, sources);
  const { step, attempts, progress, error } = doer === undefined ? nowOf(task, works, lookup) : nowOf(doer, sources.live.of(doer.id), lookup);
  return {
    id: task.id,
    number: task.number,
    type: task.type,
    status,
    resource: { kind: task.kind, id: task.resourceId, number: indexes[task.kind].numberOf(task.resourceId) },
    step,
    attempts,
    progress,
    error: doer?.status === 'failed' ? { code: 'Waiting', message: `task ${doer.number} failed, and waits for somebody to retry it: ${doer.error?.message ?? 'it does not say why'}` } : error,
    issuedBy: task.issuedBy,
    tenant: task.tenant,
    correlationId: task.correlationId,
    startedAt: task.startedAt,
    finishedAt: task.finishedAt,
  };
};

/** How far the work of a task is. */
const nowOf = (task: TaskRecord, works: readonly LiveWork[], lookup: Shown['lookup']): Pick<TaskView, 'step' | 'attempts' | 'progress' | 'error'> => {
  const live = task.status === 'open' ? foremost(works) : undefined;
  const waits = live?.reason ?? null;
  const step = live?.step ?? task.step;
  return {
    step: step === null ? null : wordingFor(lookup, task.kind, task.resourceId)(stepOf(step)),
    attempts: live?.attempts ?? 0,
    progress: live?.progress ?? null,
    error: waits === null ? task.error : { code: 'Waiting', message: waits },
  };
};

const TASK_STATUSES: readonly TaskStatus[] = ['queued', 'running', 'waiting', 'succeeded', 'failed', 'cancelled', 'refused'];

/** What of a task a filter looks at; a view and a record both have it. */
interface Asked {
  readonly type: TaskView['type'];
  readonly tenant: string;
  readonly issuedBy: string;
  readonly startedAt: number;
}

/** Whether a task is wanted. Its status is worked out only where it is asked about. */
export const taskMatcher = ({ status, type, kind, tenant, issuedBy, since, until }: TaskFilter): ((task: Asked & { readonly kind: string }, statusNow: () => TaskStatus) => boolean) => {
  const statuses = status === undefined ? undefined : new Set([status].flat());
  return (task, statusNow) =>
    (type === undefined || task.type === type) &&
    (kind === undefined || task.kind === kind) &&
    (tenant === undefined || task.tenant === tenant) &&
    (issuedBy === undefined || task.issuedBy === issuedBy) &&
    (since === undefined || task.startedAt >= since) &&
    (until === undefined || task.startedAt < until) &&
    (statuses === undefined || statuses.has(statusNow()));
};

/** Without a filter nothing but the page is looked at. */
const isFiltered = ({ status, type, kind, tenant, issuedBy, since, until }: TaskFilter): boolean =>
  [status, type, kind, tenant, issuedBy, since, until].some((one) => one !== undefined);

export const makeTasks = (records: TaskRecords, live: LiveWorks, shown: Shown): TaskQueries => {
  const sources: TaskSources = { records, live, lookup: shown.lookup, isElsewhere: shown.isElsewhere };
  const view = (task: TaskRecord | undefined): TaskView | undefined => (task === undefined ? undefined : viewOf(task, sources, shown));

  const readers: SortReaders<TaskSortField> = {
    number: (number) => number,
    type: (number) => records.at(number)?.type ?? null,
    status: (number) => {
      const task = records.at(number);
      return task === undefined ? null : statusOf(task, sources);
    },
    startedAt: (number) => records.at(number)?.startedAt ?? null,
    finishedAt: (number) => records.at(number)?.finishedAt ?? null,
  };
  const kind = { name: 'tasks', fields: fieldsOf(readers), statuses: TASK_STATUSES, words: { kind: kindNames } };

  return {
    get: (ref) => {
      if (typeof ref === 'number') return view(records.at(ref));
      return view(records.get(ref) ?? (/^\d{1,15}$/.test(ref) ? records.at(Number(ref)) : undefined));
    },
    ...listingOf(kind, (query: TaskQuery) => {
      const { resourceId } = query;
      const numbers = resourceId === undefined ? records.numbers() : records.ofResource(resourceId).map(({ number }) => number).toSorted((a, b) => a - b);
      const wanted = taskMatcher(query);
      const matches = (number: number): boolean => {
        const task = records.at(number);
        return task !== undefined && wanted(task, () => statusOf(task, sources));
      };
      return sortedPage({ ...kind, numbers, view: (number) => view(records.at(number)), matches: isFiltered(query) ? matches : undefined, readers }, query);
    }),
    unfinished: () => [...records.unfinished()],
    endedAfter: (position) =>
      records.numbers().flatMap((number) => {
        const task = records.at(number);
        return task !== undefined && task.endedBy !== null && task.endedBy > position ? [task.id] : [];
      }),
    endedBy: (id) => records.get(id)?.endedBy ?? undefined,
    onChange: (listener) => {
      const tell = (id: string): void => {
        listener(id);
        const task = records.get(id);
        if (task !== undefined) for (const waiting of waitingFor(task, shown.lookup)) listener(waiting);
      };
      const stopRecords = records.onChange(tell);
      const stopLive = live.onChange(tell);
      return () => {
        stopRecords();
        stopLive();
      };
    },
  };
};
