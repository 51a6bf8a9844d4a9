/** Texts from elsewhere, made fit for a terminal, and paragraphs. */
import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';
import type { Screen } from './screen.ts';

// Control characters could move the cursor, rewrite what stands above, or turn the writing around; letters of any script stay.
const CONTROL = /[\p{Cc}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/gu;

/** A text of one line without characters that steer a terminal: each becomes `?`. */
export const clean = (text: string): string => text.replaceAll(CONTROL, (found) => (found === '\n' || found === '\t' ? ' ' : '?'));

/** Lines no wider than the screen, the second and later ones indented. Words that are too wide are broken. */
export const wrapped = (screen: Screen, text: string, indent = 0): string => {
  const width = screen.columns - indent;
  const lines = Number.isFinite(width) ? wrapAnsi(text, Math.max(1, width), { hard: true }) : text;
  return lines.replaceAll('\n', `\n${' '.repeat(indent)}`);
};

/** Columns that a text takes. */
export const widthOf = (text: string): number => stringWidth(text);

/** `volumes`, `addresses`, `deliveries`. */
export const pluralOf = (one: string): string => (one.endsWith('s') ? `${one}es` : one.endsWith('y') ? `${one.slice(0, -1)}ies` : `${one}s`);

/** `1 volume`, `2 volumes`. */
export const counted = (count: number, one: string, many = pluralOf(one)): string => `${count} ${count === 1 ? one : many}`;

const PAINTS = { ok: 'green', warning: 'yellow', problem: 'red' } as const;

/** A sentence behind its mark, and further lines below it, all within the screen. */
export const marked = (screen: Screen, mark: keyof typeof PAINTS, sentence: string, ...more: readonly string[]): string => {
  const glyph = screen.glyphs[mark];
  const indent = glyph.length + 1;
  const lines = [sentence, ...more].map((line) => wrapped(screen, line, indent));
  return `${screen.colour[PAINTS[mark]](glyph)} ${lines.join(`\n${' '.repeat(indent)}`)}`;
};
