/** What is asked of a list is checked, and a refusal names the field and its limit. `page` answers with it, `list` throws it. */
import type { Refusal } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { refuseEngine } from '../engine/refusals.ts';
import { QueryRefused } from './queryRefused.ts';
import { isCursorOf } from './sorting.ts';
import type { Sorted, SortKey } from './sortViews.ts';
import type { Page, PageQuery } from './views.ts';

/** Longest text that is searched for. */
const MAX_SEARCH_LENGTH = 1_024;

/** A list that is asked for as it stands, and the same for queries from outside. */
export interface Listing<V, Q> {
  readonly list: (query?: Q) => Page<V>;
  readonly page: (query?: Q) => E.Either<Refusal, Page<V>>;
}

const invalid = (field: string, must: string, value: unknown, limit?: unknown): Refusal =>
  refuseEngine('QueryIsInvalid', `${field} must be ${must}`, { value, ...(limit === undefined ? {} : { limit }) });

/** What was given, short enough to be told. */
const brief = (value: unknown): unknown => {
  if (typeof value === 'string') return value.slice(0, 100);
  return typeof value === 'number' ? value : typeof value;
};

const isWhole = (value: unknown, from: number): boolean => Number.isSafeInteger(value) && (value as number) >= from;

const faultOfSort = (sort: unknown, fields: readonly string[]): Refusal | undefined => {
  if (!Array.isArray(sort)) return invalid('sort', 'a list of keys', brief(sort), fields);
  const seen = new Set<unknown>();
  for (const key of sort as readonly unknown[]) {
    const { by, descending = false } = (typeof key === 'object' && key !== null ? key : {}) as { readonly by?: unknown; readonly descending?: unknown };
    if (!fields.some((field) => field === by)) return invalid('sort', `by ${fields.join(', ')}`, brief(by), fields);
    if (typeof descending !== 'boolean') return invalid('sort', 'descending or not: true or false', brief(descending));
    if (seen.has(by)) return invalid('sort', 'by each field once', brief(by));
    seen.add(by);
  }
  return undefined;
};

/** What is listed, by what it can be sorted, and what can be asked for as status. */
interface Kind<F extends string> {
  /** `volumes`. */
  readonly name: string;
  readonly fields: readonly F[];
  readonly statuses: readonly string[];
  /** Other fields that take one word of some. */
  readonly words?: Readonly<Record<string, readonly string[]>>;
}

const faultOfStatus = (name: string, status: unknown, statuses: readonly string[]): Refusal | undefined => {
  const asked: readonly unknown[] = Array.isArray(status) ? status : [status];
  const unlisted = asked.find((one) => !statuses.some((known) => known === one));
  return unlisted === undefined && !asked.includes(undefined)
    ? undefined
    : refuseEngine('StatusIsNotListed', `${name} are listed by the status ${statuses.join(', ')}`, { value: brief(unlisted), limit: statuses });
};

/** The first field that is not as it must be. Callers without types may give anything. */
const faultOf = <F extends string>({ name, fields, statuses, words = {} }: Kind<F>, query: object): Refusal | undefined => {
  const { limit, offset, cursor, sort, q, status, since, until } = query as Readonly<Record<string, unknown>>;
  if (limit !== undefined && !isWhole(limit, -1)) return invalid('limit', '−1 for everything, or a whole number', brief(limit), -1);
  if (offset !== undefined && !isWhole(offset, 0)) return invalid('offset', 'a whole number from 0', brief(offset), 0);
  for (const [field, moment] of Object.entries({ since, until })) {
    if (moment !== undefined && !isWhole(moment, 0)) return invalid(field, 'a moment in ms since 1970', brief(moment), 0);
  }
  for (const [field, known] of Object.entries(words)) {
    const word = (query as Readonly<Record<string, unknown>>)[field];
    if (word !== undefined && !known.some((one) => one === word)) return invalid(field, known.join(' or '), brief(word), known);
  }
  if (q !== undefined && typeof q !== 'string') return invalid('q', 'text', brief(q));
  if (typeof q === 'string' && q.length > MAX_SEARCH_LENGTH) return invalid('q', `at most ${MAX_SEARCH_LENGTH} characters`, q.length, MAX_SEARCH_LENGTH);
  const fault = (status === undefined ? undefined : faultOfStatus(name, status, statuses)) ?? (sort === undefined ? undefined : faultOfSort(sort, fields));
  if (fault !== undefined || cursor === undefined) return fault;
  return typeof cursor === 'string' && isCursorOf(name, sort as readonly SortKey<F>[] | undefined, cursor)
    ? undefined
    : refuseEngine('CursorIsForeign', `the cursor does not belong to this list of ${name} in this order`, { value: brief(cursor) });
};

/** Both ways to ask for a list. */
export const listingOf = <V, F extends string, Q extends PageQuery & Sorted<F>>(kind: Kind<F>, list: (query: Q) => Page<V>): Listing<V, Q> => ({
  list: (query = {} as Q) => {
    const fault = faultOf(kind, query);
    if (fault !== undefined) throw new QueryRefused(fault);
    return list(query);
  },
  page: (query = {} as Q) => {
    const fault = faultOf(kind, query);
    return fault === undefined ? E.right(list(query)) : E.left(fault);
  },
});
