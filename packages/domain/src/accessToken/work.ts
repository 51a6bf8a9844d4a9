/** What an access token owes: nothing. Issuing and revoking are done when they are written down. */
import type { Work } from '../kernel/work.ts';

/**
 * No work, ever.
 *
 * @example
 * import { owedByToken } from '@blockledger/domain';
 * owedByToken(); // => []
 */
export const owedByToken = (): readonly Work<never>[] => [];
