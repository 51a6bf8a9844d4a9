/** What each kind of list can be sorted by, read from states without making views: a sorted page looks at all that match. */
import { snapshotStatus, type SnapshotState, type VolumeState } from '@blockledger/domain';
import type { Lookup } from './resourceViews.ts';
import type { SortReaders } from './sorting.ts';
import type { PoolSortField, SnapshotSortField, VolumeSortField } from './sortViews.ts';
import type { PoolView } from './views.ts';

/** The fields that readers read. */
export const fieldsOf = <F extends string>(readers: SortReaders<F>): readonly F[] => Object.keys(readers) as F[];

export const volumeReaders = (stateAt: (number: number) => VolumeState | undefined, lookup: Lookup): SortReaders<VolumeSortField> => {
  const fields = (number: number): VolumeState['volume'] => stateAt(number)?.volume ?? null;
  return {
    number: (number) => number,
    name: (number) => fields(number)?.name ?? null,
    status: (number) => stateAt(number)?.lifecycle ?? null,
    sizeBytes: (number) => fields(number)?.sizeBytes ?? null,
    createdAt: (number) => fields(number)?.createdAt ?? null,
    updatedAt: (number) => fields(number)?.updatedAt ?? null,
    poolNumber: (number) => lookup.poolState(fields(number)?.poolId ?? '')?.pool?.number ?? null,
  };
};

export const snapshotReaders = (stateAt: (number: number) => SnapshotState | undefined, lookup: Lookup): SortReaders<SnapshotSortField> => {
  const fields = (number: number): SnapshotState['snapshot'] => stateAt(number)?.snapshot ?? null;
  const statusOf = (state: SnapshotState | undefined) => (state === undefined ? null : snapshotStatus(state));
  return {
    number: (number) => number,
    name: (number) => fields(number)?.name ?? null,
    status: (number) => statusOf(stateAt(number)),
    sizeBytes: (number) => fields(number)?.sizeBytes ?? null,
    createdAt: (number) => fields(number)?.createdAt ?? null,
    volumeNumber: (number) => lookup.volumeState(fields(number)?.volume.volumeId ?? '')?.volume?.number ?? null,
  };
};

/** Pools are few, and what they are sorted by is counted elsewhere: their views serve. */
export const poolReaders = (viewAt: (number: number) => PoolView | undefined): SortReaders<PoolSortField> => ({
  number: (number) => number,
  name: (number) => viewAt(number)?.name ?? null,
  status: (number) => viewAt(number)?.status ?? null,
  health: (number) => viewAt(number)?.health ?? null,
  provisionedBytes: (number) => viewAt(number)?.provisionedBytes ?? null,
  volumeCount: (number) => viewAt(number)?.volumeCount ?? null,
});
