/** Reading one kind of part: one by reference, or pages of them. The same for every kind. */
import type { Parts } from '../../engine/controlPlane.ts';
import type { Over } from '../kinds/kind.ts';
import { listingOf } from '../pageQueries.ts';
import type { PartView } from '../pathViews.ts';
import { fieldsOf, sortedPage } from '../sorting.ts';
import type { Sorted } from '../sortViews.ts';
import type { PageQuery } from '../views.ts';
import type { PartIndex, PartKind, PartPlace } from './part.ts';

/** Reading parts of resources that may be seen. */
export const partsReading = <State, View extends PartView, Filter extends { readonly tenant?: string }, Sort extends string>(
  kind: PartKind<State, View, Filter, Sort>,
  index: PartIndex,
  over: Over,
): Parts<View, Filter & Sorted<Sort>> => {
  const { indexes, resolve, lookup, states } = over;
  const parents = indexes[kind.parent];
  const seen = (place: PartPlace | undefined): PartPlace | undefined => (place !== undefined && parents.tenantOf(place.parentId) !== undefined ? place : undefined);
  const stateOf = ({ parentId }: PartPlace): State | undefined => states.peek(`${kind.parent}-${parentId}`)?.state as State | undefined;
  const view = (place: PartPlace | undefined): View | undefined => {
    const state = place === undefined ? undefined : stateOf(place);
    return place === undefined || state === undefined ? undefined : kind.view(state, place.id, lookup);
  };
  const at = (number: number): PartPlace | undefined => seen(index.find(number));
  const readers = kind.readers((number) => view(at(number)));
  const listed = { name: kind.plural, fields: fieldsOf(readers), statuses: [] };
  return {
    idOf: (ref) => seen(index.find(ref))?.id,
    get: (ref) => view(seen(index.find(ref))),
    ...listingOf(listed, (query: PageQuery & Filter & Sorted<Sort>) => {
      const parent = kind.parentIn(query);
      const numbers = parent === undefined ? index.all() : index.ofParent(resolve[kind.parent](parent) ?? 'none');
      const isWanted = kind.matcher(query, over);
      const matches = (number: number): boolean => {
        const place = at(number);
        const state = place === undefined ? undefined : stateOf(place);
        if (place === undefined || state === undefined) return false;
        return (query.tenant === undefined || parents.tenantOf(place.parentId) === query.tenant) && isWanted(state, place.id);
      };
      return sortedPage({ ...listed, numbers, view: (number) => view(at(number)), matches, readers }, query);
    }),
  };
};
