/** Snapshots as readers see them. */
import { failuresOf, snapshotStatus, type SnapshotState } from '@blockledger/domain';
import type { SnapshotSortField } from '../sortViews.ts';
import type { ActionStatus, SnapshotFilter, SnapshotView } from '../views.ts';
import type { ReadKind } from './kind.ts';
import { failureView, poolOf, type Lookup } from './lookup.ts';

const snapshotAction = ({ lifecycle, stage, troubles }: SnapshotState): ActionStatus => {
  if (failuresOf(troubles).length > 0) return 'error';
  if (lifecycle === 'creating') return 'creating';
  return lifecycle === 'deleting' && stage !== null ? 'deleting' : 'idle';
};

const snapshotView = (state: SnapshotState, lookup: Lookup): SnapshotView | undefined => {
  const { snapshot, lifecycle, troubles, operationId, stage } = state;
  if (snapshot === null || lifecycle === 'absent') return undefined;
  const volume = lookup.volumeState(snapshot.volume.volumeId)?.volume;
  const { snapshotId, poolId, clones, volume: ref, generation: _generation, updatedAt: _updatedAt, ...fields } = snapshot;
  const failure = failureView(troubles);
  return {
    ...fields,
    kind: 'snapshot',
    id: snapshotId,
    volumeId: ref.volumeId,
    volumeNumber: volume?.number ?? null,
    volumeName: volume?.name ?? null,
    poolId,
    poolNumber: poolOf(lookup, poolId).number,
    status: failure !== null && lifecycle !== 'deleted' ? 'error' : lifecycle,
    actionStatus: snapshotAction(state),
    operationId: stage === null ? null : operationId,
    failure,
    hidden: snapshot.expiresAt !== null,
    cloneCount: clones.length,
  };
};

export const snapshotKind: ReadKind<SnapshotState, SnapshotView, SnapshotFilter, SnapshotSortField> = {
  kind: 'snapshot',
  plural: 'snapshots',
  isEverybodys: false,
  isFoundByName: false,
  indexed: ({ snapshot, lifecycle }) =>
    snapshot === null
      ? undefined
      : {
          number: snapshot.number,
          name: snapshot.name,
          description: snapshot.description,
          gone: lifecycle === 'deleted' ? lifecycle : null,
          hidden: snapshot.expiresAt !== null,
          tenant: snapshot.tenant,
          parentId: snapshot.volume.volumeId,
        },
  view: snapshotView,
  statusOf: snapshotStatus,
  statuses: ['creating', 'active', 'deleting', 'error'],
  gone: ['deleted'],
  codes: ({ snapshot }) => (snapshot === null ? [] : [snapshot.snapshotId]),
  parentIn: ({ volume }) => (volume === undefined ? undefined : { kind: 'volume', ref: volume }),
  matcher: ({ pool }, { resolve }) => {
    if (pool === undefined) return undefined;
    const poolId = resolve.pool(pool);
    return ({ snapshot }) => snapshot?.poolId === poolId;
  },
  isIn: ({ parentId }, { volume, pool }, { resolve, states, indexes }) => {
    const poolOfVolume = (volumeId: string | null): string | null | undefined =>
      volumeId === null ? null : (states.volumeState(volumeId)?.volume?.poolId ?? indexes.volume.tombstone(volumeId)?.parentId);
    return (volume === undefined || resolve.volume(volume) === parentId) && (pool === undefined || resolve.pool(pool) === poolOfVolume(parentId));
  },
  readers: (stateAt, lookup) => {
    const fields = (number: number): SnapshotState['snapshot'] => stateAt(number)?.snapshot ?? null;
    return {
      number: (number) => number,
      name: (number) => fields(number)?.name ?? null,
      status: (number) => {
        const state = stateAt(number);
        return state === undefined ? null : snapshotStatus(state);
      },
      sizeBytes: (number) => fields(number)?.sizeBytes ?? null,
      createdAt: (number) => fields(number)?.createdAt ?? null,
      volumeNumber: (number) => lookup.volumeState(fields(number)?.volume.volumeId ?? '')?.volume?.number ?? null,
    };
  },
};
