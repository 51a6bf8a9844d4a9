/** Reads a text of indented lines. What is wrong with it is said without a word of it, since secrets stand there in clear (S0-92). */
import { INDENT } from './show.ts';

/**
 * - `Cut`: it does not end where a line ends, or not where it may end.
 * - `Indentation`: a line is not as deep as its place asks.
 * - `Missing`, `Unexpected`: another line, or another field, than its place asks.
 * - `NotANumber`: a number is not a whole one in its shortest form.
 * - `Ambiguous`: a value holds what also parts two fields.
 * - `Inconsistent`: two places contradict each other, or name the same thing twice.
 * - `BadLetter`: a control character.
 */
export type ShowReason = 'Cut' | 'Indentation' | 'Missing' | 'Unexpected' | 'NotANumber' | 'Ambiguous' | 'Inconsistent' | 'BadLetter';

/** Why a text was not read. */
export interface ShowTrouble {
  readonly reason: ShowReason;
  /** From 1. */
  readonly line: number;
  /** What its place asks for, in the words of the grammar. */
  readonly wanted: string;
}

/** One line of the text. */
export interface ShownLine {
  readonly number: number;
  readonly depth: number;
  readonly text: string;
}

// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001F\u007F\u0085\u2028\u2029]/;

/** A place in the text. Whatever returns undefined has noted the first trouble. */
export class Reader {
  readonly #lines: readonly ShownLine[];
  #at = 0;
  #trouble: ShowTrouble | undefined;

  constructor(text: string) {
    const all = text.split('\n');
    if (all.pop() !== '') this.#trouble = { reason: 'Cut', line: all.length + 1, wanted: 'the end of the line' };
    this.#lines = all.map((line, at) => this.#lineOf(line, at + 1));
  }

  #lineOf(whole: string, number: number): ShownLine {
    const line = whole.replace(/ +$/, '');
    const blanks = line.length - line.trimStart().length;
    if (CONTROL.test(line)) this.fail('BadLetter', 'a line without control characters', number);
    else if (blanks % INDENT.length > 0 || line === '' || !line.startsWith(' '.repeat(blanks))) this.fail('Indentation', 'four blanks for each level', number);
    return { number, depth: blanks / INDENT.length, text: line.slice(blanks) };
  }

  get trouble(): ShowTrouble | undefined {
    return this.#trouble;
  }

  /** The number of the line that was read last, or of the first. */
  get #number(): number {
    return Math.max(1, this.#at);
  }

  /** Notes the first trouble. */
  fail(reason: ShowReason, wanted: string, line: number = this.#number): undefined {
    this.#trouble ??= { reason, line, wanted };
    return undefined;
  }

  /** Whether the next line is at least so deep. */
  goesOn(depth: number): boolean {
    const next = this.#lines[this.#at];
    return this.#trouble === undefined && next !== undefined && next.depth >= depth;
  }

  /** The rest of the next line, which must be so deep and begin with this. */
  after(depth: number, beginning: string): string | undefined {
    const next = this.#lines[this.#at];
    if (this.#trouble !== undefined) return undefined;
    if (next === undefined) return this.fail('Cut', `a line "${beginning}"`, this.#at + 1);
    this.#at += 1;
    if (!next.text.startsWith(beginning)) return this.fail(next.depth === depth ? 'Missing' : 'Indentation', `a line "${beginning}"`);
    return next.depth === depth ? next.text.slice(beginning.length) : this.fail('Indentation', `"${beginning}" at level ${depth}`);
  }

  /** The next line, which is just this. */
  heading(depth: number, text: string): true | undefined {
    const rest = this.after(depth, text);
    if (rest === undefined) return undefined;
    return rest === '' ? true : this.fail('Unexpected', `nothing after "${text}"`);
  }

  /** The value of the next line, `key: value`. */
  value(depth: number, key: string): string | undefined {
    const rest = this.after(depth, `${key}:`);
    return rest === undefined ? undefined : this.#word(rest, key);
  }

  /** The values of the next line, `key: value key: value`; as many as there are keys. */
  values<const K extends readonly [string, ...string[]]>(depth: number, keys: K): { readonly [I in keyof K]: string } | undefined {
    const rest = this.after(depth, `${keys[0]}:`);
    if (rest === undefined) return undefined;
    const values = this.parted(rest, keys);
    return values as { readonly [I in keyof K]: string } | undefined;
  }

  /** A text parted at its keys, the first of which is off already. */
  parted(text: string, keys: readonly string[]): readonly string[] | undefined {
    const values: string[] = [];
    let rest = text;
    for (const key of keys.slice(1)) {
      const parts = rest.split(` ${key}:`);
      if (parts.length === 1) return this.fail('Missing', `a field "${key}"`);
      if (parts.length > 2) return this.fail('Ambiguous', `one field "${key}"`);
      const value = this.#word(parts[0] ?? '', keys[values.length] ?? '');
      if (value === undefined) return undefined;
      values.push(value);
      rest = parts[1] ?? '';
    }
    const last = this.#word(rest, keys.at(-1) ?? '');
    return last === undefined ? undefined : [...values, last];
  }

  /** What stands after a colon: one blank and then something. */
  #word(rest: string, key: string): string | undefined {
    return /^ [^ ]/.test(rest) ? (rest.endsWith(' ') ? this.fail('Unexpected', `one blank after "${key}"`) : rest.slice(1)) : this.fail('Missing', `a value of "${key}"`);
  }

  number(text: string | undefined, key: string): number | undefined {
    if (text === undefined) return undefined;
    const number = Number(text);
    return /^(?:0|[1-9]\d*)$/.test(text) && Number.isSafeInteger(number) ? number : this.fail('NotANumber', `a whole number as "${key}"`);
  }

  /** Items as long as the text goes on so deep. */
  list<A>(depth: number, item: () => A | undefined): readonly A[] | undefined {
    const items: A[] = [];
    while (this.goesOn(depth)) {
      const one = item();
      if (one === undefined) return undefined;
      items.push(one);
    }
    return this.#trouble === undefined ? items : undefined;
  }

  /** Nothing follows. */
  end(): true | undefined {
    if (this.#trouble !== undefined) return undefined;
    if (this.#at === this.#lines.length) return true;
    this.#at += 1;
    return this.fail('Unexpected', 'the end of the text');
  }
}
