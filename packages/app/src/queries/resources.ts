/** Reading volumes, snapshots and pools from memory: one by reference, or pages of them. */
import { Uuid, type PoolId, type SnapshotId, type SnapshotState, type VolumeId, type VolumeState } from '@blockledger/domain';
import type { Resources } from '../engine/controlPlane.ts';
import { makeIndex, type Index } from './indexes.ts';
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

const contains = (q: string | undefined, texts: readonly string[], prefixes: readonly string[]): boolean => {
  if (q === undefined || q === '') return true;
  const wanted = q.toLowerCase();
  return texts.some((text) => text.toLowerCase().includes(wanted)) || prefixes.some((text) => text.startsWith(wanted));
};

const passesHidden = (wanted: boolean | 'all' | undefined, isHidden: boolean): boolean => wanted === 'all' || isHidden === (wanted ?? false);

/** Without these nothing but the page is looked at. */
const isFiltered = (query: object, plain: readonly string[]): boolean => Object.entries(query).some(([key, value]) => value !== undefined && !plain.includes(key));

const PAGE_KEYS = ['limit', 'offset', 'cursor'] as const;

const volumesOver = (states: States, index: Index, lookup: Lookup, poolIdOf: (ref: ResourceRef) => string | undefined): Resources<VolumeView, VolumeFilter> => {
  const stateAt = (number: number): VolumeState | undefined => {
    const id = index.idAt(number);
    return id === undefined ? undefined : states.volumeState(id);
  };
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
      const matches = (number: number): boolean => {
        const state = stateAt(number);
        const volume = state?.volume;
        if (volume === undefined || volume === null) return false;
        const { hidden, tenant, name, description, poolId: own, volumeId, serial } = volume;
        return (
          passesHidden(query.hidden, hidden) &&
          (poolId === undefined || own === poolId) &&
          (query.name === undefined || name === query.name) &&
          (query.status === undefined || state?.lifecycle === query.status) &&
          (query.tenant === undefined || tenant === query.tenant) &&
          contains(query.q, [name, description], [volumeId, serial])
        );
      };
      const numbers = candidates(index, query.hidden, poolId, query.name);
      return pageOf(numbers, query, (number) => view(stateAt(number)), isFiltered(query, [...PAGE_KEYS, 'hidden']) ? matches : undefined);
    },
  };
};

const snapshotsOver = (states: States, index: Index, lookup: Lookup, resolve: Pick<ResourceQueries['resolve'], 'volume' | 'pool'>): Resources<SnapshotView, SnapshotFilter> => {
  const stateAt = (number: number): SnapshotState | undefined => {
    const id = index.idAt(number);
    return id === undefined ? undefined : states.snapshotState(id);
  };
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
      const matches = (number: number): boolean => {
        const found = view(stateAt(number));
        if (found === undefined) return false;
        return (
          passesHidden(query.hidden, found.hidden) &&
          (volumeId === undefined || found.volumeId === volumeId) &&
          (poolId === undefined || found.poolId === poolId) &&
          (query.name === undefined || found.name === query.name) &&
          (query.status === undefined || found.status === query.status) &&
          (query.tenant === undefined || found.tenant === query.tenant) &&
          contains(query.q, [found.name, found.description], [found.id])
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
        const found = view(index.idAt(number));
        if (found === undefined) return false;
        return (query.name === undefined || found.name === query.name) && (query.status === undefined || found.status === query.status) && contains(query.q, [found.name], [found.id]);
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
