/** Volumes as readers see them. */
import { failuresOf, isMapped, visibleSlots, type Operation, type SnapshotId, type VolumeFields, type VolumeState } from '@blockledger/domain';
import { attachmentsOf } from '../attachments.ts';
import type { VolumeSortField } from '../sortViews.ts';
import type { ActionStatus, VolumeFilter, VolumeView } from '../views.ts';
import type { ReadKind } from './kind.ts';
import { accessPathLink, failureView, poolOf, type Lookup } from './lookup.ts';

const DOING: Readonly<Record<Operation['kind'], ActionStatus>> = {
  create: 'creating',
  resize: 'resizing',
  flatten: 'flattening',
  migrate: 'migrating',
  rollBack: 'rolling_back',
  delete: 'deleting',
  undelete: 'restoring',
  disown: 'disowning',
};

const volumeAction = ({ operation, update, troubles }: VolumeState): ActionStatus => {
  if (failuresOf(troubles).length > 0) return 'error';
  if (operation !== null) return DOING[operation.kind];
  return update === null ? 'idle' : 'updating';
};

const numberOfSnapshot = (lookup: Lookup, snapshotId: SnapshotId): number | null => lookup.snapshotState(snapshotId)?.snapshot?.number ?? null;

const accessPathsOf = ({ mappings }: VolumeFields, lookup: Lookup): VolumeView['accessPaths'] => {
  const paths = new Set(Object.values(mappings).flatMap(({ accessPathId }) => accessPathId ?? []));
  return [...paths].map((id) => accessPathLink(lookup, id));
};

const volumeView = (state: VolumeState, lookup: Lookup): VolumeView | undefined => {
  const { volume, lifecycle, operation, update, troubles } = state;
  if (volume === null || lifecycle === 'absent') return undefined;
  const pool = poolOf(lookup, volume.poolId);
  const { parent } = volume;
  // Field by field: lists make very many of these, and copying what is left of an object is slow.
  return {
    kind: 'volume',
    id: volume.volumeId,
    number: volume.number,
    name: volume.name,
    description: volume.description,
    labels: volume.labels,
    tenant: volume.tenant,
    poolId: volume.poolId,
    poolNumber: pool.number,
    poolName: pool.name,
    status: lifecycle,
    actionStatus: volumeAction(state),
    operationId: operation?.operationId ?? update?.operationId ?? null,
    failure: failureView(troubles),
    serial: volume.serial,
    hidden: volume.hidden,
    generation: volume.generation,
    sizeBytes: volume.sizeBytes,
    qos: volume.qos,
    performancePriority: volume.performancePriority,
    parent: parent === null ? null : { snapshotId: parent.snapshotId, snapshotNumber: numberOfSnapshot(lookup, parent.snapshotId), volumeId: parent.volume.volumeId },
    passive: volume.passive,
    snapshotCount: visibleSlots(volume).length,
    mappings: Object.keys(volume.mappings),
    mapped: isMapped(volume),
    accessPaths: accessPathsOf(volume, lookup),
    attachments: attachmentsOf(volume, lookup),
    groupId: volume.groupId,
    createdAt: volume.createdAt,
    updatedAt: volume.updatedAt,
    purgeAt: volume.purgeAt,
  };
};

export const volumeKind: ReadKind<VolumeState, VolumeView, VolumeFilter, VolumeSortField> = {
  kind: 'volume',
  plural: 'volumes',
  isEverybodys: false,
  isFoundByName: false,
  indexed: ({ volume, lifecycle }) =>
    volume === null
      ? undefined
      : {
          number: volume.number,
          name: volume.name,
          description: volume.description,
          gone: lifecycle === 'deleted' || lifecycle === 'refused' || lifecycle === 'disowned' ? lifecycle : null,
          hidden: volume.hidden,
          tenant: volume.tenant,
          parentId: volume.poolId,
        },
  view: volumeView,
  statusOf: ({ lifecycle }) => lifecycle,
  statuses: ['creating', 'active', 'trashed'],
  gone: ['deleted', 'disowned'],
  codes: ({ volume }) => (volume === null ? [] : [volume.volumeId, volume.serial]),
  parentIn: ({ pool }) => (pool === undefined ? undefined : { kind: 'pool', ref: pool }),
  isIn: ({ parentId }, { pool }, { resolve }) => pool === undefined || resolve.pool(pool) === parentId,
  readers: (stateAt, lookup) => {
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
  },
};
