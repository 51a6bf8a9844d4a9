/** Ways to read a text of the command line. */
import * as E from 'fp-ts/lib/Either.js';
import type { Reader } from './parts.ts';
import { readSize } from './size.ts';
import { readMoment } from './time.ts';

/** Any text but an empty one. */
export const text: Reader<string> = { read: (given) => (given === '' ? E.left('it is empty') : E.right(given)) };

/** The path of a file. */
export const path: Reader<string> = { ...text, completion: { of: 'files' } };

/** A size in bytes. */
export const size: Reader<number> = { read: readSize };

/** A moment, in ms since 1970. */
export const moment: Reader<number> = { read: (given) => readMoment(given, Date.now()) };

/** One of some words. */
export const oneOf = <W extends string>(...words: readonly W[]): Reader<W> => ({
  read: (given) => {
    const found = words.find((word) => word === given);
    return found === undefined ? E.left(`${given} is none of ${words.join(', ')}`) : E.right(found);
  },
  completion: { of: 'words', words },
});

/** A whole number within limits. */
export const whole = (least: number, most: number): Reader<number> => ({
  read: (given) => {
    const number = /^-?\d{1,15}$/.test(given) ? Number(given) : Number.NaN;
    return number >= least && number <= most ? E.right(number) : E.left(`${given} is not a whole number from ${least} to ${most}`);
  },
});

const DURATION = /^(\d{1,9})(ms|s|m|h|d)$/;
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A stretch of time in ms: `30s`, `10m`, `2h`, `7d`. */
export const duration: Reader<number> = {
  read: (given) => {
    const [, number, unit = ''] = DURATION.exec(given) ?? [];
    return number === undefined ? E.left(`${given} is not a stretch of time: write 30s, 10m, 2h or 7d`) : E.right(Number(number) * (UNIT_MS[unit] ?? 0));
  },
};
