/** Reading resources from memory: one by reference, or pages of them. Each kind has a file of its own under `kinds`. */
import { Uuid } from '@blockledger/domain';
import type { Resources } from '../engine/controlPlane.ts';
import type { PathLists } from '../engine/pathFace.ts';
import { makeIndex } from './indexes.ts';
import type { Kept } from './kept.ts';
import { accessPathKind } from './kinds/accessPath.ts';
import { clientGroupKind } from './kinds/clientGroup.ts';
import { hostKind } from './kinds/host.ts';
import { forEachKind, kinds } from './kinds/index.ts';
import type { Indexes, Over, Resolve } from './kinds/kind.ts';
import type { Lookup, Present } from './kinds/lookup.ts';
import { poolKind } from './kinds/pool.ts';
import { readingOf } from './kinds/reading.ts';
import { rememberViews, type Remember } from './kinds/remembered.ts';
import { snapshotKind } from './kinds/snapshot.ts';
import { vipGroupKind } from './kinds/vipGroup.ts';
import { volumeKind } from './kinds/volume.ts';
import { findPartIn, makePartIndexes, type FindPart, type PartIndexes } from './parts/index.ts';
import { mappingGroupPart } from './parts/mappingGroup.ts';
import { networkAddressPart } from './parts/networkAddress.ts';
import { partsReading } from './parts/reading.ts';
import { targetPart } from './parts/target.ts';
import { vipPart } from './parts/vip.ts';
import type { PoolSortField, SnapshotSortField, Sorted, VolumeSortField } from './sortViews.ts';
import type { States } from './states.ts';
import type { GonePoolFilter, GoneSnapshotFilter, GoneVolumeFilter, PoolFilter, PoolView, ResourceKindName, ResourceRef, SnapshotFilter, SnapshotView, VolumeFilter, VolumeView } from './views.ts';

/** Reading every kind. */
export interface ResourceLists extends PathLists {
  readonly volumes: Resources<VolumeView, VolumeFilter & Sorted<VolumeSortField>, GoneVolumeFilter>;
  readonly snapshots: Resources<SnapshotView, SnapshotFilter & Sorted<SnapshotSortField>, GoneSnapshotFilter>;
  readonly pools: Resources<PoolView, PoolFilter & Sorted<PoolSortField>, GonePoolFilter>;
}

export interface ResourceQueries extends ResourceLists {
  /** UUIDs of what callers name, gone ones included; some kinds also by their names. */
  readonly resolve: Resolve;
  readonly indexes: Indexes;
  readonly lookup: Lookup;
  /** Views of all kinds, for everybody. */
  readonly remember: Remember;
  /** Parts of all resources, whoever's they are. */
  readonly parts: PartIndexes;
  /** Parts of what may be seen, gone ones included. */
  readonly findPart: FindPart;
}

/** Queries over indexes that hold what may be seen; `resolve` says what references lead to. */
export const resourcesOver = (over: Over, parts: PartIndexes): ResourceQueries => {
  const { resolve, indexes, lookup, remember } = over;
  return {
    volumes: readingOf(volumeKind, over),
    snapshots: readingOf(snapshotKind, over),
    pools: readingOf(poolKind, over),
    hosts: readingOf(hostKind, over),
    clientGroups: readingOf(clientGroupKind, over),
    accessPaths: readingOf(accessPathKind, over),
    vipGroups: readingOf(vipGroupKind, over),
    networkAddresses: partsReading(networkAddressPart, parts.networkAddress, over),
    targets: partsReading(targetPart, parts.target, over),
    mappingGroups: partsReading(mappingGroupPart, parts.mappingGroup, over),
    vips: partsReading(vipPart, parts.vip, over),
    resolve,
    indexes,
    lookup,
    remember,
    parts,
    findPart: findPartIn(parts, over),
  };
};

/** Of all that is read, what is about hosts, client groups, access paths and VIP groups. */
export const pathListsOf = ({ hosts, clientGroups, accessPaths, vipGroups, networkAddresses, targets, mappingGroups, vips }: ResourceQueries): PathLists => ({
  hosts,
  clientGroups,
  accessPaths,
  vipGroups,
  networkAddresses,
  targets,
  mappingGroups,
  vips,
});

/** A UUID that is not known here may be known to the store: another process wrote it. Its own stream has the last word. */
const asUuid = (ref: ResourceRef): string | undefined => (Uuid.is(ref) ? ref : undefined);

const idByName = (indexes: Indexes, kind: ResourceKindName, ref: ResourceRef): string | undefined => {
  const [number] = typeof ref === 'string' && kinds[kind].isFoundByName ? indexes[kind].named(ref) : [];
  return number === undefined ? undefined : indexes[kind].idAt(number);
};

/** Queries over the states; make them before the log is replayed. */
export const makeResources = (states: States, present: Present): ResourceQueries & { readonly keeps: readonly Kept[] } => {
  const indexes = forEachKind((kind) => makeIndex(kind, states));
  const lookup: Lookup = { ...states, ...present, volumeCount: (poolId) => indexes.volume.ofParent(poolId).length };
  const resolve = forEachKind((kind) => (ref: ResourceRef) => indexes[kind].resolve(ref) ?? idByName(indexes, kind, ref) ?? asUuid(ref)) as Resolve;
  const parts = makePartIndexes(states, lookup);
  const keeps = [...Object.values(indexes), ...Object.values(parts)].map((index) => index.keeps);
  return { ...resourcesOver({ states, indexes, lookup, resolve, remember: rememberViews() }, parts), keeps };
};
