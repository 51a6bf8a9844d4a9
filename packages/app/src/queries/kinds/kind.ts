/** What reading needs to know of one kind of resource. One file per kind says it; `index.ts` beside this has all of them. */
import type { AccessPathId, ClientGroupId, HostId, PoolId, SnapshotId, VipGroupId, VolumeId } from '@blockledger/domain';
import type { GoneFilter } from '../gone.ts';
import type { Index, Indexed, Tombstone } from '../indexes.ts';
import type { SortReaders } from '../sorting.ts';
import type { States } from '../states.ts';
import type { GoneStatus, ResourceKindName, ResourceRef } from '../views.ts';
import type { Lookup } from './lookup.ts';
import type { Remember } from './remembered.ts';

/** How each kind is named. */
export interface ResourceIds {
  readonly volume: VolumeId;
  readonly snapshot: SnapshotId;
  readonly pool: PoolId;
  readonly host: HostId;
  readonly clientGroup: ClientGroupId;
  readonly accessPath: AccessPathId;
  readonly vipGroup: VipGroupId;
}

/** UUIDs of what callers name, gone ones included; pools and hosts also by their names. */
export type Resolve = { readonly [K in ResourceKindName]: (ref: ResourceRef) => ResourceIds[K] | undefined };

/** One index per kind. */
export type Indexes = { readonly [K in ResourceKindName]: Index };

/** What reading resources needs, whatever their kind. */
export interface Over {
  readonly states: States;
  readonly indexes: Indexes;
  readonly lookup: Lookup;
  readonly resolve: Resolve;
  readonly remember: Remember;
}

/** One kind of resource, as views and lists need to know it. */
export interface ReadKind<State, View, Filter, Sort extends string> {
  readonly kind: ResourceKindName;
  /** `volumes`. */
  readonly plural: string;
  /** It belongs to no tenant: all of them see it, and only those who run the service touch it. */
  readonly isEverybodys: boolean;
  /** Callers may name it by its name, too. */
  readonly isFoundByName: boolean;
  /** Undefined for one that is not there. */
  readonly indexed: (state: State) => Indexed | undefined;
  readonly view: (state: State, lookup: Lookup) => View | undefined;
  readonly statusOf: (state: State) => string | null;
  /** Statuses of what is there. */
  readonly statuses: readonly string[];
  /** How those that had a number can end. */
  readonly gone: readonly GoneStatus[];
  /** The UUID, and what else a search finds by its beginning. */
  readonly codes: (state: State) => readonly string[];
  /** The parent that a query names: the pool of volumes, the volume of snapshots. */
  readonly parentIn?: (query: Filter) => { readonly kind: ResourceKindName; readonly ref: ResourceRef } | undefined;
  /** What a query wants besides its parent and what all kinds have: prepared once, asked of each. Undefined where it wants no more. */
  readonly matcher?: (query: Filter, over: Over) => ((state: State) => boolean) | undefined;
  /** True where one that is gone was in what the query names. */
  readonly isIn?: (tombstone: Tombstone, query: GoneFilter, over: Over) => boolean;
  readonly readers: (stateAt: (number: number) => State | undefined, lookup: Lookup) => SortReaders<Sort>;
}

/** A kind whose types are behind its name: what goes in came out of its own streams. */
export interface AnyKind<View> extends Pick<ReadKind<unknown, View, unknown, string>, 'isEverybodys' | 'isFoundByName' | 'indexed' | 'view'> {}

export const erase = <State, View, Filter, Sort extends string>({ isEverybodys, isFoundByName, indexed, view }: ReadKind<State, View, Filter, Sort>): AnyKind<View> => ({
  isEverybodys,
  isFoundByName,
  indexed: (state) => indexed(state as State),
  view: (state, lookup) => view(state as State, lookup),
});
