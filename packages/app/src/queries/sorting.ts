/**
 * Sorted pages. A cursor carries the values of the last item and its number, so it stays true while resources come and go, and while the
 * item itself goes; and the order it belongs to, so that a cursor of another list or order is recognised.
 */
import { after } from './numbered.ts';
import { limitOf, numberOf, pageOf } from './paging.ts';
import type { Sorted, SortKey } from './sortViews.ts';
import type { Page, PageQuery } from './views.ts';

/** What an item is compared by. */
export type SortValue = string | number | null;

/** How to read what items are compared by, from their number. */
export type SortReaders<F extends string> = Readonly<Record<F, (number: number) => SortValue>>;

/** The fields that readers read. */
export const fieldsOf = <F extends string>(readers: SortReaders<F>): readonly F[] => Object.keys(readers) as F[];

/** A list before it is cut into pages. `numbers` are sorted; `matches` is left out where all of them match. */
export interface Listed<V, F extends string> {
  /** What is listed: `volumes`. */
  readonly name: string;
  readonly numbers: readonly number[];
  readonly view: (number: number) => V | undefined;
  readonly matches: ((number: number) => boolean) | undefined;
  readonly readers: SortReaders<F>;
}

/** Where a page ended: its last item, as it was then. */
interface Place {
  readonly values: readonly SortValue[];
  readonly number: number;
}

type Keys = readonly SortKey<string>[];

const compareValues = (a: SortValue, b: SortValue): number => {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? 1 : -1;
  return a < b ? -1 : 1;
};

/** Nothing is equal in number: what comes behind it decides nothing. */
const keysOf = <F extends string>(sort: readonly SortKey<F>[] | undefined): readonly SortKey<F>[] => {
  const end = (sort ?? []).findIndex(({ by }) => by === 'number');
  return (sort ?? []).slice(0, end < 0 ? undefined : end + 1);
};

/** The order that a cursor belongs to: lists in plain order of number share theirs. */
const signatureOf = (name: string, keys: Keys): string => `${name} ${keys.map(({ by, descending = false }) => `${descending ? '-' : '+'}${by}`).join(' ')}`;

const isPlain = ([first]: Keys): boolean => first === undefined || (first.by === 'number' && first.descending !== true);

const writeCursor = (signature: string, { values, number }: Place): string => Buffer.from(JSON.stringify([signature, values, number])).toString('base64url');

/** Longest cursor that is looked at: names of 255 characters, some of them, with what surrounds them. */
const LONGEST_CURSOR = 8_192;

const parsed = (cursor: string): unknown => {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown;
  } catch {
    return undefined;
  }
};

const isValue = (value: unknown): value is SortValue => typeof value === 'string' || typeof value === 'number' || value === null;

const readCursor = (signature: string, keys: Keys, cursor: string): Place | undefined => {
  const read = cursor.length > LONGEST_CURSOR ? undefined : parsed(cursor);
  if (!Array.isArray(read) || read.length !== 3) return undefined;
  const [of, values, number] = read as readonly unknown[];
  const fits = of === signature && Array.isArray(values) && values.length === keys.length && values.every(isValue) && Number.isSafeInteger(number);
  return fits ? { values, number: number as number } : undefined;
};

/** True for a cursor that this list gave out in this order. */
export const isCursorOf = (name: string, sort: Keys | undefined, cursor: string): boolean => {
  const keys = keysOf(sort);
  return isPlain(keys) ? numberOf(cursor) >= 0 : readCursor(signatureOf(name, keys), keys, cursor) !== undefined;
};

interface Order {
  readonly isDescending: boolean;
  readonly compare: (a: number, b: number) => number;
  readonly placeOf: (number: number) => Place;
  /** How an item stands to a place where a page ended. */
  readonly compareTo: (number: number, place: Place) => number;
}

const orderOf = <F extends string>(keys: readonly SortKey<F>[], readers: SortReaders<F>): Order => {
  const reads = keys.map(({ by }) => readers[by]);
  const signs = keys.map(({ descending = false }) => (descending ? -1 : 1));
  /** Counted loops: this runs for everything that is listed, many times. */
  const against = (number: number, valueAt: (index: number) => SortValue, other: number): number => {
    for (let index = 0; index < reads.length; index += 1) {
      const compared = compareValues(reads[index]?.(number) ?? null, valueAt(index));
      if (compared !== 0) return compared * (signs[index] ?? 1);
    }
    return number - other;
  };
  return {
    isDescending: keys[0]?.descending === true,
    compare: (a, b) => against(a, (index) => reads[index]?.(b) ?? null, b),
    compareTo: (number, { values, number: last }) => against(number, (index) => values[index] ?? null, last),
    placeOf: (number) => ({ values: reads.map((read) => read(number)), number }),
  };
};

/** Below this many, sorting now and then costs more than holding on to a few too many. */
const FEWEST_HELD = 1_024;

/** Keeps the first so many of all that it is given: everything is looked at once, and next to nothing is sorted. */
const keepFirst = (wanted: number, { compare, compareTo, placeOf }: Order) => {
  const held: number[] = [];
  let last: Place | undefined;
  const cut = (): void => {
    held.sort(compare);
    if (held.length <= wanted) return;
    held.length = wanted;
    const end = held[wanted - 1];
    last = end === undefined ? undefined : placeOf(end);
  };
  return {
    add: (number: number): void => {
      if (last !== undefined && compareTo(number, last) >= 0) return;
      held.push(number);
      if (held.length >= wanted + Math.max(wanted, FEWEST_HELD)) cut();
    },
    all: (): readonly number[] => {
      cut();
      return held;
    },
  };
};

const viewsOf = <V>(numbers: readonly number[], view: (number: number) => V | undefined): readonly V[] =>
  numbers.flatMap((number) => {
    const item = view(number);
    return item === undefined ? [] : [item];
  });

/** How a query is cut, and the order that its cursors belong to. */
interface Cut {
  readonly signature: string;
  readonly limit: number;
  readonly offset: number;
  readonly from: Place | undefined;
}

/** The newest first: from the end of the numbers, and nothing but the page is looked at. */
const newestFirst = <V, F extends string>({ numbers, matches }: Listed<V, F>, { limit, offset, from }: Cut): Chosen => {
  const all = matches === undefined ? numbers : numbers.filter(matches);
  const end = Math.max(0, (from === undefined ? all.length : after(all, from.number - 1)) - offset);
  const start = Math.max(0, end - limit);
  return { page: all.slice(start, end).toReversed(), totalCount: all.length, truncated: start > 0 };
};

interface Chosen {
  readonly page: readonly number[];
  readonly totalCount: number;
  readonly truncated: boolean;
}

const inOrder = <V, F extends string>({ numbers, matches }: Listed<V, F>, { limit, offset, from }: Cut, order: Order): Chosen => {
  const { compareTo, isDescending } = order;
  const first = keepFirst(offset + limit, order);
  let [totalCount, following] = [0, 0];
  for (let index = 0; index < numbers.length; index += 1) {
    // What is sorted descending mostly rises with the number: seen from the end, the first of them come first.
    const number = numbers[isDescending ? numbers.length - 1 - index : index] ?? 0;
    if (matches !== undefined && !matches(number)) continue;
    totalCount += 1;
    if (from !== undefined && compareTo(number, from) <= 0) continue;
    following += 1;
    first.add(number);
  }
  const page = first.all().slice(offset, offset + limit);
  return { page, totalCount, truncated: following > offset + page.length };
};

/** One page in any order. In the order of numbers nothing but the page is looked at, from whichever end. */
export const sortedPage = <V, F extends string>(list: Listed<V, F>, query: PageQuery & Sorted<F>): Page<V> => {
  const keys = keysOf(query.sort);
  const { name, numbers, view, matches, readers } = list;
  if (isPlain(keys)) return pageOf(numbers, query, view, matches);
  const signature = signatureOf(name, keys);
  const limit = limitOf(query.limit);
  const offset = Math.max(0, Math.floor(query.offset ?? 0));
  const cut: Cut = { signature, limit, offset, from: query.cursor === undefined ? undefined : readCursor(signature, keys, query.cursor) };
  const order = orderOf(keys, readers);
  const { page, totalCount, truncated } = keys[0]?.by === 'number' ? newestFirst(list, cut) : inOrder(list, cut, order);
  const last = page.at(-1);
  return {
    items: viewsOf(page, view),
    limit: query.limit !== undefined && query.limit < 0 ? -1 : limit,
    offset,
    totalCount,
    truncated,
    next: truncated && last !== undefined ? writeCursor(signature, order.placeOf(last)) : null,
  };
};
