/** What a webhook owes as work: nothing. Deliveries follow the log, and `RecordDelivery` says how far they got. */
import type { Work } from '../kernel/work.ts';

/** No work, ever. */
export const owedByWebhook = (): readonly Work<never>[] => [];
