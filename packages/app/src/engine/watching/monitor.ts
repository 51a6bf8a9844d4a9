/** How the engine does just now: what is owed and since when, what waits, how far it has read. Served from memory. */
import type { Refusal } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { States } from '../../queries/states.ts';
import type { Lookup } from '../../queries/kinds/lookup.ts';
import { statusOf } from '../../queries/tasks.ts';
import type { TaskRecord, TaskRecords } from '../../queries/taskRecords.ts';
import type { TaskStatus } from '../../queries/views.ts';
import { refusalOfStore } from '../commands/commandHandler.ts';
import type { Answer } from '../controlPlane.ts';
import type { Driver, OwedPhase } from '../drivers/driver.ts';
import type { LiveWorks } from '../drivers/live.ts';
import type { CallQueue } from '../drivers/performer.ts';
import type { Leases, LeaseView } from '../leases/leases.ts';
import type { Engine } from '../parts.ts';
import type { BackendCheck } from '../audit/backendChecks.ts';
import type { AuditNote, Rounds } from '../audit/rounds.ts';

/** A piece of owed work. `scheduled`: not due yet. `waiting`: between attempts, kept for a pause, or behind other work. `elsewhere`: another process has it. */
export interface OwedView {
  readonly stream: string;
  readonly operationId: string;
  readonly kind: 'tell' | 'perform';
  /** For people; may hold ids. */
  readonly step: string;
  readonly phase: OwedPhase;
  /** Since when, in ms since 1970: when its operation was asked for, or asked for again; of work for a later moment, that moment. */
  readonly dueSince: number;
}

/** How the engine does just now. */
export interface PlaneStatus {
  /** Position of the last event that is folded; −1 before any. */
  readonly position: number;
  /** Streams with commands under way or waiting. */
  readonly busyStreams: number;
  /** Calls by backend. */
  readonly queues: readonly CallQueue[];
  readonly owed: readonly OwedView[];
  /** Tasks that are kept, by status. */
  readonly tasks: Readonly<Record<TaskStatus, number>>;
  /** How the work is divided among the processes that share the store; null where this one is alone. */
  readonly leases: LeaseView | null;
}

/** Looking after a control plane, for figures and health checks. */
export interface Monitor {
  /** How everything stands now; cheap, from memory. */
  readonly status: () => PlaneStatus;
  /** Position of the last event stored, asked of the store. */
  readonly storeHead: () => Answer<number>;
  /** How each backend answered when it was last asked, in the background (`backendCheckEveryMs`). */
  readonly backends: () => readonly BackendCheck[];
  /** The latest comparison of log and backends: by itself (`auditEveryMs`), or asked for with `drift`. */
  readonly lastAudit: () => AuditNote | null;
}

export interface MonitorParts {
  readonly engine: Pick<Engine, 'clock' | 'store'>;
  readonly states: Pick<States, 'head'>;
  readonly records: TaskRecords;
  readonly driver: Pick<Driver, 'owed'>;
  readonly queues: () => readonly CallQueue[];
  readonly busyStreams: () => number;
  readonly live: Pick<LiveWorks, 'of'>;
  readonly rounds: Pick<Rounds, 'backends' | 'lastAudit'>;
  readonly leases: Pick<Leases, 'view' | 'isElsewhere'>;
  readonly lookup: Lookup;
}

/** How many tasks there are, by status. */
export const countTasks = ({ records, live, leases, lookup }: Pick<MonitorParts, 'records' | 'live' | 'leases' | 'lookup'>): PlaneStatus['tasks'] => {
  const counts: Record<TaskStatus, number> = {
    queued: 0,
    running: 0,
    waiting: 0,
    succeeded: records.endedCount('succeeded'),
    failed: 0,
    cancelled: records.endedCount('cancelled'),
    refused: records.endedCount('refused'),
  };
  const sources = { records, live, lookup, isElsewhere: leases.isElsewhere };
  for (const id of records.unfinished()) {
    const task = records.get(id);
    if (task !== undefined) counts[statusOf(task, sources)] += 1;
  }
  return counts;
};

export const makeMonitor = ({ engine, states, records, driver, queues, busyStreams, live, rounds, leases, lookup }: MonitorParts): Monitor => {
  const startedAt = engine.clock.nowMs();
  const sinceOf = (task: TaskRecord | undefined, notBefore: number | undefined): number => Math.max(task?.owedSince ?? notBefore ?? startedAt, notBefore ?? 0);
  return {
    backends: rounds.backends,
    lastAudit: rounds.lastAudit,
    status: () => ({
      position: states.head(),
      busyStreams: busyStreams(),
      queues: queues(),
      owed: driver.owed().map(({ stream, work, phase }) => {
        const { operationId, kind, step, notBefore } = work;
        return { stream, operationId, kind, step, phase, dueSince: sinceOf(records.get(operationId), notBefore) };
      }),
      tasks: countTasks({ records, live, leases, lookup }),
      leases: leases.view(),
    }),
    storeHead: async (): Promise<E.Either<Refusal, number>> => E.mapLeft(refusalOfStore)(await engine.store.head()()),
  };
};
