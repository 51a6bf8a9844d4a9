/** What stands on a terminal's screen after a program wrote to it. */
import xterm from '@xterm/headless';

/** A screen, line by line from the first that was written, without blanks at their ends. */
export interface Screenshot {
  readonly lines: readonly string[];
  /** Lines that the program wrote wider than the terminal, so that it had to break them. */
  readonly broken: readonly string[];
}

const ROWS = 50;
const SCROLLBACK = 2_000;

/** Draws what was written on a terminal of so many columns. */
export const screenshot = async (written: string, columns: number): Promise<Screenshot> => {
  const terminal = new xterm.Terminal({ cols: columns, rows: ROWS, scrollback: SCROLLBACK, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(written.replaceAll(/\r?\n/g, '\r\n'), resolve));
  const buffer = terminal.buffer.active;
  const lines: string[] = [];
  const broken: string[] = [];
  for (let row = 0; row < buffer.length; row += 1) {
    const line = buffer.getLine(row);
    const text = line?.translateToString(true) ?? '';
    lines.push(text);
    if (line?.isWrapped === true) broken.push(text);
  }
  terminal.dispose();
  while (lines.at(-1) === '') lines.pop();
  return { lines, broken };
};
