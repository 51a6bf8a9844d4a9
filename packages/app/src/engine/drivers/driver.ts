/**
 * Drivers: after each append a stream is looked at, and what it owes and is not under way is started. Generic over aggregates.
 * Work under way that is no longer owed is stopped, and awaited before other calls for the same stream begin: that is how cancelling works.
 */
import { placeOf, TAKEN_OVER, type PortError } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { States } from '../../queries/states.ts';
import type { TaskRecords } from '../../queries/taskRecords.ts';
import { aggregates, type OwedWork } from '../commands/aggregates.ts';
import type { DrainReport } from '../controlPlane.ts';
import type { Chain, WorkEnd, WorkNote } from '../watching/observer.ts';
import { logged, traced, watched } from '../watching/observing.ts';
import type { Leases, ShardWorker } from '../leases/leases.ts';
import type { Engine } from '../parts.ts';
import type { Aftermath } from './aftermath.ts';
import { backoffMs } from './backoff.ts';
import { drainCalls } from './draining.ts';
import type { Gate } from './gate.ts';
import type { LiveWorks } from './live.ts';
import { isDestructive, type Marks } from './marks.ts';
import { isSingle } from './single.ts';
import type { Tenure } from './tenure.ts';
import type { PerformEnd, Performer } from './performer.ts';
import type { EndedWork, Teller } from './teller.ts';
import { makeTelling } from './telling.ts';
import { makeWakes } from './wakes.ts';

interface Running {
  readonly work: OwedWork;
  readonly controller: AbortController;
  readonly ended: Promise<PerformEnd>;
}

/** Work that was done and is owed still, or could not be told: not again before `until`. */
interface Resting {
  readonly until: number;
  readonly tries: number;
}

/** Work that is being carried out. */
interface Carrying {
  readonly stream: string;
  readonly work: OwedWork;
  readonly signal: AbortSignal;
  readonly chain: Chain;
}

const endOfWork = (end: PerformEnd): WorkEnd => {
  if (typeof end === 'string') return { outcome: end };
  const { _tag: outcome } = end;
  if ('error' in end) return { outcome, error: end.error };
  return 'refusal' in end ? { outcome, refusal: end.refusal } : { outcome };
};

interface StreamWorks {
  readonly running: Map<string, Running>;
  readonly resting: Map<string, Resting>;
}

/** What becomes of owed work: `scheduled` is not due yet, `waiting` is between attempts, parked, or behind other work, `elsewhere` is another process's. */
export type OwedPhase = 'queued' | 'running' | 'waiting' | 'scheduled' | 'elsewhere';

/** Owed work and what becomes of it. */
export interface OwedNow {
  readonly stream: string;
  readonly work: OwedWork;
  readonly phase: OwedPhase;
}

export interface Driver extends ShardWorker {
  readonly look: (stream: string) => void;
  /** Looks at every stream that is ours; from now on every change is looked at. */
  readonly start: () => void;
  /** Calls no backend any more: calls that run may end within so long, then they are handed back. Others are told as before. */
  readonly drain: (graceMs: number) => Promise<DrainReport>;
  /** Stops what runs and waits for it. */
  readonly stop: () => Promise<void>;
  /** Resolves when nothing runs. */
  readonly idle: () => Promise<void>;
  /** Everything that is owed just now. */
  readonly owed: () => readonly OwedNow[];
}

export interface DriverParts {
  readonly engine: Pick<Engine, 'clock' | 'ids' | 'limits' | 'logger' | 'observing'>;
  readonly states: States;
  readonly tasks: Pick<TaskRecords, 'get'>;
  readonly teller: Teller;
  readonly performer: Performer;
  readonly gate: Gate;
  readonly marks: Marks;
  readonly live: LiveWorks;
  readonly aftermath: Aftermath;
  readonly leases: Leases;
  readonly tenure: Tenure;
}

export const makeDriver = ({ engine, states, tasks, teller, performer, gate, marks, live, aftermath, leases, tenure }: DriverParts): Driver => {
  const { clock, ids, limits, logger, observing } = engine;
  const telling = makeTelling({ engine, teller, live });
  const streams = new Map<string, StreamWorks>();
  const parked = new Map<string, Map<string, OwedWork>>();
  const owing = new Set<string>();
  const idleWaiters: (() => void)[] = [];
  let runningCount = 0;
  let isOn = false;

  const worksOf = (stream: string): StreamWorks => {
    const works = streams.get(stream) ?? { running: new Map<string, Running>(), resting: new Map<string, Resting>() };
    streams.set(stream, works);
    return works;
  };

  const owedBy = (stream: string): readonly OwedWork[] => {
    const entry = states.peek(stream);
    return entry?.state === undefined ? [] : aggregates[entry.kind].owed(entry.state);
  };

  const isOwed = (stream: string, workId: string): boolean => owedBy(stream).some((work) => work.workId === workId);

  const noteOf = (stream: string, work: OwedWork): WorkNote => {
    const { kind, step, workId, operationId } = work;
    const task = tasks.get(operationId);
    return {
      kind,
      stream,
      step,
      workId,
      operationId,
      // What nobody asked for, such as emptying the trash, begins a chain of its own.
      correlationId: task?.correlationId ?? operationId,
      ...traced(task?.traceparent),
      ...(task?.askedAgainBy === undefined ? {} : { askedAgainBy: task.askedAgainBy }),
      ...(work.kind === 'tell' ? {} : { ...(work.on === 'block' ? { poolId: work.poolId } : {}), backend: placeOf(work).backend }),
    };
  };

  const settle = async (ended: EndedWork): Promise<void> => {
    const { stream, work, outcome, chain } = ended;
    const settled = await teller.settle(ended);
    if (E.isLeft(settled)) {
      logger.error({ ...logged(chain), stream, workId: work.workId, outcome: outcome._tag, refusal: settled.left }, 'the outcome of work could not be stored');
      return;
    }
    const confirmed = settled.right;
    if (confirmed === undefined || outcome._tag !== 'Performed' || work.kind !== 'perform' || !isDestructive(work)) return;
    if (confirmed.position >= 0) marks.note(work.poolId, confirmed.position);
  };

  const perform = ({ stream, work, signal, chain }: Carrying): Promise<PerformEnd> => {
    const onDelayed = (error: PortError): Promise<void> => settle({ stream, work, outcome: { _tag: 'Delayed', error }, chain });
    if (work.kind === 'perform') return performer.perform({ stream, work, signal, chain, onDelayed });
    return telling({ stream, work, signal, chain, isOwed: () => isOwed(stream, work.workId), onDelayed });
  };

  /** Others may have done it, or may be about to tell that they have: first all is read that they can have written. */
  const isOurs = async ({ stream, work, chain }: Carrying): Promise<boolean> => {
    if (!(await tenure.isRead(stream)) || !leases.keeps(stream) || !isOwed(stream, work.workId)) return false;
    if (work.kind !== 'perform' || !isSingle(work) || (await tenure.isOurOwn(stream, work.operationId))) return true;
    // Behind this event no append of an earlier owner fits any more.
    const error: PortError = { _tag: 'Retryable', code: TAKEN_OVER, message: 'the process that was to do this is gone, and another one does it', outcomeUnknown: true };
    const said = await teller.settle({ stream, work, outcome: { _tag: 'Delayed', error }, chain, once: `taken over ${leases.termOf(stream)}` });
    return E.isRight(said) && leases.keeps(stream) && isOwed(stream, work.workId);
  };

  const carryOut = async (carrying: Carrying): Promise<PerformEnd> => {
    if (leases.termOf(carrying.stream) !== 0 && !(await isOurs(carrying))) return 'stopped';
    const end = await perform(carrying);
    if (typeof end !== 'string') await settle({ ...carrying, outcome: end });
    return end;
  };

  /** Keeps work that is still owed after it was carried out from spinning. */
  const rest = (stream: string, work: OwedWork): void => {
    const { resting } = worksOf(stream);
    const tries = (resting.get(work.workId)?.tries ?? 0) + 1;
    const until = clock.nowMs() + backoffMs(limits, tries, ids.random());
    resting.set(work.workId, { until, tries });
    wakes.at(stream, until);
  };

  const park = (stream: string, work: OwedWork, reason: string | undefined): void => {
    const works = parked.get(stream) ?? new Map<string, OwedWork>();
    if (!works.has(work.workId)) live.update(stream, work, { phase: 'waiting', reason: reason ?? null, progress: null });
    works.set(work.workId, work);
    parked.set(stream, works);
  };

  const unpark = (stream: string, work: OwedWork): void => {
    const works = parked.get(stream);
    if (works?.delete(work.workId) === true && works.size === 0) parked.delete(stream);
  };

  const ended = (stream: string, work: OwedWork, end: PerformEnd): void => {
    worksOf(stream).running.delete(work.workId);
    live.remove(stream, work);
    runningCount -= 1;
    const isKept = end === 'parked' || !leases.holds(stream) || (work.kind === 'perform' && gate.closed(work) !== undefined);
    if (isOn && !isKept && isOwed(stream, work.workId)) rest(stream, work);
    look(stream);
    const works = streams.get(stream);
    if (works !== undefined && works.running.size === 0 && works.resting.size === 0) streams.delete(stream);
    if (runningCount === 0) for (const resolve of idleWaiters.splice(0)) resolve();
  };

  const run = async (stream: string, work: OwedWork, controller: AbortController): Promise<PerformEnd> => {
    let end: PerformEnd = 'stopped';
    const note = noteOf(stream, work);
    const watch = observing.work(note);
    const chain: Chain = { correlationId: note.correlationId, ...traced(watch.traceparent ?? note.traceparent) };
    try {
      end = await watched(watch, () => carryOut({ stream, work, signal: controller.signal, chain }), endOfWork);
    } catch (thrown) {
      logger.error({ ...logged(chain), stream, workId: work.workId, error: thrown }, 'a driver failed: this is a bug');
    } finally {
      ended(stream, work, end);
    }
    return end;
  };

  const start = (stream: string, work: OwedWork): void => {
    const controller = new AbortController();
    // It begins when it is among those that run, and not before.
    const ended = Promise.resolve().then(() => run(stream, work, controller));
    worksOf(stream).running.set(work.workId, { work, controller, ended });
    runningCount += 1;
    if (work.kind === 'perform') live.update(stream, work, { phase: 'queued', reason: null });
  };

  /** Starts one piece of owed work, or notes why not yet. */
  const consider = (stream: string, work: OwedWork, isStopping: boolean): void => {
    const { running, resting } = worksOf(stream);
    if (running.has(work.workId) || !leases.holds(stream)) return;
    const landed = work.kind === 'perform' ? aftermath.until(stream) : 0;
    const notBefore = Math.max(work.notBefore ?? 0, resting.get(work.workId)?.until ?? 0, landed);
    if (notBefore > clock.nowMs()) return wakes.at(stream, notBefore);
    if (work.kind === 'perform') {
      // What was told to stop may still be writing: its end looks again.
      if (isStopping) return;
      const reason = gate.closed(work);
      if (reason !== undefined) return park(stream, work, reason);
      unpark(stream, work);
    }
    start(stream, work);
  };

  const look = (stream: string): void => {
    if (!isOn) return;
    const owed = owedBy(stream);
    if (owed.length === 0) owing.delete(stream);
    else owing.add(stream);
    const known = streams.get(stream);
    if (owed.length === 0 && known === undefined && !parked.has(stream)) return;
    const wanted = new Set(owed.map(({ workId }) => workId));
    const { running, resting } = worksOf(stream);
    let isStopping = false;
    for (const [workId, { work, controller }] of running) {
      if (wanted.has(workId) || work.kind === 'tell') continue;
      controller.abort();
      isStopping = true;
    }
    for (const workId of resting.keys()) if (!wanted.has(workId)) resting.delete(workId);
    for (const work of parked.get(stream)?.values() ?? []) {
      if (wanted.has(work.workId)) continue;
      unpark(stream, work);
      live.remove(stream, work);
    }
    for (const work of owed) consider(stream, work, isStopping);
    if (running.size === 0 && resting.size === 0) streams.delete(stream);
  };

  const phaseOf = (stream: string, work: OwedWork): OwedPhase => {
    if (streams.get(stream)?.running.has(work.workId) === true) {
      if (work.kind === 'tell') return 'running';
      return live.of(work.operationId).find((one) => one.workId === work.workId && one.stream === stream)?.phase ?? 'queued';
    }
    if (leases.isElsewhere(stream)) return 'elsewhere';
    return (work.notBefore ?? 0) > clock.nowMs() ? 'scheduled' : 'waiting';
  };

  const wakes = makeWakes(clock, look);
  gate.onOpened(() => {
    for (const stream of parked.keys()) look(stream);
  });
  states.onChange(({ stream }) => look(stream));

  const taken: Driver['taken'] = (covers, clean) => {
    if (!isOn) return;
    for (const stream of states.streams()) {
      if (!covers(stream)) continue;
      // The process before this one may have died in the middle of any of it.
      if (!clean) for (const work of owedBy(stream)) if (work.kind === 'perform') aftermath.note(stream, work);
      look(stream);
    }
  };

  const forget = (covers: (stream: string) => boolean): void => {
    for (const [stream, { running, resting }] of streams) {
      if (!covers(stream)) continue;
      resting.clear();
      if (running.size === 0) streams.delete(stream);
    }
  };

  const release: Driver['release'] = async (covers, graceMs) => {
    forget(covers);
    for (const [stream, works] of parked) {
      if (!covers(stream)) continue;
      for (const work of works.values()) live.remove(stream, work);
      parked.delete(stream);
    }
    const runs = [...streams].flatMap(([stream, { running }]) => (covers(stream) ? [...running.values()] : []));
    if (runs.length === 0) return;
    const all = Promise.all(runs.map(({ ended }) => ended));
    if (graceMs > 0) {
      const enough = new AbortController();
      await Promise.race([all, clock.sleep(graceMs, enough.signal)]);
      enough.abort();
    }
    for (const { controller } of runs) controller.abort();
    await all;
  };

  return {
    look,
    taken,
    release,
    start: () => {
      isOn = true;
      taken((stream) => leases.holds(stream), false);
    },
    drain: (graceMs) => {
      gate.shut('this process is about to end');
      const calls = [...streams].flatMap(([stream, { running }]) =>
        [...running.values()].filter(({ work }) => work.kind === 'perform').map(({ work, ...rest }) => ({ ...rest, isSent: phaseOf(stream, work) === 'running' })),
      );
      return drainCalls(calls, clock, graceMs);
    },
    stop: async () => {
      isOn = false;
      wakes.close();
      for (const { running } of streams.values()) for (const { controller } of running.values()) controller.abort();
      if (runningCount > 0) await new Promise<void>((resolve) => void idleWaiters.push(resolve));
    },
    owed: () => [...owing].flatMap((stream) => owedBy(stream).map((work) => ({ stream, work, phase: phaseOf(stream, work) }))),
    idle: async () => {
      while (runningCount > 0) await new Promise<void>((resolve) => void idleWaiters.push(resolve));
    },
  };
};
