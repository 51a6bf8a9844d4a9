/** What a backend owes: nothing. Pausing and resuming are done when they are written down; the drivers look at the state. */
import type { Work } from '../kernel/work.ts';

/**
 * No work, ever.
 *
 * @example
 * import { owedByBackend } from '@blockledger/domain';
 * owedByBackend(); // => []
 */
export const owedByBackend = (): readonly Work<never>[] => [];
