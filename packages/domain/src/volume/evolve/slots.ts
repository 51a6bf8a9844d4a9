/** Folds the slots of a volume's snapshots. */
import { workName } from '../../kernel/owing.ts';
import type { Of } from '../../kernel/tagged.ts';
import type { VolumeEvent } from '../messages.ts';
import type { Slot, VolumeState } from '../state.ts';
import { change, changeSlot, without, withRefusal } from './common.ts';

type SlotEvent = Of<
  VolumeEvent,
  'SnapshotSlotReserved' | 'SnapshotSlotTold' | 'SnapshotSlotRefused' | 'SnapshotSlotFilled' | 'SnapshotDeletionAgreed' | 'SnapshotSlotFreed' | 'BackupSnapshotRetained'
>;

/** The telling of a slot worked or is pointless: its trouble is over. */
const stepOver = (state: VolumeState, { operationId, snapshotId }: { readonly operationId: string; readonly snapshotId: string }): VolumeState => ({
  ...state,
  troubles: without(state.troubles, workName(operationId, `begin snapshot ${snapshotId}`)),
});

export const evolveSlot = (state: VolumeState, event: SlotEvent): VolumeState => {
  const { snapshotId, at } = event;
  switch (event.type) {
    case 'SnapshotSlotReserved': {
      if (state.volume === null || state.volume.slots.some((slot) => slot.snapshotId === snapshotId)) return state;
      const { operationId, name, description, groupSnapshotId, expiresAt } = event;
      const slot: Slot = { snapshotId, operationId, name, description, groupSnapshotId, expiresAt, told: false, sizeBytes: null, leaving: false };
      const backingUp =
        state.operation?.kind === 'rollBack' && state.operation.stage === 'purging' && state.operation.backupSnapshotId === snapshotId
          ? { ...state, operation: { ...state.operation, stage: 'backingUp' as const } }
          : state;
      return change(backingUp, at, { slots: [...state.volume.slots, slot] });
    }
    case 'SnapshotSlotTold':
      return stepOver(changeSlot(state, snapshotId, at, { told: true }), event);
    case 'SnapshotSlotRefused': {
      const slots = state.volume?.slots.filter((slot) => slot.snapshotId !== snapshotId) ?? [];
      return stepOver(withRefusal(change(state, at, { slots }), event), event);
    }
    case 'SnapshotSlotFilled':
      return changeSlot(state, snapshotId, at, { told: true, sizeBytes: event.sizeBytes });
    case 'SnapshotDeletionAgreed':
      return changeSlot(state, snapshotId, at, { leaving: true });
    case 'SnapshotSlotFreed':
      return state.volume === null ? state : change(state, at, { slots: state.volume.slots.filter((slot) => slot.snapshotId !== snapshotId) });
    case 'BackupSnapshotRetained':
      return changeSlot(state, snapshotId, at, { expiresAt: event.expiresAt });
  }
};
