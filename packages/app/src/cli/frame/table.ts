/** Tables, which become records where the screen is too narrow for their columns. */
import Table from 'cli-table3';
import type { Screen } from './screen.ts';
import { clean, widthOf, wrapped } from './text.ts';

/** One column of a table, or one line of a record. */
export interface Column<R> {
  readonly title: string;
  /** What stands there; control characters are taken out. */
  readonly cell: (row: R) => string;
  readonly align?: 'right';
  /** Columns that may be cut when the table is too wide, down to `LEAST_CUT`. */
  readonly elastic?: true;
  /** A colour for the cell. */
  readonly paint?: (text: string, row: R) => string;
}

const GAP = '  ';
const LEAST_CUT = 12;

const BARE = {
  'top': '', 'top-mid': '', 'top-left': '', 'top-right': '',
  'bottom': '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '',
  'left': '', 'left-mid': '', 'mid': '', 'mid-mid': '', 'right': '', 'right-mid': '', 'middle': GAP,
} as const;

/** The widths of the columns, elastic ones cut to what the screen has; undefined where even that is not enough. */
const widthsFor = <R>(columns: readonly Column<R>[], natural: readonly number[], screen: Screen): readonly number[] | undefined => {
  const total = (widths: readonly number[]): number => widths.reduce((sum, width) => sum + width, GAP.length * (widths.length - 1));
  const widths = [...natural];
  for (;;) {
    const over = total(widths) - screen.columns;
    if (over <= 0) return widths;
    const widest = columns.reduce((best, column, at) => (column.elastic === true && (widths[at] ?? 0) > (widths[best] ?? LEAST_CUT) ? at : best), -1);
    if (widest < 0) return undefined;
    widths[widest] = Math.max(LEAST_CUT, (widths[widest] ?? 0) - over);
  }
};

/** One record: a line for each column, longer texts wrapped beside their title. A word that is whole only below its title stands there: a UUID is to be copied. */
const recordOf = <R>(columns: readonly Column<R>[], row: R, screen: Screen): string => {
  const indent = Math.max(...columns.map(({ title }) => widthOf(title))) + GAP.length;
  return columns
    .map((column) => {
      const text = clean(column.cell(row));
      const longest = Math.max(...text.split(' ').map(widthOf));
      if (longest > screen.columns - indent && longest <= screen.columns - GAP.length)
        return `${screen.colour.dim(column.title)}\n${GAP}${wrapped(screen, column.paint?.(text, row) ?? text, GAP.length)}`.trimEnd();
      const title = column.title + ' '.repeat(indent - widthOf(column.title));
      return `${screen.colour.dim(title)}${wrapped(screen, column.paint?.(text, row) ?? text, indent)}`.trimEnd();
    })
    .join('\n');
};

/**
 * Rows under their titles. Nothing is cut in a pipe. On a screen that is too narrow, elastic columns are cut first; where that is not
 * enough, every row becomes a record of its own.
 */
export const table = <R>(columns: readonly Column<R>[], rows: readonly R[], screen: Screen): string => {
  const cells = rows.map((row) => columns.map((column) => clean(column.cell(row))));
  const natural = columns.map(({ title }, at) => Math.max(widthOf(title), ...cells.map((line) => widthOf(line[at] ?? ''))));
  const widths = widthsFor(columns, natural, screen);
  if (widths === undefined) return rows.map((row) => recordOf(columns, row, screen)).join('\n\n');
  const drawn = new Table({
    chars: { ...BARE },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
    truncate: screen.glyphs.ellipsis,
    colWidths: [...widths],
    colAligns: columns.map(({ align }) => align ?? 'left'),
  });
  drawn.push(columns.map(({ title }) => screen.colour.bold(title)));
  drawn.push(...cells.map((line, at) => line.map((text, column) => columns[column]?.paint?.(text, rows[at] as R) ?? text)));
  return drawn
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
};

/** One thing with its fields below one another; what it does not have is left out. */
export const record = <R>(columns: readonly Column<R>[], row: R, screen: Screen): string => {
  const isThere = ({ cell }: Column<R>): boolean => !['', screen.glyphs.dash].includes(cell(row));
  return recordOf(columns.filter(isThere), row, screen);
};
