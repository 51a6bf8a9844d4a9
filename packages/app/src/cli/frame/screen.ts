/** What stands at the other end of an output: a terminal and what it can show, or a pipe. */
import pc from 'picocolors';

/** Colours by name; each returns its text unchanged where there are none. */
export type Colours = ReturnType<typeof pc.createColors>;

/** Characters that not every locale has. */
export interface Glyphs {
  readonly ellipsis: string;
  readonly ok: string;
  readonly warning: string;
  readonly problem: string;
  readonly dash: string;
  readonly arrow: string;
  readonly full: string;
  readonly empty: string;
  /** Before a branch that others follow, before the last one, and beside what hangs on the former: of one width. */
  readonly branch: string;
  readonly lastBranch: string;
  readonly trunk: string;
}

const UNICODE: Glyphs = { ellipsis: '…', ok: '✓', warning: '!', problem: '✗', dash: '–', arrow: '→', full: '█', empty: '░', branch: '├─ ', lastBranch: '└─ ', trunk: '│  ' };
const ASCII: Glyphs = { ellipsis: '...', ok: 'ok', warning: '!', problem: 'x', dash: '-', arrow: '->', full: '#', empty: '.', branch: '|- ', lastBranch: '`- ', trunk: '|  ' };

/** What an output can show. */
export interface Screen {
  /** A person reads along: bars may move, moments are local. */
  readonly terminal: boolean;
  /** Columns of a terminal; infinitely many of a pipe, where nothing is ever cut. */
  readonly columns: number;
  /** Lines of a terminal; infinitely many of a pipe. */
  readonly rows: number;
  readonly colour: Colours;
  readonly glyphs: Glyphs;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The part of an output stream that tells what it is. */
export interface Outlet {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  readonly hasColors?: (environment?: object) => boolean;
}

/** Narrower than this nothing could be laid out. */
const LEAST_COLUMNS = 20;
const USUAL_COLUMNS = 80;
const USUAL_ROWS = 24;

/** Whether the locale's characters are Unicode's: LC_ALL goes before LC_CTYPE, and that before LANG. */
const speaksUnicode = (environment: Environment): boolean => {
  const locale = [environment['LC_ALL'], environment['LC_CTYPE'], environment['LANG']].find((value) => value !== undefined && value !== '');
  return locale === undefined ? process.platform === 'win32' : /utf-?8/i.test(locale);
};

/** Colours only on a terminal that has them; never with NO_COLOR, of whatever value but the empty one (no-color.org). */
const showsColours = (outlet: Outlet, environment: Environment): boolean =>
  outlet.isTTY === true && (environment['NO_COLOR'] ?? '') === '' && outlet.hasColors?.(environment) === true;

/** A terminal that does not know its width says 0, or nothing. */
const columnsOf = ({ columns = 0 }: Outlet): number => (columns === 0 ? USUAL_COLUMNS : Math.max(LEAST_COLUMNS, columns));

/** What can be shown on an output. */
export const screenOf = (outlet: Outlet, environment: Environment): Screen => ({
  terminal: outlet.isTTY === true,
  columns: outlet.isTTY === true ? columnsOf(outlet) : Number.POSITIVE_INFINITY,
  // It may not know its height either.
  rows: outlet.isTTY === true ? outlet.rows || USUAL_ROWS : Number.POSITIVE_INFINITY,
  colour: pc.createColors(showsColours(outlet, environment)),
  glyphs: speaksUnicode(environment) ? UNICODE : ASCII,
});
