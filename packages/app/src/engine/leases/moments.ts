/**
 * How much time is over, by two clocks that fail in different ways: the wall's can be set, and the monotonic one may stand still while the machine
 * sleeps. Who holds something believes the faster one, who wants to take something the slower one: then an error only costs time.
 */
import type { Clock } from '@blockledger/domain';

export interface Moment {
  readonly wall: number;
  readonly steady: number;
}

export const momentOf = (clock: Clock): Moment => {
  const wall = clock.nowMs();
  return { wall, steady: clock.steadyMs?.() ?? wall };
};

/** At most so much is over since then. */
export const mostSince = (clock: Clock, then: Moment): number => {
  const now = momentOf(clock);
  return Math.max(now.wall - then.wall, now.steady - then.steady);
};

/** At least so much is over since then. */
export const leastSince = (clock: Clock, then: Moment): number => {
  const now = momentOf(clock);
  return Math.min(now.wall - then.wall, now.steady - then.steady);
};
