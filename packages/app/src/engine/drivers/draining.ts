/** The end of a process in order: calls that were sent may end, everything else is handed back to the log, which owes it still. */
import type { Clock } from '@blockledger/domain';
import type { DrainReport } from '../controlPlane.ts';
import type { PerformEnd } from './performer.ts';

/** A call of a backend that is under way. */
export interface UnderWay {
  readonly controller: AbortController;
  readonly ended: Promise<PerformEnd>;
  /** False while it waits for its turn or for its next attempt: then nothing is lost by stopping it. */
  readonly isSent: boolean;
}

/** Waits for what was sent, at most for so long, then stops it. */
export const drainCalls = async (calls: readonly UnderWay[], clock: Pick<Clock, 'sleep'>, graceMs: number): Promise<DrainReport> => {
  for (const { controller, isSent } of calls) if (!isSent) controller.abort();
  const all = Promise.all(calls.map(({ ended }) => ended));
  const enough = new AbortController();
  await Promise.race([all, clock.sleep(graceMs, enough.signal)]);
  enough.abort();
  for (const { controller } of calls) controller.abort();
  const ends = await all;
  const finished = ends.filter((end) => typeof end !== 'string').length;
  return { finished, handedBack: ends.length - finished };
};
