/** Tasks, folded from the events of all streams as they come. */
import { attachmentOperations } from '@blockledger/domain';
import type { AccessPathState, ClientGroupState, HostState, PoolState, Refusal, SnapshotState, StoredEvent, VipGroupState, VolumeState } from '@blockledger/domain';
import { aggregates, idOf, type Kind } from '../engine/commands/aggregates.ts';
import type { Folded } from '../engine/commands/folding.ts';
import { isOfTenants, isResourceKind } from './kinds/index.ts';
import type { Keeping } from './kept.ts';
import { insert } from './numbered.ts';
import type { Change, States } from './states.ts';
import { endAtRest, taskChangeOf, type OperationEvent, type TaskChange } from './taskChanges/index.ts';
import type { ResourceKindName, TaskError, TaskType } from './views.ts';

/** A task as the log tells it; what runs just now is added when it is looked at. */
export interface TaskRecord {
  readonly id: string;
  readonly number: number;
  readonly type: TaskType;
  readonly kind: ResourceKindName;
  readonly resourceId: string;
  readonly issuedBy: string;
  readonly tenant: string;
  readonly correlationId: string;
  readonly startedAt: number;
  readonly finishedAt: number | null;
  /** From this position of the log on its end is known here; null before it. Behind that of its event where a later event was known before. */
  readonly endedBy: number | null;
  readonly status: 'open' | 'failed' | 'succeeded' | 'cancelled' | 'refused';
  readonly error: TaskError | null;
  readonly step: string | null;
  /** Given up; what it left is being cleaned away. */
  readonly abandoned: boolean;
  /** Trace context of the command that began it. */
  readonly traceparent: string | undefined;
  /** Trace context of the latest command that asked for its work again: a retry, or giving it up. */
  readonly askedAgainBy: string | undefined;
  /** Since when its work is owed: since it began, or since it was last asked for again. */
  readonly owedSince: number;
}

export type EndedStatus = Exclude<TaskRecord['status'], 'open' | 'failed'>;

export interface TaskRecords {
  readonly get: (id: string) => TaskRecord | undefined;
  readonly at: (number: number) => TaskRecord | undefined;
  readonly numbers: () => readonly number[];
  /** Numbers of a tenant's tasks, those of pools left out: pools are everybody's. */
  readonly ofTenant: (tenant: string) => readonly number[];
  readonly ofResource: (resourceId: string) => readonly TaskRecord[];
  /** Tasks that run, or failed and wait for somebody, by id. */
  readonly unfinished: () => Iterable<string>;
  /** How many are kept that ended so. */
  readonly endedCount: (status: EndedStatus) => number;
  /** Told of each change, with the record as it was before; undefined for a new one. */
  readonly onChange: (listener: (id: string, before: TaskRecord | undefined) => void) => () => void;
}

/** The operations that a resource still has under way, for tasks whose end no event tells: replaced, given up, gone with the volume. */
const underWay = (kind: Kind, state: unknown): ReadonlySet<string> => {
  switch (kind) {
    case 'volume': {
      const { operation, update, volume } = state as VolumeState;
      return new Set([operation?.operationId, update?.operationId, ...(volume === null ? [] : attachmentOperations(volume))].filter((id) => id !== undefined));
    }
    case 'snapshot': {
      const { operationId, stage } = state as SnapshotState;
      return new Set(operationId === null || stage === null ? [] : [operationId]);
    }
    case 'pool': {
      const { operationId, lifecycle, releasing } = state as PoolState;
      return new Set(operationId !== null && (lifecycle === 'registering' || releasing) ? [operationId] : []);
    }
    case 'host': {
      const { operationId, lifecycle, dues, host, admission } = state as HostState;
      const adding = (host?.addresses ?? []).filter(({ number }) => number === null);
      return new Set([...(operationId !== null && lifecycle === 'registering' ? [operationId] : []), ...(admission?.at === null ? [admission.operationId] : []), ...[...adding, ...dues].map((one) => one.operationId)]);
    }
    case 'clientGroup': {
      const { operationId, lifecycle, rename, dues } = state as ClientGroupState;
      return new Set([...(operationId !== null && lifecycle === 'creating' ? [operationId] : []), ...(rename === null ? [] : [rename.operationId]), ...dues.map((due) => due.operationId)]);
    }
    case 'accessPath':
      return new Set((state as AccessPathState).operations.map(({ operationId }) => operationId));
    case 'vipGroup':
      return new Set((state as VipGroupState).operations.map(({ operationId }) => operationId));
    case 'backend':
    case 'token':
    case 'webhook':
    case 'reservation':
      return new Set();
  }
};

const isEnded = (status: TaskRecord['status']): status is EndedStatus => status !== 'open' && status !== 'failed';

const isOpen = ({ status }: TaskRecord): boolean => !isEnded(status);

interface Begun {
  readonly change: Extract<TaskChange, { to: 'begun' }>;
  readonly kind: ResourceKindName;
  /** Whose the resource is; who asked may belong to another. */
  readonly tenant: string | undefined;
}

const begin = (id: string, { change, kind, tenant }: Begun, { stored }: Folded): TaskRecord => ({
  id,
  number: stored.position + 1,
  type: change.type,
  kind: change.resource?.kind ?? kind,
  resourceId: change.resource?.id ?? idOf(stored.stream),
  issuedBy: stored.meta.issuedBy,
  tenant: tenant ?? stored.meta.tenant,
  // Nearly always they are the same, and one text is kept for both.
  correlationId: stored.meta.correlationId === id ? id : stored.meta.correlationId,
  startedAt: stored.meta.at,
  finishedAt: null,
  endedBy: null,
  status: 'open',
  error: null,
  step: null,
  abandoned: false,
  traceparent: stored.meta.traceparent,
  askedAgainBy: undefined,
  owedSince: stored.meta.at,
});

const errorOf = (refusal: Refusal): TaskError => ({ code: refusal._tag, message: refusal.message, refusal });

/** When a task ended, by the clock and by the log. */
type End = Pick<TaskRecord, 'finishedAt' | 'endedBy'>;

/** The task after a change; the same where it does not concern it. */
const applied = (task: TaskRecord, change: TaskChange, { meta: { at, traceparent }, end }: { readonly meta: StoredEvent['meta']; readonly end: End }): TaskRecord => {
  switch (change.to) {
    case 'begun':
      return task;
    case 'succeeded':
      return change.types.includes(task.type) && isOpen(task)
        ? { ...task, ...end, status: task.abandoned ? 'cancelled' : 'succeeded', error: task.abandoned ? task.error : null, step: null }
        : task;
    case 'cancelled':
      return change.types.includes(task.type) && isOpen(task) ? { ...task, ...end, status: 'cancelled' } : task;
    case 'refused':
      return change.types.includes(task.type) ? { ...task, ...end, status: 'refused', error: errorOf(change.refusal) } : task;
    case 'delayed':
      return isOpen(task) ? { ...task, error: change.error, step: change.work } : task;
    case 'failed':
      return isOpen(task) ? { ...task, status: 'failed', error: change.error, step: change.work } : task;
    case 'retried':
      return task.status === 'failed' ? { ...task, status: 'open', error: null, askedAgainBy: traceparent, owedSince: at } : task;
    case 'stepped':
      return task.status === 'open' && task.error !== null ? { ...task, error: null, step: null } : task;
    case 'abandoned':
      return isOpen(task) ? { ...task, status: 'open', abandoned: true, askedAgainBy: traceparent, owedSince: at } : task;
  }
};

/** How far beyond its bound a list may grow before it is cut: a tenth. */
const slack = (bound: number): number => Math.ceil(bound / 10);

const listIn = (lists: Map<string, number[]>, key: string): number[] => {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
};

/** Ids by a key, without those that have none. */
const makeSets = () => {
  const sets = new Map<string, Set<string>>();
  return {
    of: (key: string): ReadonlySet<string> | undefined => sets.get(key),
    add: (key: string, id: string): void => void sets.set(key, (sets.get(key) ?? new Set()).add(id)),
    remove: (key: string, id: string): void => {
      const ids = sets.get(key);
      if (ids?.delete(id) === true && ids.size === 0) sets.delete(key);
    },
  };
};

const makeStorage = (finishedKept: number) => {
  const byId = new Map<string, TaskRecord>();
  const idByNumber = new Map<number, string>();
  const numbers: number[] = [];
  const byResource = makeSets();
  /** Of a resource only those that no end is known of: what each of its events looks through. */
  const openOf = makeSets();
  const byTenant = new Map<string, number[]>();
  const unfinished = new Set<string>();
  const ended: Record<EndedStatus, number> = { succeeded: 0, cancelled: 0, refused: 0 };
  const count = ({ id, resourceId, status }: TaskRecord, by: 1 | -1): void => {
    if (isEnded(status)) {
      ended[status] += by;
    } else if (by === 1) {
      unfinished.add(id);
      openOf.add(resourceId, id);
    } else {
      unfinished.delete(id);
      openOf.remove(resourceId, id);
    }
  };
  const forget = (task: TaskRecord): void => {
    count(task, -1);
    byId.delete(task.id);
    idByNumber.delete(task.number);
    byResource.remove(task.resourceId, task.id);
  };
  let roomUntil = finishedKept + slack(finishedKept);
  /** Forgets the oldest finished tasks, many at once: one by one, each would cost a walk over all that are kept. */
  const makeRoom = (): void => {
    if (numbers.length <= roomUntil) return;
    let surplus = numbers.length - finishedKept;
    let kept = 0;
    for (const number of numbers) {
      const task = byId.get(idByNumber.get(number) ?? '');
      if (surplus > 0 && task !== undefined && !isOpen(task)) {
        forget(task);
        surplus -= 1;
      } else {
        numbers[kept] = number;
        kept += 1;
      }
    }
    numbers.length = kept;
    for (const [tenant, own] of byTenant) byTenant.set(tenant, own.filter((number) => idByNumber.has(number)));
    roomUntil = Math.max(finishedKept, kept) + slack(Math.max(finishedKept, kept));
  };
  return {
    byId,
    idByNumber,
    numbers,
    byResource,
    openOf,
    byTenant,
    unfinished,
    ended,
    put: (task: TaskRecord): void => {
      const before = byId.get(task.id);
      if (before !== undefined) count(before, -1);
      count(task, 1);
      byId.set(task.id, task);
      if (before !== undefined) return;
      idByNumber.set(task.number, task.id);
      insert(numbers, task.number);
      if (isOfTenants(task.kind)) insert(listIn(byTenant, task.tenant), task.number);
      byResource.add(task.resourceId, task.id);
      makeRoom();
    },
  };
};

/** Task records over the states; make them before the log is replayed. */
export const makeTaskRecords = (states: States, finishedKept: number): TaskRecords & Keeping => {
  const { byId, idByNumber, numbers, byResource, openOf, byTenant, unfinished, ended, put } = makeStorage(finishedKept);
  const listeners = new Set<(id: string, before: TaskRecord | undefined) => void>();

  const store = (task: TaskRecord): void => {
    const before = byId.get(task.id);
    put(task);
    for (const listener of listeners) listener(task.id, before);
  };

  /** Events of different streams may become known in another order than the log has them: who knew the later one has not been told of the earlier. */
  const endWith = ({ meta, position }: StoredEvent): End => {
    const head = states.head();
    return { finishedAt: meta.at, endedBy: position === head ? position : head + 1 };
  };

  const onEvent = (kind: ResourceKindName, tenant: string | undefined, folded: Folded): void => {
    if (!('operationId' in folded.event)) return;
    const event = folded.event as OperationEvent;
    const change = taskChangeOf(kind, event);
    if (change === undefined) return;
    const task = byId.get(event.operationId);
    if (task === undefined) {
      if (change.to === 'begun') store(begin(event.operationId, { change, kind, tenant }, folded));
      return;
    }
    const next = applied(task, change, { meta: folded.stored.meta, end: endWith(folded.stored) });
    if (next !== task) store(next);
  };

  /** Tasks of this resource that its state no longer knows of ended, whatever no event said. */
  const sweep = ({ kind, stream, after, folded }: Change): void => {
    const open = openOf.of(idOf(stream));
    const last = folded.at(-1);
    if (open === undefined || last === undefined) return;
    const known = underWay(kind, after);
    for (const id of open) {
      const task = byId.get(id);
      if (task === undefined || known.has(id)) continue;
      store({ ...task, ...endWith(last.stored), status: endAtRest(task.type) });
    }
  };

  states.onChange((change) => {
    const { kind } = change;
    if (!isResourceKind(kind)) return;
    const tenant = aggregates[kind].tenantOf(change.after);
    for (const folded of change.folded) onEvent(kind, tenant, folded);
    sweep(change);
  });

  return {
    keeps: {
      name: 'tasks',
      take: () => [...byId.values()],
      put: (items) => {
        // JSON knows no `undefined`.
        for (const task of items as readonly TaskRecord[]) put({ ...task, traceparent: task.traceparent, askedAgainBy: task.askedAgainBy });
      },
    },
    get: (id) => byId.get(id),
    at: (number) => byId.get(idByNumber.get(number) ?? ''),
    numbers: () => numbers,
    ofTenant: (tenant) => byTenant.get(tenant) ?? [],
    unfinished: () => unfinished,
    ofResource: (resourceId) => [...(byResource.of(resourceId) ?? [])].flatMap((id) => byId.get(id) ?? []),
    endedCount: (status) => ended[status],
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
};
