/** Calls backends: at most so many calls at once, tried again after failures within bounds, stopped by a signal. */
import { HOST_UNREACHABLE, placeOf, type CallContext, type CallResult, type Outcome, type Perform, type PortError } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import PQueue from 'p-queue';
import type { Chain } from '../watching/observer.ts';
import { logged, traced, watched } from '../watching/observing.ts';
import type { Leases } from '../leases/leases.ts';
import type { Engine } from '../parts.ts';
import type { Callee, Callees } from '../backends/callees.ts';
import { thrownError } from '../backends/bounded.ts';
import { endOfCall } from '../backends/questions.ts';
import type { Aftermath } from './aftermath.ts';
import { backoffMs } from './backoff.ts';
import type { Gate } from './gate.ts';
import type { LiveWorks } from './live.ts';
import { isDestructive, type Marks } from './marks.ts';
import { isSingle } from './single.ts';

/** `stopped`: aborted by the signal. `parked`: its pool's gate closed meanwhile; it is owed still. */
export type PerformEnd = Outcome | 'stopped' | 'parked';

export interface PerformCall {
  readonly stream: string;
  readonly work: Perform;
  readonly signal: AbortSignal;
  readonly chain: Chain;
  /** Told at the first failure of work that goes on being tried. */
  readonly onDelayed: (error: PortError) => Promise<void>;
}

export interface PerformerParts {
  readonly engine: Pick<Engine, 'clock' | 'ids' | 'limits' | 'logger' | 'observing'>;
  readonly installationId: string;
  readonly callees: Callees;
  readonly gate: Gate;
  readonly marks: Marks;
  readonly live: LiveWorks;
  readonly aftermath: Aftermath;
  readonly leases: Pick<Leases, 'keeps' | 'guard' | 'confirm'>;
}

/** Calls for one backend: those that run, and those that wait for their turn. */
export interface CallQueue {
  readonly backend: string;
  readonly running: number;
  readonly waiting: number;
}

export interface Performer {
  readonly perform: (call: PerformCall) => Promise<PerformEnd>;
  readonly queues: () => readonly CallQueue[];
}

const STOPPED: PortError = { _tag: 'Cancelled', code: 'Stopped', message: 'stopped before it was sent' };
const CLOSED: PortError = { _tag: 'Cancelled', code: 'Paused', message: 'paused while it waited for its turn' };
const LOST: PortError = { _tag: 'Cancelled', code: 'LeaseLost', message: 'another process may work on it by now' };
const BEHIND: PortError = { _tag: 'Cancelled', code: 'LogBehindBackend', message: 'the log is behind its backend' };

export const makePerformer = ({ engine, installationId, callees, gate, marks, live, aftermath, leases }: PerformerParts): Performer => {
  const { clock, ids, limits, logger, observing } = engine;
  const queues = new Map<string, PQueue>();
  const queueOf = (name: string): PQueue => {
    const queue = queues.get(name) ?? new PQueue({ concurrency: limits.callsPerBackend });
    queues.set(name, queue);
    return queue;
  };

  const send = async (callee: Callee, { stream, work, signal, chain }: PerformCall): Promise<E.Either<PortError, CallResult>> => {
    const { backend: name } = placeOf(work);
    const context: CallContext = {
      signal: leases.guard(stream, signal),
      installationId,
      onProgress: (progress) => live.update(stream, work, { progress }),
      onExternalCall: (external) => observing.external({ backend: name, ...external, chain }).ended,
    };
    try {
      return await callee.call(context)();
    } catch (thrown) {
      return E.left(thrownError(thrown));
    }
  };

  const call = async (callee: Callee, request: PerformCall, attempt: number): Promise<E.Either<PortError, CallResult>> => {
    const { stream, work, signal, chain } = request;
    if (signal.aborted) return E.left(STOPPED);
    if (gate.closed(work) !== undefined) return E.left(CLOSED);
    if (isDestructive(work)) {
      const standing = await marks.check(work.poolId);
      if (E.isLeft(standing)) return standing;
      if (standing.right === 'ahead') return E.left(BEHIND);
      if (signal.aborted) return E.left(STOPPED);
    }
    // A machine that slept does not know: the store does.
    if (isSingle(work) && !(await leases.confirm())) return E.left(LOST);
    if (!leases.keeps(stream)) return E.left(LOST);
    live.update(stream, work, { phase: 'running' });
    const watch = observing.call({ backend: placeOf(work).backend, backendKind: callee.kind, action: work.action.do, workId: work.workId, stream, attempt, ...chain });
    return watched(watch, () => send(callee, { ...request, chain: { ...chain, ...traced(watch.traceparent) } }), endOfCall);
  };

  /** What an error means for this attempt: the end, or a pause before the next one. A host that is away is waited for as long as it takes (I-20). */
  const isFinal = (error: PortError, attempts: number, since: number): boolean =>
    error._tag === 'Permanent' || error._tag === 'Mismatch' || (error.code !== HOST_UNREACHABLE && (attempts >= limits.maxAttempts || clock.nowMs() - since >= limits.maxRetryingMs));

  const perform: Performer['perform'] = async (request) => {
    const { stream, work, signal, onDelayed } = request;
    const { backend: name } = placeOf(work);
    const since = clock.nowMs();
    for (let attempts = 1; ; attempts += 1) {
      const callee = callees.of(work);
      if (callee === undefined || gate.closed(work) !== undefined) return 'parked';
      live.update(stream, work, { phase: 'queued', attempts });
      const result = await queueOf(name).add(() => call(callee, request, attempts));
      if (E.isRight(result)) return { _tag: 'Performed', result: result.right };
      const error = result.left;
      if (error._tag === 'Retryable' && error.outcomeUnknown) aftermath.note(stream, work);
      if (signal.aborted || error === LOST || !leases.keeps(stream)) return 'stopped';
      if (error === BEHIND || error === CLOSED) return 'parked';
      logger.warn({ ...logged(request.chain), stream, workId: work.workId, attempts, error }, `${work.step} did not work`);
      if (isFinal(error, attempts, since)) return { _tag: 'Failed', error };
      // Nothing is tried again behind a gate that closed meanwhile.
      if (gate.closed(work) !== undefined) return 'parked';
      live.update(stream, work, { phase: 'waiting', progress: null, error });
      if (attempts === 1) await onDelayed(error);
      await clock.sleep(Math.max(backoffMs(limits, attempts, ids.random(), error), aftermath.until(stream) - clock.nowMs()), signal);
      if (signal.aborted) return 'stopped';
    }
  };

  return {
    perform,
    queues: () => [...queues].map(([backend, { size, pending }]) => ({ backend, running: pending, waiting: size })),
  };
};
