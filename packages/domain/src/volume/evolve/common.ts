/** The small steps that the folds of a volume share. */
import type { OperationId } from '../../kernel/ids.ts';
import type { TimestampMs } from '../../kernel/quantities.ts';
import type { StoredRefusal } from '../../kernel/settlement.ts';
import { withoutTroubles } from '../../kernel/troubles.ts';
import type { Operation, Slot, VolumeFields, VolumeState } from '../state.ts';

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
  return commands.length === 0 ? state : { ...state, dues: [...state.dues, { operationId, step, commands }] };
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

/** Ends an operation that another aggregate refused and keeps the refusal as the caller's answer. */
export const refuseOperation = (state: VolumeState, event: { readonly operationId: OperationId; readonly refusal: StoredRefusal }): VolumeState => ({
  ...endOperation(state, event.operationId),
  refused: [{ operationId: event.operationId, refusal: event.refusal }, ...state.refused].slice(0, REFUSALS_KEPT),
});
