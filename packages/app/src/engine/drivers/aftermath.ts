/**
 * What an earlier process, or a call that timed out, may still be doing. A child can outlive the process that started it, and the effect of
 * a call whose reply was lost can land late: nothing is done to the same resource before that can no longer happen.
 */
import type { Perform } from '@blockledger/domain';
import type { Callees } from '../backends/callees.ts';
import type { Engine } from '../parts.ts';

export interface Aftermath {
  /** From now on an effect of this stream's may still land. */
  readonly note: (stream: string, work: Perform) => void;
  /** The moment from which nothing of this stream's can land any more; 0 where nothing is on its way. */
  readonly until: (stream: string) => number;
}

export const makeAftermath = ({ clock }: Pick<Engine, 'clock'>, callees: Callees): Aftermath => {
  const moments = new Map<string, number>();
  return {
    note: (stream, work) => {
      const lateEffectsMs = callees.of(work)?.lateEffectsMs ?? 0;
      if (lateEffectsMs > 0) moments.set(stream, clock.nowMs() + lateEffectsMs);
    },
    until: (stream) => {
      const moment = moments.get(stream);
      if (moment === undefined) return 0;
      if (moment > clock.nowMs()) return moment;
      moments.delete(stream);
      return 0;
    },
  };
};
