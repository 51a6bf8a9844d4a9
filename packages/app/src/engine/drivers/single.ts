/** Steps that are not begun by one process while another may still be at them, or may have told their end. */
import type { BackendAction, BlockPerform, Perform } from '@blockledger/domain';

const SINGLE: ReadonlySet<BackendAction['do']> = new Set<BackendAction['do']>(['rollBack', 'ensureMigrationCommitted', 'ensureMigrationAborted']);

/**
 * True for calls that looking first does not make harmless: a rollback that is done once more when users write again destroys what they wrote, and
 * a migration has two ends that are changed in an order.
 */
export const isSingle = (work: Perform): work is BlockPerform => work.on === 'block' && SINGLE.has(work.action.do);
