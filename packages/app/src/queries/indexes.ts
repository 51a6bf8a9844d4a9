/** Where to find resources: by UUID, by REST integer, by name, by pool and by volume. Kept beside the states, change by change. */
import { idOf } from '../engine/commands/aggregates.ts';
import type { Keeping } from './kept.ts';
import { kinds } from './kinds/index.ts';
import { insert, makeGroups, remove, type Groups } from './numbered.ts';
import type { Change, States } from './states.ts';
import type { GoneStatus, ResourceKindName, ResourceRef } from './views.ts';

/** What remains in memory of a resource that is gone. */
export interface Tombstone {
  readonly id: string;
  readonly number: number | null;
  readonly name: string;
  readonly status: GoneStatus | 'refused';
  readonly hidden: boolean;
  readonly tenant: string;
  /** The pool of a volume, the volume of a snapshot. */
  readonly parentId: string | null;
}

/** A resource by its number, as lists look at it. `text` is what a search looks through, in lower case. */
export interface Slot {
  readonly id: string;
  readonly tenant: string;
  /** Undefined for what is gone. */
  state: object | undefined;
  text: string;
}

/** What an index needs to know of a resource; undefined for one that is not there. */
export interface Indexed {
  readonly description: string;
  readonly number: number | null;
  readonly name: string;
  readonly gone: Tombstone['status'] | null;
  readonly hidden: boolean;
  readonly tenant: string;
  /** The pool of a volume, the volume of a snapshot. */
  readonly parentId: string | null;
}

export interface Index {
  /** The UUID of a resource, also of one that is gone. */
  readonly resolve: (ref: ResourceRef) => string | undefined;
  readonly idAt: (number: number) => string | undefined;
  /** The resource with this number, with its state of now. */
  readonly slotAt: (number: number) => Slot | undefined;
  readonly tombstone: (id: string) => Tombstone | undefined;
  /** The REST integer of a resource, also of one that is gone; null where it has none yet. */
  readonly numberOf: (id: string) => number | null;
  /** Whose it is, also where it is gone; undefined for what was never heard of. */
  readonly tenantOf: (id: string) => string | undefined;
  /** Numbers of all that are there, sorted. */
  readonly all: () => readonly number[];
  /** Numbers of all that are gone and had one, sorted. */
  readonly gone: () => readonly number[];
  readonly shown: () => readonly number[];
  readonly hidden: () => readonly number[];
  /** A tenant's part of one of those lists. */
  readonly ofTenant: (tenant: string, list: 'shown' | 'hidden' | 'gone') => readonly number[];
  readonly ofParent: (parentId: string) => readonly number[];
  readonly named: (name: string) => readonly number[];
  /** UUIDs of all that are there, numbered or not. */
  readonly ids: () => IterableIterator<string>;
}

/** A tenant is of a resource for ever. */
const same = (a: Indexed, b: Indexed): boolean =>
  a.number === b.number && a.name === b.name && a.description === b.description && a.gone === b.gone && a.hidden === b.hidden && a.parentId === b.parentId;

interface Lists {
  readonly all: number[];
  readonly gone: number[];
  readonly shown: number[];
  readonly hidden: number[];
  readonly byParent: Groups;
  readonly byName: Groups;
  readonly byTenant: Groups;
}

const keyOf = (tenant: string, list: 'shown' | 'hidden' | 'gone'): string => `${list} ${tenant}`;

const addTo = (lists: Lists, { number, hidden, parentId, name, tenant }: Indexed): void => {
  if (number === null) return;
  insert(lists.all, number);
  insert(hidden ? lists.hidden : lists.shown, number);
  if (parentId !== null) lists.byParent.add(parentId, number);
  lists.byName.add(name, number);
  lists.byTenant.add(keyOf(tenant, hidden ? 'hidden' : 'shown'), number);
};

const removeFrom = (lists: Lists, { number, hidden, parentId, name, tenant }: Indexed): void => {
  if (number === null) return;
  remove(lists.all, number);
  remove(hidden ? lists.hidden : lists.shown, number);
  if (parentId !== null) lists.byParent.remove(parentId, number);
  lists.byName.remove(name, number);
  lists.byTenant.remove(keyOf(tenant, hidden ? 'hidden' : 'shown'), number);
};

const looksLikeNumber = (ref: ResourceRef): number | undefined => {
  if (typeof ref === 'number') return ref;
  return /^\d{1,15}$/.test(ref) ? Number(ref) : undefined;
};

/** An index over one kind of resource; it follows the states from now on, so make it before the log is replayed. */
export const makeIndex = (kind: ResourceKindName, states: States): Index & Keeping => {
  const lists: Lists = { all: [], gone: [], shown: [], hidden: [], byParent: makeGroups(), byName: makeGroups(), byTenant: makeGroups() };
  // Numbers are handed out one after the other, so an array holds them best; one that is gone keeps its place.
  const slots: (Slot | undefined)[] = [];
  const present = new Map<string, string>();
  const tombstones = new Map<string, Tombstone>();
  const read = kinds[kind].indexed;

  const raise = (tombstone: Tombstone): void => {
    const { id, number, name, tenant } = tombstone;
    tombstones.set(id, tombstone);
    if (number === null) return;
    insert(lists.gone, number);
    lists.byTenant.add(keyOf(tenant, 'gone'), number);
    // Of what is gone only the name is searched: descriptions may be long, and all of them stay for ever.
    slots[number] = { id, tenant, state: undefined, text: name.toLowerCase() };
  };

  const bury = (id: string, { number, name, gone, hidden, tenant, parentId }: Indexed): void => {
    present.delete(id);
    if (gone !== null) raise({ id, number, name, status: gone, hidden, tenant, parentId });
  };

  /** The client group of an initiator comes back when something is attached to it again. */
  const unbury = (id: string, { number, tenant }: Indexed): void => {
    tombstones.delete(id);
    if (number === null) return;
    remove(lists.gone, number);
    lists.byTenant.remove(keyOf(tenant, 'gone'), number);
  };

  const onChange = (change: Change): void => {
    if (change.kind !== kind) return;
    const id = idOf(change.stream);
    const before = read(change.before);
    const now = read(change.after);
    if (now === undefined) return;
    const slot = now.number === null ? undefined : slots[now.number];
    if (slot !== undefined) slot.state = now.gone === null ? (change.after as object) : undefined;
    if (before !== undefined && same(before, now)) return;
    if (before !== undefined && before.gone === null) removeFrom(lists, before);
    if (before !== undefined && before.gone !== null) unbury(id, before);
    if (now.gone !== null) return bury(id, now);
    if (now.number !== null) slots[now.number] = { id, tenant: now.tenant, state: change.after as object, text: `${now.name}\n${now.description}`.toLowerCase() };
    present.set(id, now.tenant);
    addTo(lists, now);
  };
  states.onChange(onChange);

  return {
    keeps: {
      name: `gone ${kind}`,
      take: () => [...tombstones.values()],
      put: (items) => {
        for (const tombstone of items as readonly Tombstone[]) if (!present.has(tombstone.id) && !tombstones.has(tombstone.id)) raise(tombstone);
      },
    },
    resolve: (ref) => {
      if (typeof ref === 'string' && (present.has(ref) || tombstones.has(ref))) return ref;
      const number = looksLikeNumber(ref);
      return number === undefined ? undefined : slots[number]?.id;
    },
    idAt: (number) => slots[number]?.id,
    slotAt: (number) => slots[number],
    tombstone: (id) => tombstones.get(id),
    numberOf: (id) => {
      const state = states.peek(`${kind}-${id}`)?.state;
      return (state === undefined ? undefined : read(state))?.number ?? tombstones.get(id)?.number ?? null;
    },
    tenantOf: (id) => present.get(id) ?? tombstones.get(id)?.tenant,
    all: () => lists.all,
    gone: () => lists.gone,
    shown: () => lists.shown,
    hidden: () => lists.hidden,
    ofTenant: (tenant, list) => lists.byTenant.of(keyOf(tenant, list)),
    ofParent: (parentId) => lists.byParent.of(parentId),
    named: (name) => lists.byName.of(name),
    ids: () => present.keys(),
  };
};
