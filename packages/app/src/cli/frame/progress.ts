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
  const update = createLogUpdate(process.stderr);
  let drawnAt = 0;
  let last = '';
  return {
    show: (bars) => {
      const labelWidth = Math.max(0, ...bars.map(({ label }) => widthOf(label)));
      last = bars.map((bar) => barLine(noteScreen, bar, labelWidth)).join('\n');
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
