/** Why a snapshot refuses. */
import type { Refusal } from '../kernel/refusal.ts';
import { refusalsOf } from '../kernel/refusals.ts';

/** Every reason for which a snapshot refuses: the rule, where it is written, and the way out. */
export const snapshotRefusals = {
  SnapshotNotFound: { rule: 'snapshotExists', spec: 'S0-26', remedy: 'check the id; deleted snapshots stay in the history' },
  SnapshotAlreadyExists: { rule: 'snapshotIsNew', spec: 'S0-61', remedy: 'use a new command id for a new snapshot' },
  SnapshotIsBusy: { rule: 'notBusy', spec: 'S0-61', remedy: 'wait until it is created or deleted; retry or abandon failed work' },
  SnapshotIsClosed: { rule: 'open', spec: 'S0-54', remedy: 'its volume is in the trash or being deleted: undelete the volume first' },
  SnapshotHasClones: { rule: 'noClones', spec: 'R-11', remedy: 'delete or flatten the linked clones first' },
  SnapshotIsInGroupSnapshot: { rule: 'notInGroupSnapshot', spec: 'R-2', remedy: 'delete the whole group snapshot' },
  SnapshotIsProtected: { rule: 'notProtected', spec: 'R-11', remedy: 'remove the protection first' },
  NothingToRetry: { rule: 'failedBefore', spec: 'I-2', remedy: 'only failed work can be retried; look at the task' },
  NothingToAbandon: { rule: 'failedBefore', spec: 'I-2', remedy: 'only a failed creation can be abandoned; a deletion must end: retry it' },
} as const;

/** The names of a snapshot's refusals. */
export type SnapshotRefusalTag = keyof typeof snapshotRefusals;
/** A refusal by a snapshot. */
export type SnapshotRefusal = Refusal & { readonly _tag: SnapshotRefusalTag };

/**
 * Makes a refusal by a snapshot: its tag, the sentence that says the fact, and the values compared.
 *
 * @example
 * import { refuseSnapshot } from '@blockledger/domain';
 * refuseSnapshot('SnapshotIsProtected', 'snapshot "s1" is protected').spec; // => 'R-11'
 */
export const refuseSnapshot = refusalsOf<SnapshotRefusalTag>(snapshotRefusals);
