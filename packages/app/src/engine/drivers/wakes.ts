/** One timer per stream: when to look at it again. */
import type { Clock } from '@blockledger/domain';
import { OVER } from '../../system/over.ts';

/** Timers are set for at most a day; a later moment is approached in steps. */
const LONGEST_MS = 24 * 3_600_000;

export interface Wakes {
  /** Looks at the stream at that moment, or earlier if that was wanted already. */
  readonly at: (stream: string, moment: number) => void;
  readonly close: () => void;
}

export const makeWakes = (clock: Clock, wake: (stream: string) => void): Wakes => {
  const timers = new Map<string, { readonly moment: number; readonly controller: AbortController }>();
  let isClosed = false;

  const wakeLater = async (stream: string, moment: number, signal: AbortSignal): Promise<void> => {
    await clock.sleep(Math.min(LONGEST_MS, Math.max(0, moment - clock.nowMs())), signal);
    if (signal.aborted) return;
    timers.delete(stream);
    wake(stream);
  };

  const at = (stream: string, moment: number): void => {
    const known = timers.get(stream);
    if (isClosed || (known !== undefined && known.moment <= moment)) return;
    known?.controller.abort(OVER);
    const controller = new AbortController();
    timers.set(stream, { moment, controller });
    void wakeLater(stream, moment, controller.signal);
  };

  return {
    at,
    close: () => {
      isClosed = true;
      for (const { controller } of timers.values()) controller.abort(OVER);
      timers.clear();
    },
  };
};
