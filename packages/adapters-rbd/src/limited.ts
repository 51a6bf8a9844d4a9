/** A runner that runs so many programs at once and no more, and that can be closed. */
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { CancelSignal, PortError, ProcessRunner } from '@blockledger/domain';

const closedError: PortError = { _tag: 'Cancelled', code: 'Closed', message: 'The backend was closed.' };

/** What can be told to stop. */
export interface Stoppable {
  readonly signal: CancelSignal;
}

/** Does what a call says, until it is stopped. */
export type Running<Call extends Stoppable, Answer> = (call: Call) => TaskEither<PortError, Answer>;

/** A runner that can be closed. */
export interface LimitedRunner<Run = ProcessRunner> {
  readonly run: Run;
  /** Ends what runs, refuses what waits and what comes, and resolves when nothing runs any more. */
  readonly close: () => Promise<void>;
}

/**
 * Wraps a runner, so that no more than `most` calls run at once.
 *
 * @example
 * import { limited, processRunner } from '@blockledger/adapters-rbd/process';
 * const { run, close } = limited(processRunner(), 1);
 * await close();
 * const refused = await run({ argv: ['true'], idleTimeoutMs: 1_000, signal: new AbortController().signal })();
 * refused._tag; // => 'Left'
 */
export function limited<Call extends Stoppable, Answer>(run: Running<Call, Answer>, most: number): LimitedRunner<Running<Call, Answer>> {
  let closed = false;
  const stops = new Set<() => void>();
  const active = new Set<Promise<unknown>>();
  const waiting: (() => void)[] = [];
  let free = most;
  const turn = (): Promise<void> => {
    free -= 1;
    return free >= 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve));
  };
  const done = (): void => {
    free += 1;
    waiting.shift()?.();
  };

  const limitedRun: Running<Call, Answer> = (call) => async () => {
    await turn();
    if (closed) {
      done();
      return E.left(closedError);
    }
    const stop = new AbortController();
    const onStop = (): void => stop.abort();
    call.signal.addEventListener('abort', onStop);
    stops.add(onStop);
    if (call.signal.aborted) stop.abort();
    const work = run({ ...call, signal: stop.signal })();
    active.add(work);
    try {
      return await work;
    } finally {
      active.delete(work);
      call.signal.removeEventListener('abort', onStop);
      stops.delete(onStop);
      done();
    }
  };
  return {
    run: limitedRun,
    close: async () => {
      closed = true;
      for (const stop of stops) stop();
      for (const wake of waiting.splice(0)) wake();
      await Promise.allSettled(active);
    },
  };
}
