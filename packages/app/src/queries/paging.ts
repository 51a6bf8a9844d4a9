/** Pages of a list in order of number, with cursors that stay true while resources come and go. */
import { after } from './numbered.ts';
import type { Page, PageQuery } from './views.ts';

const DEFAULT_PAGE = 100;
export const MAX_PAGE = 1_000;

const cursorOf = (number: number): string => Buffer.from(`n${number}`).toString('base64url');

/** The number a cursor stands for; one that is not ours starts from the beginning. */
export const numberOf = (cursor: string | undefined): number => {
  if (cursor === undefined) return -1;
  const number = Number(/^n(\d{1,16})$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1] ?? -1);
  return Number.isSafeInteger(number) ? number : -1;
};

/** How many a page holds: −1 = everything (S0-4). */
export const limitOf = (limit: number | undefined): number => {
  if (limit === undefined) return DEFAULT_PAGE;
  if (limit < 0) return Number.MAX_SAFE_INTEGER;
  return Math.min(Math.floor(limit), MAX_PAGE);
};

/**
 * One page. `numbers` are sorted; `matches` is left out where all of them match, so that nothing but the page is looked at.
 * `totalCount` counts all that match, before and behind the cursor.
 */
export const pageOf = <V>(numbers: readonly number[], query: PageQuery, view: (number: number) => V | undefined, matches?: (number: number) => boolean): Page<V> => {
  const limit = limitOf(query.limit);
  const offset = Math.max(0, Math.floor(query.offset ?? 0));
  const chosen = matches === undefined ? numbers : numbers.filter((number) => matches(number));
  const start = after(chosen, numberOf(query.cursor)) + offset;
  const page = chosen.slice(start, Math.min(start + limit, chosen.length));
  const items: V[] = [];
  for (const number of page) {
    const item = view(number);
    if (item !== undefined) items.push(item);
  }
  const truncated = start + page.length < chosen.length;
  const last = page.at(-1);
  return {
    items,
    limit: query.limit !== undefined && query.limit < 0 ? -1 : limit,
    offset,
    totalCount: chosen.length,
    truncated,
    next: truncated && last !== undefined ? cursorOf(last) : null,
  };
};
