/** What a volume tells others: reservations before an operation, releases after it. */
import { DEFAULT_TENANT } from '../kernel/envelope.ts';
import type { VolumeId } from '../kernel/ids.ts';
import type { DomainCommand } from '../messages.ts';
import type { ReservationKey } from '../reservation/messages.ts';
import type { Destination, Parent } from './messages.ts';
import type { Slot, VolumeFields } from './state.ts';

const reserve = (holder: string, key: ReservationKey, amount: number, bounded = true): DomainCommand => ({
  to: 'reservation',
  command: { type: 'Reserve', key, holder, amount, bounded },
});
const release = (holder: string, key: ReservationKey): DomainCommand => ({ to: 'reservation', command: { type: 'Release', key, holder } });

const nameKey = ({ poolId, tenant }: VolumeFields, name: string): ReservationKey => ({
  kind: 'name',
  of: 'volume',
  poolId,
  name,
  ...(tenant === DEFAULT_TENANT ? {} : { tenant }),
});

/** All that a new volume needs before anything is made: name, serial number, REST integer, capacity; a clone its snapshot, a full copy its space.
 * `bounded: false` for a recovered volume: what stands on the backend is a fact. */
export const reserveNew = (volume: VolumeFields, flattened: boolean, bounded: boolean): readonly DomainCommand[] => [
  ...(volume.parent === null ? [] : [reserveClone(volume.parent, volume.volumeId)]),
  reserve(volume.volumeId, nameKey(volume, volume.name), 1, bounded),
  reserve(volume.volumeId, { kind: 'serial', serial: volume.serial }, 1, bounded),
  reserve(volume.volumeId, { kind: 'capacity', poolId: volume.poolId }, volume.sizeBytes, bounded),
  ...(flattened ? [reserveSpace(volume)] : []),
  reserve(volume.volumeId, { kind: 'number', of: 'volume' }, 1),
];

export const reserveName = (volume: VolumeFields, name: string): DomainCommand => reserve(volume.volumeId, nameKey(volume, name), 1);
export const releaseName = (volume: VolumeFields, name: string): DomainCommand => release(volume.volumeId, nameKey(volume, name));
export const reserveSpace = (volume: VolumeFields): DomainCommand =>
  reserve(volume.volumeId, { kind: 'space', poolId: volume.poolId }, volume.sizeBytes);
export const releaseSpace = (volume: VolumeFields): DomainCommand => release(volume.volumeId, { kind: 'space', poolId: volume.poolId });

/** What a volume needs where it is to go: its snapshots closed to clones, which would not find it, then name, capacity and space. */
export const reserveMove = (volume: VolumeFields, { poolId }: Destination, { operationId, relabels }: { readonly operationId: Slot['operationId']; readonly relabels: boolean }): readonly DomainCommand[] => {
  const there = { ...volume, poolId };
  return [
    ...tellSnapshots(volume, 'CloseSnapshot', operationId),
    reserveName(there, volume.name),
    reserveCapacity(there, volume.sizeBytes, true),
    ...(relabels ? [] : [reserveSpace(there)]),
  ];
};

/** Everything that a volume held in a pool in which it is not. */
export const releasePlace = (volume: VolumeFields, poolId: Destination['poolId']): readonly DomainCommand[] => {
  const there = { ...volume, poolId };
  return [releaseName(there, volume.name), release(volume.volumeId, { kind: 'capacity', poolId }), releaseSpace(there)];
};

/** Tells every snapshot where its volume is now. */
export const moveSnapshots = (volume: VolumeFields, operationId: Slot['operationId']): readonly DomainCommand[] =>
  volume.slots.map(({ snapshotId }) => ({
    to: 'snapshot',
    command: { type: 'MoveSnapshot', snapshotId, operationId, poolId: volume.poolId, volume: { placement: volume.placement, volumeId: volume.volumeId, serial: volume.serial } },
  }));

/** `bounded: false` writes down a size that is already a fact. */
export const reserveCapacity = (volume: VolumeFields, sizeBytes: number, bounded: boolean): DomainCommand =>
  reserve(volume.volumeId, { kind: 'capacity', poolId: volume.poolId }, sizeBytes, bounded);

const reserveClone = (parent: Parent, cloneId: VolumeId): DomainCommand => ({
  to: 'snapshot',
  command: { type: 'ReserveClone', snapshotId: parent.snapshotId, cloneId },
});

export const releaseClone = (parent: Parent, cloneId: VolumeId): DomainCommand => ({
  to: 'snapshot',
  command: { type: 'ReleaseClone', snapshotId: parent.snapshotId, cloneId },
});

/** Everything a volume holds but its REST integer, which is never used again. Releasing what is not held does nothing. */
export const releaseAll = (volume: VolumeFields): readonly DomainCommand[] => [
  releaseName(volume, volume.name),
  release(volume.volumeId, { kind: 'serial', serial: volume.serial }),
  release(volume.volumeId, { kind: 'capacity', poolId: volume.poolId }),
  releaseSpace(volume),
  ...(volume.parent === null ? [] : [releaseClone(volume.parent, volume.volumeId)]),
];

/** Tells a snapshot that it has a slot. */
export const beginSnapshot = (volume: VolumeFields, slot: Slot): DomainCommand => ({
  to: 'snapshot',
  command: {
    type: 'BeginSnapshot',
    snapshotId: slot.snapshotId,
    operationId: slot.operationId,
    volume: { placement: volume.placement, volumeId: volume.volumeId, serial: volume.serial },
    poolId: volume.poolId,
    name: slot.name,
    description: slot.description,
    groupSnapshotId: slot.groupSnapshotId,
    expiresAt: slot.expiresAt,
    generation: volume.generation,
  },
});

type ForAll = 'CloseSnapshot' | 'ReopenSnapshot' | 'ConcludeSnapshot';

/** The same word to every snapshot of the volume. */
export const tellSnapshots = (volume: VolumeFields, type: ForAll, operationId: Slot['operationId']): readonly DomainCommand[] =>
  volume.slots.map((slot) => ({ to: 'snapshot', command: { type, snapshotId: slot.snapshotId, operationId } }));

export const deleteSnapshot = (snapshotId: Slot['snapshotId']): DomainCommand => ({
  to: 'snapshot',
  command: { type: 'DeleteSnapshot', snapshotId, force: false },
});
