/** The small steps that the folds of a volume share. */
import type { OperationId } from '../../kernel/ids.ts';
import type { TimestampMs } from '../../kernel/quantities.ts';
import type { StoredRefusal } from '../../kernel/settlement.ts';
import { withoutTroubles, type Trouble } from '../../kernel/troubles.ts';
import type { Operation, Replaced, Slot, Update, VolumeFields, VolumeState } from '../state.ts';
import { releaseName, reserveCapacity, tellSnapshots } from '../tells.ts';

/** How many refused operations a volume remembers for the callers that wait for their answer. */
const REFUSALS_KEPT = 16;

/** Changes the volume's fields; a state without a volume stays as it is. */
export const change = (state: VolumeState, at: TimestampMs, fields: Partial<VolumeFields>): VolumeState =>
  state.volume === null ? state : { ...state, volume: { ...state.volume, ...fields, updatedAt: at } };

export const changeSlot = (state: VolumeState, snapshotId: string, at: TimestampMs, fields: Partial<Slot>): VolumeState =>
  state.volume === null
    ? state
    : change(state, at, { slots: state.volume.slots.map((slot) => (slot.snapshotId === snapshotId ? { ...slot, ...fields } : slot)) });

/** Takes the volume out of a record of holders without touching the others. */
export const without = <V>(record: Readonly<Record<string, V>>, key: string): Readonly<Record<string, V>> =>
  Object.fromEntries(Object.entries(record).filter(([other]) => other !== key));

export const owe = (state: VolumeState, operationId: OperationId, step: string, tells: (volume: VolumeFields) => VolumeState['dues'][number]['commands']): VolumeState => {
  if (state.volume === null) return state;
  const commands = tells(state.volume);
  if (commands.length === 0) return state;
  const others = state.dues.filter((due) => !(due.operationId === operationId && due.step === step));
  return { ...state, dues: [...others, { operationId, step, commands }] };
};

/** One step of an operation worked: its trouble is over, its round is remembered. */
export const stepDone = (state: VolumeState, operationId: string, step: string): VolumeState => {
  const trouble = state.troubles[`${operationId}/${step}`];
  return trouble === undefined ? state : { ...state, troubles: { ...state.troubles, [`${operationId}/${step}`]: { ...trouble, open: false } } };
};

export const beginOperation = (state: VolumeState, operation: Operation): VolumeState => ({ ...state, operation });

/** The operation's slot is free again, if it is this operation's. */
export const endOperation = (state: VolumeState, operationId: string, options: { readonly keepTroubles?: boolean } = {}): VolumeState => ({
  ...state,
  operation: state.operation?.operationId === operationId ? null : state.operation,
  troubles: options.keepTroubles === true ? state.troubles : withoutTroubles(state.troubles, operationId),
});

/** The snapshots of a volume that stays are opened again; in the trash they stay closed. */
export const reopened = (state: VolumeState, operationId: OperationId): VolumeState =>
  state.lifecycle === 'trashed' ? state : owe(state, operationId, 'reopen', (volume) => tellSnapshots(volume, 'ReopenSnapshot', operationId));

/** Takes the running operation and update aside for a forced deletion. */
export const replacedBy = (state: VolumeState): Replaced | null => {
  const { operation, update } = state;
  if (operation === null && update === null) return null;
  const theirs = (trouble: Trouble): boolean => trouble.operationId === operation?.operationId || trouble.operationId === update?.operationId;
  return { operation, update, troubles: Object.fromEntries(Object.entries(state.troubles).filter(([, trouble]) => theirs(trouble))) };
};

/** Puts back what a deletion that did not come to pass had pushed aside: a torn rollback keeps its fence. */
export const bringBack = (state: VolumeState, replaced: Replaced | null): VolumeState =>
  replaced === null ? state : { ...state, operation: replaced.operation, update: replaced.update, troubles: { ...state.troubles, ...replaced.troubles } };

/** Gives back what an update had reserved, or was about to. */
export const undoReservations = (state: VolumeState, { operationId, changes }: Update): VolumeState =>
  owe(state, operationId, 'undo reservations', (volume) => [
    ...(changes.name === undefined || changes.name === volume.name ? [] : [releaseName(volume, changes.name)]),
    ...(changes.sizeBytes === undefined ? [] : [reserveCapacity(volume, volume.sizeBytes, false)]),
  ]);

interface Refused {
  readonly operationId: OperationId;
  readonly refusal: StoredRefusal;
}

/** Ends an operation that another aggregate refused and keeps the refusal as the caller's answer. */
export const refuseOperation = (state: VolumeState, event: Refused): VolumeState => withRefusal(endOperation(state, event.operationId), event);

/** Keeps a refusal as the caller's answer. */
export const withRefusal = (state: VolumeState, event: Refused): VolumeState => ({
  ...state,
  refused: [{ operationId: event.operationId, refusal: event.refusal }, ...state.refused].slice(0, REFUSALS_KEPT),
});
