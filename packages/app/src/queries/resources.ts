/** Reading volumes, snapshots and pools from memory: one by reference, or pages of them. */
import { snapshotStatus, Uuid, type PoolId, type SnapshotId, type SnapshotState, type VolumeId, type VolumeState } from '@blockledger/domain';
import type { Resources } from '../engine/controlPlane.ts';
import { makeIndex, type Index, type Slot } from './indexes.ts';
import { pageOf } from './paging.ts';
import { poolView, snapshotView, volumeView, type Lookup } from './resourceViews.ts';
import type { States } from './states.ts';
import type { PageQuery, PoolFilter, PoolView, ResourceRef, SnapshotFilter, SnapshotView, VolumeFilter, VolumeView } from './views.ts';

export interface ResourceQueries {
  readonly volumes: Resources<VolumeView, VolumeFilter>;
  readonly snapshots: Resources<SnapshotView, SnapshotFilter>;
  readonly pools: Resources<PoolView, PoolFilter>;
  /** UUIDs of what callers name, gone ones included; a pool also by its name. */
  readonly resolve: { readonly volume: (ref: ResourceRef) => VolumeId | undefined; readonly snapshot: (ref: ResourceRef) => SnapshotId | undefined; readonly pool: (ref: ResourceRef) => PoolId | undefined };
  readonly indexes: { readonly volume: Index; readonly snapshot: Index; readonly pool: Index };
  readonly lookup: Lookup;
}

/** The numbers to look through: the shortest list that holds all that can match. */
const candidates = (index: Index, hidden: boolean | 'all' | undefined, parentId: string | undefined, name: string | undefined): readonly number[] => {
  if (name !== undefined) return index.named(name);
  if (parentId !== undefined) return index.ofParent(parentId);
  if (hidden === 'all') return index.all();
  return hidden === true ? index.hidden() : index.shown();
};

/** `wanted` is in lower case, like a slot's text; UUIDs and serial numbers are found by their beginning. */
const isFound = (wanted: string, { text }: Slot, prefixes: readonly string[]): boolean =>
  wanted === '' || text.includes(wanted) || prefixes.some((prefix) => prefix.startsWith(wanted));

const passesHidden = (wanted: boolean | 'all' | undefined, isHidden: boolean): boolean => wanted === 'all' || isHidden === (wanted ?? false);

/** Without these nothing but the page is looked at. */
const isFiltered = (query: object, plain: readonly string[]): boolean => Object.entries(query).some(([key, value]) => value !== undefined && !plain.includes(key));

const PAGE_KEYS = ['limit', 'offset', 'cursor'] as const;

const volumesOver = (states: States, index: Index, lookup: Lookup, poolIdOf: (ref: ResourceRef) => string | undefined): Resources<VolumeView, VolumeFilter> => {
  const stateAt = (number: number): VolumeState | undefined => index.slotAt(number)?.state as VolumeState | undefined;
  const view = (state: VolumeState | undefined): VolumeView | undefined => (state === undefined ? undefined : volumeView(state, lookup));
  return {
    get: (ref, options) => {
      const id = index.resolve(ref);
      const found = id === undefined ? undefined : view(states.volumeState(id));
      const isGone = found !== undefined && (found.status === 'deleted' || found.status === 'refused' || found.status === 'disowned');
      return isGone && options?.gone !== true ? undefined : found;
    },
    list: (query = {}) => {
      const poolId = query.pool === undefined ? undefined : (poolIdOf(query.pool) ?? 'none');
      const wanted = query.q?.toLowerCase() ?? '';
      const matches = (number: number): boolean => {
        const slot = index.slotAt(number);
        const state = slot?.state as VolumeState | undefined;
        const volume = state?.volume;
        if (slot === undefined || volume === undefined || volume === null) return false;
        const { hidden, tenant, name, poolId: own, volumeId, serial } = volume;
        return (
          passesHidden(query.hidden, hidden) &&
          (poolId === undefined || own === poolId) &&
          (query.name === undefined || name === query.name) &&
          (query.status === undefined || state?.lifecycle === query.status) &&
          (query.tenant === undefined || tenant === query.tenant) &&
          isFound(wanted, slot, [volumeId, serial])
        );
      };
      const numbers = candidates(index, query.hidden, poolId, query.name);
      return pageOf(numbers, query, (number) => view(stateAt(number)), isFiltered(query, [...PAGE_KEYS, 'hidden']) ? matches : undefined);
    },
  };
};

const snapshotsOver = (states: States, index: Index, lookup: Lookup, resolve: Pick<ResourceQueries['resolve'], 'volume' | 'pool'>): Resources<SnapshotView, SnapshotFilter> => {
  const stateAt = (number: number): SnapshotState | undefined => index.slotAt(number)?.state as SnapshotState | undefined;
  const view = (state: SnapshotState | undefined): SnapshotView | undefined => (state === undefined ? undefined : snapshotView(state, lookup));
  return {
    get: (ref, options) => {
      const id = index.resolve(ref);
      const found = id === undefined ? undefined : view(states.snapshotState(id));
      return found?.status === 'deleted' && options?.gone !== true ? undefined : found;
    },
    list: (query = {}) => {
      const volumeId = query.volume === undefined ? undefined : (resolve.volume(query.volume) ?? 'none');
      const poolId = query.pool === undefined ? undefined : (resolve.pool(query.pool) ?? 'none');
      const wanted = query.q?.toLowerCase() ?? '';
      const matches = (number: number): boolean => {
        const slot = index.slotAt(number);
        const state = slot?.state as SnapshotState | undefined;
        const snapshot = state?.snapshot;
        if (slot === undefined || state === undefined || snapshot === undefined || snapshot === null) return false;
        const { expiresAt, volume, poolId: own, name, tenant, snapshotId } = snapshot;
        return (
          passesHidden(query.hidden, expiresAt !== null) &&
          (volumeId === undefined || volume.volumeId === volumeId) &&
          (poolId === undefined || own === poolId) &&
          (query.name === undefined || name === query.name) &&
          (query.status === undefined || snapshotStatus(state) === query.status) &&
          (query.tenant === undefined || tenant === query.tenant) &&
          isFound(wanted, slot, [snapshotId])
        );
      };
      const numbers = candidates(index, query.hidden, volumeId, query.name);
      return pageOf(numbers, query, (number) => view(stateAt(number)), isFiltered(query, [...PAGE_KEYS, 'hidden']) ? matches : undefined);
    },
  };
};

const poolsOver = (states: States, index: Index, lookup: Lookup, poolIdOf: (ref: ResourceRef) => string | undefined): Resources<PoolView, PoolFilter> => {
  const view = (id: string | undefined): PoolView | undefined => {
    const state = id === undefined ? undefined : states.poolState(id);
    return state === undefined ? undefined : poolView(state, lookup);
  };
  return {
    get: (ref, options) => {
      const found = view(poolIdOf(ref));
      return (found?.status === 'refused' || found?.status === 'retired') && options?.gone !== true ? undefined : found;
    },
    list: (query: PageQuery & PoolFilter = {}) => {
      const matches = (number: number): boolean => {
        const slot = index.slotAt(number);
        const found = view(index.idAt(number));
        if (slot === undefined || found === undefined) return false;
        return (
          (query.name === undefined || found.name === query.name) &&
          (query.status === undefined || found.status === query.status) &&
          isFound(query.q?.toLowerCase() ?? '', slot, [found.id])
        );
      };
      return pageOf(index.all(), query, (number) => view(index.idAt(number)), matches);
    },
  };
};

/** A UUID that is not known here may be known to the store: another process wrote it. Its own stream has the last word. */
const asUuid = (ref: ResourceRef): string | undefined => (Uuid.is(ref) ? ref : undefined);

/** Queries over the states; make them before the log is replayed. */
export const makeResources = (states: States, hasBackend: (name: string) => boolean): ResourceQueries => {
  const indexes = { volume: makeIndex('volume', states), snapshot: makeIndex('snapshot', states), pool: makeIndex('pool', states) };
  const lookup: Lookup = { ...states, hasBackend, volumeCount: (poolId) => indexes.volume.ofParent(poolId).length };
  const resolve: ResourceQueries['resolve'] = {
    volume: (ref) => (indexes.volume.resolve(ref) ?? asUuid(ref)) as VolumeId | undefined,
    snapshot: (ref) => (indexes.snapshot.resolve(ref) ?? asUuid(ref)) as SnapshotId | undefined,
    pool: (ref) => {
      const [number] = typeof ref === 'string' ? indexes.pool.named(ref) : [];
      return (indexes.pool.resolve(ref) ?? (number === undefined ? undefined : indexes.pool.idAt(number)) ?? asUuid(ref)) as PoolId | undefined;
    },
  };
  return {
    volumes: volumesOver(states, indexes.volume, lookup, resolve.pool),
    snapshots: snapshotsOver(states, indexes.snapshot, lookup, resolve),
    pools: poolsOver(states, indexes.pool, lookup, resolve.pool),
    resolve,
    indexes,
    lookup,
  };
};
