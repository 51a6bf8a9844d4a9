/** Reading resources from memory: one by reference, or pages of them. Each kind has a file of its own under `kinds`. */
import { Uuid } from '@blockledger/domain';
import type { Resources } from '../engine/controlPlane.ts';
import { makeIndex } from './indexes.ts';
import { forEachKind, kinds } from './kinds/index.ts';
import type { Indexes, Over, Resolve } from './kinds/kind.ts';
import type { Lookup } from './kinds/lookup.ts';
import { poolKind } from './kinds/pool.ts';
import { readingOf } from './kinds/reading.ts';
import { snapshotKind } from './kinds/snapshot.ts';
import { volumeKind } from './kinds/volume.ts';
import type { PoolSortField, SnapshotSortField, Sorted, VolumeSortField } from './sortViews.ts';
import type { States } from './states.ts';
import type { GonePoolFilter, GoneSnapshotFilter, GoneVolumeFilter, PoolFilter, PoolView, ResourceKindName, ResourceRef, SnapshotFilter, SnapshotView, VolumeFilter, VolumeView } from './views.ts';

/** Reading every kind. */
export interface ResourceLists {
  readonly volumes: Resources<VolumeView, VolumeFilter & Sorted<VolumeSortField>, GoneVolumeFilter>;
  readonly snapshots: Resources<SnapshotView, SnapshotFilter & Sorted<SnapshotSortField>, GoneSnapshotFilter>;
  readonly pools: Resources<PoolView, PoolFilter & Sorted<PoolSortField>, GonePoolFilter>;
}

export interface ResourceQueries extends ResourceLists {
  /** UUIDs of what callers name, gone ones included; some kinds also by their names. */
  readonly resolve: Resolve;
  readonly indexes: Indexes;
  readonly lookup: Lookup;
}

/** Queries over indexes that hold what may be seen; `resolve` says what references lead to. */
export const resourcesOver = (over: Over): ResourceQueries => {
  const { resolve, indexes, lookup } = over;
  return { volumes: readingOf(volumeKind, over), snapshots: readingOf(snapshotKind, over), pools: readingOf(poolKind, over), resolve, indexes, lookup };
};

/** A UUID that is not known here may be known to the store: another process wrote it. Its own stream has the last word. */
const asUuid = (ref: ResourceRef): string | undefined => (Uuid.is(ref) ? ref : undefined);

const idByName = (indexes: Indexes, kind: ResourceKindName, ref: ResourceRef): string | undefined => {
  const [number] = typeof ref === 'string' && kinds[kind].isFoundByName ? indexes[kind].named(ref) : [];
  return number === undefined ? undefined : indexes[kind].idAt(number);
};

/** Queries over the states; make them before the log is replayed. */
export const makeResources = (states: States, hasBackend: (name: string) => boolean): ResourceQueries => {
  const indexes: Indexes = forEachKind((kind) => makeIndex(kind, states));
  const lookup: Lookup = { ...states, hasBackend, volumeCount: (poolId) => indexes.volume.ofParent(poolId).length };
  const resolve = forEachKind((kind) => (ref: ResourceRef) => indexes[kind].resolve(ref) ?? idByName(indexes, kind, ref) ?? asUuid(ref)) as Resolve;
  return resourcesOver({ states, indexes, lookup, resolve });
};
