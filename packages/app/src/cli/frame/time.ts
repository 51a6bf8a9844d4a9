/** Moments as people write and read them. */
import * as E from 'fp-ts/lib/Either.js';
import type { Screen } from './screen.ts';

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const AGO = /^(\d{1,6}) ?([smhdw])(?: ago)?$/;
const DATE = /^\d{4}-\d\d-\d\d$/;
const MOMENT = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:?\d\d)?$/;
const CLOCK = /^(yesterday|today)(?: (\d\d):(\d\d))?$/;

const dayAt = (nowMs: number, [, day = '', hours = '0', minutes = '0']: readonly string[]): number => {
  const date = new Date(nowMs);
  date.setDate(date.getDate() - (day === 'yesterday' ? 1 : 0));
  return date.setHours(Number(hours), Number(minutes), 0, 0);
};

/**
 * Reads a moment as milliseconds since 1970: `2026-11-21T07:00:00Z`, local time without a zone (`2026-11-21 07:00`, `2026-11-21`),
 * `yesterday 22:00`, `today`, or how long ago (`90m`, `2h ago`, `3d`).
 */
export const readMoment = (text: string, nowMs: number): E.Either<string, number> => {
  const asked = text.trim();
  const ago = AGO.exec(asked);
  if (ago !== null) return E.right(nowMs - Number(ago[1]) * (UNIT_MS[ago[2] ?? ''] ?? 0));
  const clock = CLOCK.exec(asked);
  const ms = clock !== null ? dayAt(nowMs, clock) : DATE.test(asked) ? Date.parse(`${asked}T00:00`) : MOMENT.test(asked) ? Date.parse(asked.replace(' ', 'T')) : Number.NaN;
  return Number.isNaN(ms) ? E.left(`${text} is not a moment: write 2026-11-21T07:00:00Z, "yesterday 22:00", or 2h`) : E.right(ms);
};

const two = (number: number): string => String(number).padStart(2, '0');

/** A moment: local on a terminal, ISO 8601 in UTC elsewhere. `null` is a dash. */
export const showMoment = (screen: Screen, ms: number | null): string => {
  if (ms === null) return screen.glyphs.dash;
  const date = new Date(ms);
  if (!screen.terminal) return date.toISOString();
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
};

/** How long something took: `3 s`, `2 min 10 s`, `1 h 4 min`. */
export const showDuration = (ms: number): string => {
  const seconds = Math.round(ms / 1_000);
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
};
