/**
 * Reading what is gone. In memory remains one line of each such resource, enough to find it; how it stood at its end is folded from its
 * stream when somebody asks, a page at a time.
 */
import { Uuid, type Refusal } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { refusalOfStore } from '../engine/commands/commandHandler.ts';
import { notFound, refuseEngine } from '../engine/refusals.ts';
import type { Index, Tombstone } from './indexes.ts';
import { MAX_PAGE, pageOf } from './paging.ts';
import type { States } from './states.ts';
import type { GoneVipGroupFilter } from './pathViews.ts';
import type { GonePoolFilter, GoneSnapshotFilter, GoneStatus, GoneVolumeFilter, Page, PageQuery, ResourceKindName, ResourceRef } from './views.ts';

/** The filters of any kind of resource. */
export type GoneFilter = Omit<GonePoolFilter & GoneVolumeFilter & GoneSnapshotFilter & GoneVipGroupFilter, 'status'> & { readonly status?: GoneStatus };

/** What a kind of resource needs to be read when it is gone. */
export interface GoneParts<V> {
  readonly kind: ResourceKindName;
  readonly states: States;
  readonly index: Index;
  /** The UUID that a reference means, whether it is known here or not. */
  readonly idOf: (ref: ResourceRef) => string | undefined;
  readonly view: (state: object) => V | undefined;
  /** How resources of this kind that had a number can end. */
  readonly statuses: readonly GoneStatus[];
  /** True where a resource that is gone was in what the query names: a pool, a volume. */
  readonly isIn: (tombstone: Tombstone, query: GoneFilter) => boolean;
}

export interface GoneQueries<V> {
  readonly find: (ref: ResourceRef) => Promise<E.Either<Refusal, V>>;
  readonly listGone: (query?: PageQuery & GoneFilter) => Promise<E.Either<Refusal, Page<V>>>;
}

/** So many streams are read at once. */
const READ_AT_ONCE = 32;

const isWanted = ({ name, hidden, tenant, id, status }: Tombstone, query: GoneFilter): boolean => {
  const wanted = query.q?.toLowerCase() ?? '';
  return (
    (query.status === undefined || status === query.status) &&
    (query.name === undefined || name === query.name) &&
    (query.tenant === undefined || tenant === query.tenant) &&
    (query.hidden === 'all' || hidden === (query.hidden ?? false)) &&
    (wanted === '' || name.toLowerCase().includes(wanted) || id.startsWith(wanted))
  );
};

export const makeGone = <V>({ kind, states, index, idOf, view, statuses, isIn }: GoneParts<V>): GoneQueries<V> => {
  const load = async (id: string): Promise<E.Either<Refusal, V | undefined>> => {
    const loaded = await states.load(`${kind}-${id}`);
    return E.isLeft(loaded) ? E.left(refusalOfStore(loaded.left)) : E.right(view(loaded.right.state));
  };

  const loadAll = async (numbers: readonly number[]): Promise<E.Either<Refusal, readonly V[]>> => {
    const found: V[] = [];
    for (let from = 0; from < numbers.length; from += READ_AT_ONCE) {
      const ids = numbers.slice(from, from + READ_AT_ONCE).flatMap((number) => index.idAt(number) ?? []);
      for (const one of await Promise.all(ids.map(load))) {
        if (E.isLeft(one)) return one;
        if (one.right !== undefined) found.push(one.right);
      }
    }
    return E.right(found);
  };

  return {
    find: async (ref) => {
      const id = idOf(ref);
      const found = id === undefined || !Uuid.is(id) ? E.right(undefined) : await load(id);
      if (E.isLeft(found)) return found;
      return found.right === undefined ? E.left(notFound(kind, ref, `there is and was no ${kind} ${ref}`)) : E.right(found.right);
    },
    listGone: async (query = {}) => {
      const { status, limit = 0 } = query;
      if (status !== undefined && !statuses.includes(status)) {
        return E.left(refuseEngine('StatusIsNotListed', `no ${kind} that is gone is listed as ${status}`, { value: status, limit: statuses }));
      }
      const matches = (number: number): boolean => {
        const tombstone = index.tombstone(index.idAt(number) ?? '');
        return tombstone !== undefined && isWanted(tombstone, query) && isIn(tombstone, query);
      };
      // Each one is read from the log: everything at once could be millions.
      const page = pageOf(index.gone(), limit < 0 ? { ...query, limit: MAX_PAGE } : query, (number) => number, matches);
      return E.map((items: readonly V[]): Page<V> => ({ ...page, items }))(await loadAll(page.items));
    },
  };
};
