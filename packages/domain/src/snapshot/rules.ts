/** What must hold before a snapshot accepts a command. */
import type { Rule } from '../kernel/rule.ts';
import { failureOf } from '../kernel/troubles.ts';
import { refuseSnapshot, type SnapshotRefusal } from './errors.ts';
import type { SnapshotFields, SnapshotState } from './state.ts';

/** A snapshot that exists, with its state. */
export interface ExistingSnapshot {
  readonly state: SnapshotState;
  readonly snapshot: SnapshotFields;
}

type SnapshotRule = Rule<ExistingSnapshot, SnapshotRefusal>;

/** Taken, and nothing going on. */
export const idle: SnapshotRule = ({ state, snapshot }) =>
  state.lifecycle === 'active' && (state.stage === null || state.stage === 'informing')
    ? undefined
    : refuseSnapshot('SnapshotIsBusy', `snapshot "${snapshot.name}" is ${state.lifecycle}`, {
        value: state.stage,
        ...(state.operationId === null ? {} : { operationId: state.operationId }),
      });

/**
 * True while its creation failed for good: then a deletion may begin all the same.
 *
 * @example
 * import { isStuck, noTroubles, withTrouble, type OperationId, type TimestampMs } from '@blockledger/domain';
 * const error = { _tag: 'Permanent', code: 'Gone', message: 'no such pool' } as const;
 * const failed = withTrouble(noTroubles, { type: 'WorkFailed', operationId: 'op' as OperationId, work: 'op/make', error, at: 5 as TimestampMs });
 * isStuck(failed, 'op/make'); // => true
 */
export const isStuck = ({ state }: ExistingSnapshot): boolean =>
  state.lifecycle === 'creating' && state.operationId !== null && failureOf(state.troubles, state.operationId) !== undefined;

/** True while its removal failed for good: its volume may go all the same, and takes it along. */
export const isStuckLeaving = ({ state }: ExistingSnapshot): boolean =>
  state.lifecycle === 'deleting' && state.operationId !== null && failureOf(state.troubles, state.operationId) !== undefined;

export const open: SnapshotRule = ({ state, snapshot }) =>
  state.closedBy === null ? undefined : refuseSnapshot('SnapshotIsClosed', `snapshot "${snapshot.name}" is closed with its volume`, { operationId: state.closedBy });

export const noClones: SnapshotRule = ({ snapshot }) =>
  snapshot.clones.length === 0
    ? undefined
    : refuseSnapshot('SnapshotHasClones', `snapshot "${snapshot.name}" has ${snapshot.clones.length} linked ${snapshot.clones.length === 1 ? 'clone' : 'clones'}`, { value: snapshot.clones, limit: 0 });

export const notInGroupSnapshot: SnapshotRule = ({ snapshot }) =>
  snapshot.groupSnapshotId === null
    ? undefined
    : refuseSnapshot('SnapshotIsInGroupSnapshot', `snapshot "${snapshot.name}" belongs to a group snapshot`, { value: snapshot.groupSnapshotId });

export const notProtected: SnapshotRule = ({ snapshot }) =>
  snapshot.protected ? refuseSnapshot('SnapshotIsProtected', `snapshot "${snapshot.name}" is protected`) : undefined;
