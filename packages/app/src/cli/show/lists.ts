/** Lists for people: a table, and what was left out. */
import type { Screen } from '../frame/screen.ts';
import { table, type Column } from '../frame/table.ts';
import { counted, pluralOf } from '../frame/text.ts';

/** How much of a list there is. */
export interface Paging {
  readonly total_count: number;
  readonly truncated: boolean;
}

/** What a list is made of. */
export interface Listed<R> {
  readonly columns: readonly Column<R>[];
  readonly rows: readonly R[];
  /** `volume`: for the line that counts. */
  readonly noun: string;
  readonly paging?: Paging;
}

/** The table; where it is empty, or not all of it is shown, a line that says so. */
export const listText = <R>(screen: Screen, { columns, rows, noun, paging }: Listed<R>): string => {
  if (rows.length === 0) return `There are no ${pluralOf(noun)}.`;
  const shown = table(columns, rows, screen);
  return paging?.truncated === true ? `${shown}\n${screen.colour.dim(`${rows.length} of ${counted(paging.total_count, noun)}; --all shows them all`)}` : shown;
};
