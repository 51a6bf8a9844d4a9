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
  /** Where the table is too wide, its texts stand below their rows, whole. */
  readonly below?: true;
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
  const widths = [...natural];
  for (;;) {
    const over = total(widths) - screen.columns;
    if (over <= 0) return widths;
    const widest = columns.reduce((best, column, at) => (column.elastic === true && (widths[at] ?? 0) > (widths[best] ?? LEAST_CUT) ? at : best), -1);
    if (widest < 0) return undefined;
    widths[widest] = Math.max(LEAST_CUT, (widths[widest] ?? 0) - over);
  }
};

/** A text below its row. */
const belowOf = (text: string, screen: Screen): readonly string[] => (text === '' ? [] : [`${GAP}${GAP}${wrapped(screen, text, 2 * GAP.length)}`]);

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

/** The lines of a table of such widths: the titles, then one for each row. */
const linesOf = <R>(columns: readonly Column<R>[], rows: readonly R[], widths: readonly number[], screen: Screen): readonly string[] => {
  const drawn = new Table({
    chars: { ...BARE },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
    truncate: screen.glyphs.ellipsis,
    colWidths: [...widths],
    colAligns: columns.map(({ align }) => align ?? 'left'),
  });
  drawn.push(columns.map(({ title }) => screen.colour.bold(title)));
  drawn.push(
    ...rows.map((row) =>
      columns.map((column) => {
        const text = clean(column.cell(row));
        return column.paint?.(text, row) ?? text;
      }),
    ),
  );
  return drawn
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
};

const naturalWidths = <R>(columns: readonly Column<R>[], rows: readonly R[]): readonly number[] =>
  columns.map(({ title, cell }) => rows.reduce((widest, row) => Math.max(widest, widthOf(clean(cell(row)))), widthOf(title)));

const total = (widths: readonly number[]): number => widths.reduce((sum, width) => sum + width, GAP.length * (widths.length - 1));

/**
 * Rows under their titles. Nothing is cut in a pipe. On a screen that is too narrow, some columns go below their rows, then elastic ones are
 * cut; where that is not enough, every row becomes a record of its own.
 */
export const table = <R>(columns: readonly Column<R>[], rows: readonly R[], screen: Screen): string => {
  const natural = naturalWidths(columns, rows);
  const below = total(natural) <= screen.columns ? [] : columns.filter((column) => column.below === true);
  const beside = columns.filter((column) => !below.includes(column));
  const widths = widthsFor(beside, below.length === 0 ? natural : naturalWidths(beside, rows), screen);
  if (widths === undefined) return rows.map((row) => recordOf(columns.filter(({ cell }) => cell(row) !== ''), row, screen)).join('\n\n');
  const [titles = '', ...lines] = linesOf(beside, rows, widths, screen);
  return [titles, ...lines.flatMap((line, at) => [line, ...below.flatMap(({ cell }) => belowOf(clean(cell(rows[at] as R)), screen))])].join('\n');
};

/** One thing with its fields below one another; what it does not have is left out. */
export const record = <R>(columns: readonly Column<R>[], row: R, screen: Screen): string => {
  const isThere = ({ cell }: Column<R>): boolean => !['', screen.glyphs.dash].includes(cell(row));
  return recordOf(columns.filter(isThere), row, screen);
};
