/** What a backend owes: nothing. Pausing and resuming are done when they are written down; the drivers look at the state. */
import type { Work } from '../kernel/work.ts';

/** No work, ever. */
export const owedByBackend = (): readonly Work<never>[] => [];
