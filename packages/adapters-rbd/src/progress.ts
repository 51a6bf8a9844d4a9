/** How far a long command has come: percent on stderr (upstream), or counters of an admin socket (XSKY). */
import type { Progress } from '@blockledger/domain';

const PERCENT = /(\d{1,3})% complete/g;

/**
 * Reads progress out of a stderr that comes in pieces: `\rImage flatten: 37% complete...`, log lines in between.
 * Each percentage is told once.
 *
 * @returns what to feed with each piece.
 */
export function progressReader(onProgress: (progress: Progress) => void): (chunk: string) => void {
  let rest = '';
  let last = -1;
  return (chunk) => {
    const text = rest + chunk;
    for (const [, percent] of text.matchAll(PERCENT)) {
      const done = Math.min(100, Number(percent));
      if (done > last) {
        last = done;
        onProgress({ done, total: 100, unit: 'percent' });
      }
    }
    // A percentage may be cut in two; what cannot be the beginning of one is dropped.
    rest = text.slice(text.lastIndexOf('\r') + 1).slice(-200);
  };
}

/**
 * Reads the answer of XSKY's `perf dump libxbd-progress-<pool/volume>` (S0-7). Its shape is not published. Any object in it
 * that has `progress` or `percent`, or a pair such as `current` and `total`, is understood.
 */
export function socketProgress(answer: unknown): Progress | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined;
  const fields = new Map<string, unknown>(Object.entries(answer));
  const number = (...names: readonly string[]): number | undefined =>
    names.map((name) => fields.get(name)).find((value): value is number => typeof value === 'number' && value >= 0);
  const percent = number('progress', 'percent');
  if (percent !== undefined) return { done: Math.min(100, percent), total: 100, unit: 'percent' };
  const [done, total] = [number('current', 'done', 'offset', 'completed'), number('total', 'max')];
  if (done !== undefined && total !== undefined && total > 0) {
    return { done: Math.min(100, Math.floor((done * 100) / total)), total: 100, unit: 'percent' };
  }
  for (const value of fields.values()) {
    const inner = socketProgress(value);
    if (inner !== undefined) return inner;
  }
  return undefined;
}
