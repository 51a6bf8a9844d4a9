/** Bars for long work, redrawn in place on a terminal; elsewhere nothing, or whole lines. */
import sliceAnsi from 'slice-ansi';
import type { Io } from './io.ts';
import type { Screen } from './screen.ts';
import { clean, widthOf } from './text.ts';

/** One bar. */
export interface Bar {
  readonly label: string;
  /** From 0 to 1; null where nobody knows how far it is. */
  readonly part: number | null;
  /** Behind the bar, where there is room. */
  readonly note?: string;
}

const MOST_CELLS = 30;
const LEAST_CELLS = 5;
const LABEL_SHARE = 0.45;
/** ` 100 %` and the blanks around the bar. */
const PERCENT_WIDTH = 6;
/** More redraws than a person can follow only make the screen flicker. */
const REDRAW_MS = 80;

const cut = ({ glyphs }: Screen, text: string, width: number): string =>
  widthOf(text) <= width ? text : `${sliceAnsi(text, 0, Math.max(0, width - glyphs.ellipsis.length))}${glyphs.ellipsis}`;

const percentOf = (part: number | null): string => (part === null ? '' : ` ${String(Math.floor(part * 100)).padStart(3)} %`);

/** A bar as one line that fits the screen. Labels are padded to `labelWidth`, so that the bars of several lines begin below one another. */
export const barLine = (screen: Screen, { label, part, note }: Bar, labelWidth = widthOf(label)): string => {
  const columns = Math.min(screen.columns, 120) - 1;
  const room = Math.min(labelWidth, Math.max(8, Math.floor(columns * LABEL_SHARE)));
  const shown = cut(screen, clean(label), room);
  const cells = Math.max(LEAST_CELLS, Math.min(MOST_CELLS, columns - room - PERCENT_WIDTH - 2));
  const full = Math.round(cells * (part ?? 0));
  const drawn = part === null ? '' : `${screen.colour.green(screen.glyphs.full.repeat(full))}${screen.colour.dim(screen.glyphs.empty.repeat(cells - full))}${percentOf(part)}`;
  const line = `${shown}${' '.repeat(Math.max(0, room - widthOf(shown)))} ${drawn}`;
  const left = columns - widthOf(line) - 1;
  return note === undefined || left < 8 ? line.trimEnd() : `${line}${drawn === '' ? '' : ' '}${screen.colour.dim(cut(screen, clean(note), left))}`;
};

/** As many bars as a screen has lines for: those that are not full yet, then the others, and how many more there are. */
export const barLines = (screen: Screen, bars: readonly Bar[]): readonly string[] => {
  const labelWidth = Math.max(0, ...bars.map(({ label }) => widthOf(label)));
  const drawn = (some: readonly Bar[]): readonly string[] => some.map((bar) => barLine(screen, bar, labelWidth));
  // The cursor stands on a line of its own.
  const room = Math.max(2, screen.rows - 1);
  if (bars.length <= room) return drawn(bars);
  const inOrder = [...bars.filter(({ part }) => part !== 1), ...bars.filter(({ part }) => part === 1)];
  return [...drawn(inOrder.slice(0, room - 1)), `and ${bars.length - room + 1} more`];
};

/** What the library takes of stderr: a terminal that says it has no columns and no lines is drawn on nevertheless. */
const outletOf = ({ columns, rows }: Screen): NodeJS.WriteStream =>
  Object.create(process.stderr, { columns: { value: columns }, rows: { value: rows }, write: { value: (text: string) => process.stderr.write(text) } }) as NodeJS.WriteStream;

/** Bars that are drawn again and again. */
export interface LiveBars {
  readonly show: (bars: readonly Bar[]) => void;
  /** Leaves the last picture standing (`keep`), or takes it away. */
  readonly end: (keep?: boolean) => void;
}

const NOTHING: LiveBars = { show: () => undefined, end: () => undefined };

/** Bars on stderr, so that stdout stays what programs read. Where stderr is no terminal there are none. */
export const liveBars = async ({ noteScreen }: Pick<Io, 'noteScreen'>): Promise<LiveBars> => {
  if (!noteScreen.terminal) return NOTHING;
  // The library is loaded only by those who draw.
  const { createLogUpdate } = await import('log-update');
  const update = createLogUpdate(process.stderr.columns > 0 && process.stderr.rows > 0 ? process.stderr : outletOf(noteScreen));
  let drawnAt = 0;
  let last = '';
  return {
    show: (bars) => {
      last = barLines(noteScreen, bars).join('\n');
      if (Date.now() - drawnAt < REDRAW_MS) return;
      drawnAt = Date.now();
      update(last);
    },
    end: (keep = false) => {
      if (keep) {
        update(last);
        update.done();
      } else update.clear();
    },
  };
};
