/** What a webhook owes as work: nothing. Deliveries follow the log, and `RecordDelivery` says how far they got. */
import type { Work } from '../kernel/work.ts';

/**
 * No work, ever.
 *
 * @example
 * import { owedByWebhook } from '@blockledger/domain';
 * owedByWebhook(); // => []
 */
export const owedByWebhook = (): readonly Work<never>[] => [];
