/** Reading volumes, snapshots and pools from memory: one by reference, or pages of them. */
import { snapshotStatus, Uuid, type PoolId, type PoolState, type SnapshotId, type SnapshotState, type VolumeId, type VolumeState } from '@blockledger/domain';
import type { Resources } from '../engine/controlPlane.ts';
import { makeGone } from './gone.ts';
import { makeIndex, type Index, type Slot } from './indexes.ts';
import { listingOf } from './pageQueries.ts';
import { poolView, snapshotView, volumeView, type Lookup } from './resourceViews.ts';
import { fieldsOf, poolReaders, snapshotReaders, volumeReaders } from './sortFields.ts';
import { sortedPage } from './sorting.ts';
import type { PoolSortField, SnapshotSortField, Sorted, VolumeSortField } from './sortViews.ts';
import type { States } from './states.ts';
import type { GonePoolFilter, GoneSnapshotFilter, GoneVolumeFilter, PageQuery, PoolFilter, PoolView, ResourceRef, SnapshotFilter, SnapshotView, VolumeFilter, VolumeView } from './views.ts';

export interface ResourceQueries {
  readonly volumes: Resources<VolumeView, VolumeFilter & Sorted<VolumeSortField>, GoneVolumeFilter>;
  readonly snapshots: Resources<SnapshotView, SnapshotFilter & Sorted<SnapshotSortField>, GoneSnapshotFilter>;
  readonly pools: Resources<PoolView, PoolFilter & Sorted<PoolSortField>, GonePoolFilter>;
  /** UUIDs of what callers name, gone ones included; a pool also by its name. */
  readonly resolve: { readonly volume: (ref: ResourceRef) => VolumeId | undefined; readonly snapshot: (ref: ResourceRef) => SnapshotId | undefined; readonly pool: (ref: ResourceRef) => PoolId | undefined };
  readonly indexes: { readonly volume: Index; readonly snapshot: Index; readonly pool: Index };
  readonly lookup: Lookup;
}

/** The numbers to look through: the shortest list that holds all that can match. */
const candidates = (index: Index, { hidden, name, tenant }: Pick<VolumeFilter | SnapshotFilter, 'hidden' | 'name' | 'tenant'>, parentId: string | undefined): readonly number[] => {
  if (name !== undefined) return index.named(name);
  if (parentId !== undefined) return index.ofParent(parentId);
  if (hidden === 'all') return index.all();
  if (tenant !== undefined) return index.ofTenant(tenant, hidden === true ? 'hidden' : 'shown');
  return hidden === true ? index.hidden() : index.shown();
};

/** `wanted` is in lower case, like a slot's text; UUIDs and serial numbers are found by their beginning. */
const isFound = (wanted: string, { text }: Slot, prefixes: readonly string[]): boolean =>
  wanted === '' || text.includes(wanted) || prefixes.some((prefix) => prefix.startsWith(wanted));

const passesHidden = (wanted: boolean | 'all' | undefined, isHidden: boolean): boolean => wanted === 'all' || isHidden === (wanted ?? false);

/** Without these nothing but the page is looked at. */
const isFiltered = (query: object, plain: readonly string[]): boolean => Object.entries(query).some(([key, value]) => value !== undefined && !plain.includes(key));

const PAGE_KEYS = ['limit', 'offset', 'cursor', 'sort'] as const;

/** What reading one kind of resource needs. */
export interface Over {
  readonly states: States;
  readonly indexes: ResourceQueries['indexes'];
  readonly lookup: Lookup;
  readonly resolve: ResourceQueries['resolve'];
}

const volumesOver = ({ states, indexes, lookup, resolve }: Over): ResourceQueries['volumes'] => {
  const index = indexes.volume;
  const stateAt = (number: number): VolumeState | undefined => index.slotAt(number)?.state as VolumeState | undefined;
  const view = (state: VolumeState | undefined): VolumeView | undefined => (state === undefined ? undefined : volumeView(state, lookup));
  const readers = volumeReaders(stateAt, lookup);
  const kind = { name: 'volumes', fields: fieldsOf(readers), statuses: ['creating', 'active', 'trashed'] };
  return {
    idOf: resolve.volume,
    ...makeGone({
      kind: 'volume',
      states,
      index,
      idOf: resolve.volume,
      view: (state) => view(state as VolumeState),
      statuses: ['deleted', 'disowned'],
      isIn: ({ parentId }, { pool }) => pool === undefined || resolve.pool(pool) === parentId,
    }),
    get: (ref) => {
      const id = index.resolve(ref);
      return id === undefined || index.tombstone(id) !== undefined ? undefined : view(states.volumeState(id));
    },
    ...listingOf(kind, (query: PageQuery & VolumeFilter & Sorted<VolumeSortField>) => {
      const poolId = query.pool === undefined ? undefined : (resolve.pool(query.pool) ?? 'none');
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
      const filtered = isFiltered(query, [...PAGE_KEYS, 'hidden']) ? matches : undefined;
      return sortedPage({ ...kind, numbers: candidates(index, query, poolId), view: (number) => view(stateAt(number)), matches: filtered, readers }, query);
    }),
  };
};

const snapshotsOver = ({ states, indexes, lookup, resolve }: Over): ResourceQueries['snapshots'] => {
  const index = indexes.snapshot;
  const poolOfVolume = (volumeId: string | null): string | null | undefined =>
    volumeId === null ? null : (states.volumeState(volumeId)?.volume?.poolId ?? indexes.volume.tombstone(volumeId)?.parentId);
  const stateAt = (number: number): SnapshotState | undefined => index.slotAt(number)?.state as SnapshotState | undefined;
  const view = (state: SnapshotState | undefined): SnapshotView | undefined => (state === undefined ? undefined : snapshotView(state, lookup));
  const readers = snapshotReaders(stateAt, lookup);
  const kind = { name: 'snapshots', fields: fieldsOf(readers), statuses: ['creating', 'active', 'deleting', 'error'] };
  return {
    idOf: resolve.snapshot,
    ...makeGone({
      kind: 'snapshot',
      states,
      index,
      idOf: resolve.snapshot,
      view: (state) => view(state as SnapshotState),
      statuses: ['deleted'],
      isIn: ({ parentId }, { volume, pool }) =>
        (volume === undefined || resolve.volume(volume) === parentId) && (pool === undefined || resolve.pool(pool) === poolOfVolume(parentId)),
    }),
    get: (ref) => {
      const id = index.resolve(ref);
      return id === undefined || index.tombstone(id) !== undefined ? undefined : view(states.snapshotState(id));
    },
    ...listingOf(kind, (query: PageQuery & SnapshotFilter & Sorted<SnapshotSortField>) => {
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
      const filtered = isFiltered(query, [...PAGE_KEYS, 'hidden']) ? matches : undefined;
      return sortedPage({ ...kind, numbers: candidates(index, query, volumeId), view: (number) => view(stateAt(number)), matches: filtered, readers }, query);
    }),
  };
};

const poolsOver = ({ states, indexes, lookup, resolve }: Over): ResourceQueries['pools'] => {
  const index = indexes.pool;
  const view = (id: string | undefined): PoolView | undefined => {
    const state = id === undefined ? undefined : states.poolState(id);
    return state === undefined ? undefined : poolView(state, lookup);
  };
  const readers = poolReaders((number) => view(index.idAt(number)));
  const kind = { name: 'pools', fields: fieldsOf(readers), statuses: ['registering', 'active'] };
  return {
    idOf: resolve.pool,
    ...makeGone({ kind: 'pool', states, index, idOf: resolve.pool, view: (state) => poolView(state as PoolState, lookup), statuses: ['retired'], isIn: () => true }),
    get: (ref) => {
      const id = resolve.pool(ref);
      return id === undefined || index.tombstone(id) !== undefined ? undefined : view(id);
    },
    ...listingOf(kind, (query: PageQuery & PoolFilter & Sorted<PoolSortField>) => {
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
      return sortedPage({ ...kind, numbers: index.all(), view: (number) => view(index.idAt(number)), matches, readers }, query);
    }),
  };
};

/** Queries over indexes that hold what may be seen; `resolve` says what references lead to. */
export const resourcesOver = (over: Over): ResourceQueries => {
  const { resolve, indexes, lookup } = over;
  return { volumes: volumesOver(over), snapshots: snapshotsOver(over), pools: poolsOver(over), resolve, indexes, lookup };
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
  return resourcesOver({ states, indexes, lookup, resolve });
};
