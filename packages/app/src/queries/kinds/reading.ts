/** Reading one kind of resource: one by reference, what is there in pages, what is gone from the log. The same for every kind. */
import type { Resources } from '../../engine/controlPlane.ts';
import { makeGone, type GoneFilter } from '../gone.ts';
import type { Index, Slot } from '../indexes.ts';
import { listingOf } from '../pageQueries.ts';
import { sortedPage, fieldsOf } from '../sorting.ts';
import type { Sorted } from '../sortViews.ts';
import type { PageQuery } from '../views.ts';
import type { Over, ReadKind } from './kind.ts';

/** Filters that any kind may have. */
interface CommonFilters {
  readonly name?: string;
  readonly status?: string;
  readonly tenant?: string;
  readonly hidden?: boolean | 'all';
  readonly q?: string;
}

/** The numbers to look through: the shortest list that holds all that can match. */
const candidates = (index: Index, { hidden, name, tenant }: CommonFilters, parentId: string | undefined): readonly number[] => {
  if (name !== undefined) return index.named(name);
  if (parentId !== undefined) return index.ofParent(parentId);
  if (hidden === 'all') return index.all();
  if (tenant !== undefined) return index.ofTenant(tenant, hidden === true ? 'hidden' : 'shown');
  return hidden === true ? index.hidden() : index.shown();
};

/** `wanted` is in lower case, like a slot's text; UUIDs and other codes are found by their beginning. */
const isFound = (wanted: string, { text }: Slot, codes: () => readonly string[]): boolean => wanted === '' || text.includes(wanted) || codes().some((code) => code.startsWith(wanted));

const passesHidden = (wanted: boolean | 'all' | undefined, isHidden: boolean): boolean => wanted === 'all' || isHidden === (wanted ?? false);

/** Without these nothing but the page is looked at. */
const PLAIN = new Set(['limit', 'offset', 'cursor', 'sort', 'hidden']);
const isFiltered = (query: object): boolean => Object.entries(query).some(([key, value]) => value !== undefined && !PLAIN.has(key));

/** Whether what has a number is wanted. */
const matcherOf = <State, View, Filter extends CommonFilters, Sort extends string>(kind: ReadKind<State, View, Filter, Sort>, over: Over, query: Filter, parentId: string | undefined): ((number: number) => boolean) => {
  const index = over.indexes[kind.kind];
  const { name, status, tenant, hidden } = query;
  const wanted = query.q?.toLowerCase() ?? '';
  const more = kind.matcher?.(query, over);
  return (number) => {
    const slot = index.slotAt(number);
    if (slot?.state === undefined) return false;
    const state = slot.state as State;
    const indexed = kind.indexed(state);
    return (
      indexed !== undefined &&
      passesHidden(hidden, indexed.hidden) &&
      (parentId === undefined || indexed.parentId === parentId) &&
      (name === undefined || indexed.name === name) &&
      (status === undefined || kind.statusOf(state) === status) &&
      (tenant === undefined || indexed.tenant === tenant) &&
      (more === undefined || more(state)) &&
      isFound(wanted, slot, () => kind.codes(state))
    );
  };
};

/** Reading one kind, over indexes that hold what may be seen. */
export const readingOf = <State, View, Filter extends CommonFilters, Sort extends string, Gone extends GoneFilter>(
  kind: ReadKind<State, View, Filter, Sort>,
  over: Over,
): Resources<View, Filter & Sorted<Sort>, Gone> => {
  const { states, indexes, lookup, resolve, remember } = over;
  const index = indexes[kind.kind];
  const idOf = resolve[kind.kind];
  const view = (state: object | undefined): View | undefined => (state === undefined ? undefined : remember(state, lookup, (asked) => kind.view(state as State, asked)));
  const stateAt = (number: number): State | undefined => index.slotAt(number)?.state as State | undefined;
  const readers = kind.readers(stateAt, lookup);
  const listed = { name: kind.plural, fields: fieldsOf(readers), statuses: kind.statuses };
  return {
    idOf,
    ...makeGone({ kind: kind.kind, states, index, idOf, view, statuses: kind.gone, isIn: (tombstone, query) => kind.isIn?.(tombstone, query, over) ?? true }),
    get: (ref) => {
      const id = idOf(ref);
      return id === undefined || index.tombstone(id) !== undefined ? undefined : view(states.peek(`${kind.kind}-${id}`)?.state);
    },
    ...listingOf(listed, (query: PageQuery & Filter & Sorted<Sort>) => {
      const parent = kind.parentIn?.(query);
      const parentId = parent === undefined ? undefined : (resolve[parent.kind](parent.ref) ?? 'none');
      const matches = isFiltered(query) ? matcherOf(kind, over, query, parentId) : undefined;
      return sortedPage({ ...listed, numbers: candidates(index, query, parentId), view: (number) => view(index.slotAt(number)?.state), matches, readers }, query);
    }),
  };
};
