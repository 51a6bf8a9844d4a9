/** Folds the slots of a volume's snapshots. */
import type { Of } from '../../kernel/tagged.ts';
import type { VolumeEvent } from '../messages.ts';
import type { Slot, VolumeState } from '../state.ts';
import { change, changeSlot } from './common.ts';

type SlotEvent = Of<
  VolumeEvent,
  'SnapshotSlotReserved' | 'SnapshotSlotTold' | 'SnapshotSlotFilled' | 'SnapshotDeletionAgreed' | 'SnapshotSlotFreed' | 'BackupSnapshotRetained'
>;

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
      return changeSlot(state, snapshotId, at, { told: true });
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
