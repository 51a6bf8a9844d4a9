/** Views of volumes, snapshots and pools, made from folded states. Tolerant: what a link points to may be missing (I-29). */
import {
  failuresOf,
  visibleSlots,
  type Operation,
  type PoolId,
  type PoolState,
  type SnapshotId,
  type SnapshotState,
  type Troubles,
  type VolumeState,
} from '@blockledger/domain';
import type { ResourceStates } from './states.ts';
import type { ActionStatus, FailureView, PoolView, SnapshotView, VolumeView } from './views.ts';

/** Looks into other streams for names and numbers; undefined where they are not known. */
export interface Lookup extends ResourceStates {
  readonly hasBackend: (name: string) => boolean;
  readonly volumeCount: (poolId: string) => number;
}

const failureView = (troubles: Troubles): FailureView | null => {
  const [first] = failuresOf(troubles);
  if (first === undefined) return null;
  const [work, { operationId, error, since }] = first;
  return { operationId, work, error, since };
};

const DOING: Readonly<Record<Operation['kind'], ActionStatus>> = {
  create: 'creating',
  resize: 'resizing',
  flatten: 'flattening',
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

const poolOf = (lookup: Lookup, poolId: PoolId): { readonly number: number | null; readonly name: string | null } => {
  const pool = lookup.poolState(poolId)?.pool;
  return { number: pool?.number ?? null, name: pool?.name ?? null };
};

const numberOfSnapshot = (lookup: Lookup, snapshotId: SnapshotId): number | null =>
  lookup.snapshotState(snapshotId)?.snapshot?.number ?? null;

export const volumeView = (state: VolumeState, lookup: Lookup): VolumeView | undefined => {
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
    attachments: Object.keys(volume.attachments),
    groupId: volume.groupId,
    createdAt: volume.createdAt,
    updatedAt: volume.updatedAt,
    purgeAt: volume.purgeAt,
  };
};

const snapshotAction = ({ lifecycle, stage, troubles }: SnapshotState): ActionStatus => {
  if (failuresOf(troubles).length > 0) return 'error';
  if (lifecycle === 'creating') return 'creating';
  return lifecycle === 'deleting' && stage !== null ? 'deleting' : 'idle';
};

export const snapshotView = (state: SnapshotState, lookup: Lookup): SnapshotView | undefined => {
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

export const poolView = (state: PoolState, lookup: Lookup): PoolView | undefined => {
  const { pool, lifecycle } = state;
  if (pool === null || lifecycle === 'absent') return undefined;
  const { poolId, tenant: _tenant, createdAt: _createdAt, ...fields } = pool;
  return {
    ...fields,
    kind: 'pool',
    id: poolId,
    status: lifecycle,
    backendPresent: lookup.hasBackend(pool.placement.backend),
    backendPaused: lookup.backendState(pool.placement.backend)?.paused?.reason ?? null,
    provisionedBytes: lookup.provisionedBytes(poolId),
    volumeCount: lookup.volumeCount(poolId),
  };
};
