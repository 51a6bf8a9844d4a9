/** Parts of resources that have ids and integers of their own: network addresses, targets, mapping groups, virtual IPs. One index each, followed change by change. */
import { idOf } from '../../engine/commands/aggregates.ts';
import type { Keeping } from '../kept.ts';
import type { Over } from '../kinds/kind.ts';
import type { Lookup } from '../kinds/lookup.ts';
import { insert, remove } from '../numbered.ts';
import type { PartKindName, PartView } from '../pathViews.ts';
import type { SortReaders } from '../sorting.ts';
import type { States } from '../states.ts';
import type { ResourceKindName, ResourceRef } from '../views.ts';

/** A part and what it is a part of. */
export interface PartPlace {
  readonly id: string;
  readonly number: number | null;
  readonly parentId: string;
  /** Of a target, its host. */
  readonly hostId?: string;
}

/** One kind of part, as lists and views see it. */
export interface PartKind<State, View extends PartView, Filter, Sort extends string> {
  readonly kind: PartKindName;
  /** `targets`. */
  readonly plural: string;
  readonly parent: ResourceKindName;
  /** Those that are there. */
  readonly partsOf: (state: State, lookup: Lookup) => readonly Omit<PartPlace, 'parentId'>[];
  readonly view: (state: State, id: string, lookup: Lookup) => View | undefined;
  /** The resource whose parts a query asks for. */
  readonly parentIn: (query: Filter) => ResourceRef | undefined;
  /** What else it wants: prepared once, asked of each. */
  readonly matcher: (query: Filter, over: Over) => (state: State, id: string) => boolean;
  readonly readers: (viewAt: (number: number) => View | undefined) => SortReaders<Sort>;
}

/** A part that was at any time, or the parts that a parent has. */
type KeptPart = { readonly place: PartPlace } | { readonly parentId: string; readonly places: readonly PartPlace[] };

/** Where to find the parts of one kind. */
export interface PartIndex {
  /** Also one that is gone. */
  readonly find: (ref: ResourceRef) => PartPlace | undefined;
  /** Numbers of all that are there, sorted. */
  readonly all: () => readonly number[];
  readonly ofParent: (parentId: string) => readonly number[];
}

const numberIn = (ref: ResourceRef): number | undefined => {
  if (typeof ref === 'number') return ref;
  return /^\d{1,15}$/.test(ref) ? Number(ref) : undefined;
};

/** An index over parts; make it before the log is replayed. What is gone is still found, so that who repeats a request gets the same answer. */
export const makePartIndex = <State, View extends PartView, Filter, Sort extends string>({ kind, parent, partsOf }: PartKind<State, View, Filter, Sort>, states: States, lookup: Lookup): PartIndex & Keeping => {
  const numbers: number[] = [];
  const byId = new Map<string, PartPlace>();
  const byNumber = new Map<number, PartPlace>();
  const present = new Map<string, readonly PartPlace[]>();

  states.onChange((change) => {
    if (change.kind !== parent) return;
    const parentId = idOf(change.stream);
    const before = present.get(parentId) ?? [];
    const now = partsOf(change.after as State, lookup).map((part): PartPlace => ({ ...part, parentId }));
    if (now.length === before.length && now.every(({ id, number }, at) => id === before[at]?.id && number === before[at]?.number)) return;
    if (now.length === 0) present.delete(parentId);
    else present.set(parentId, now);
    for (const { number } of before) if (number !== null) remove(numbers, number);
    for (const part of now) {
      byId.set(part.id, part);
      if (part.number === null) continue;
      byNumber.set(part.number, part);
      insert(numbers, part.number);
    }
  });

  return {
    keeps: {
      name: `parts ${kind}`,
      take: () => [...Array.from(byId.values(), (place): KeptPart => ({ place })), ...Array.from(present, ([parentId, places]): KeptPart => ({ parentId, places }))],
      put: (items) => {
        for (const kept of items as readonly KeptPart[]) {
          if ('place' in kept) {
            const { place } = kept;
            if (!byId.has(place.id)) byId.set(place.id, place);
            if (place.number !== null && !byNumber.has(place.number)) byNumber.set(place.number, place);
          } else if (!present.has(kept.parentId)) {
            // Of a parent that was put away; the others told of their parts themselves.
            present.set(kept.parentId, kept.places);
            for (const { number } of kept.places) if (number !== null) insert(numbers, number);
          }
        }
      },
    },
    find: (ref) => {
      const number = numberIn(ref);
      return (typeof ref === 'string' ? byId.get(ref) : undefined) ?? (number === undefined ? undefined : byNumber.get(number));
    },
    all: () => numbers,
    ofParent: (parentId) => (present.get(parentId) ?? []).flatMap(({ number }) => number ?? []).toSorted((a, b) => a - b),
  };
};
