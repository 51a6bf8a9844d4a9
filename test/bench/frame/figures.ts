/** Medians, spreads and ratios of a result. */
import type { Figures, Measure, Result, Target } from './benchmark.ts';

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? Number.NaN) : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
};

export const quantile = (values: readonly number[], q: number): number => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))] ?? Number.NaN;

/** The points of a result. */
export const pointsOf = ({ along }: Pick<Result, 'along'>): readonly number[] => along?.points ?? [1];

const roundsOf = (result: Result, name: string, at: number): readonly Figures[] => result.samples.find((sample) => sample.contestant === name && sample.at === at)?.figures ?? [];

/** The values of a measure, in the order of rounds. A reference has one. */
export const valuesOf = (result: Result, name: string, measure: string, at: number): readonly number[] => {
  const reference = result.references?.find((each) => each.name === name && each.at === at);
  return (reference === undefined ? roundsOf(result, name, at) : [reference.figures]).flatMap((figures) => figures[measure] ?? []);
};

/** The median of one contestant's figure divided by another's, each within its round; nothing if either has none. */
export const ratioOf = (result: Result, measure: string, at: number, { of, against }: { readonly of: string; readonly against: string }): number | undefined => {
  const [ours, theirs] = [valuesOf(result, of, measure, at), valuesOf(result, against, measure, at)];
  if (ours.length === 0 || theirs.length === 0) return undefined;
  return ours.length === theirs.length ? median(ours.map((value, round) => value / (theirs[round] ?? Number.NaN))) : median(ours) / median(theirs);
};

/** What came of a target. */
export interface Verdict {
  readonly value: number | undefined;
  readonly isMet: boolean;
}

export const verdictOf = (result: Result, target: Target): Verdict => {
  const at = target.at ?? pointsOf(result).at(-1) ?? 1;
  const { of, against, measure } = target;
  const own = valuesOf(result, of, measure, at);
  const value = against === undefined ? (own.length === 0 ? undefined : median(own)) : ratioOf(result, measure, at, { of, against });
  return { value, isMet: value !== undefined && value >= (target.atLeast ?? -Infinity) && value <= (target.atMost ?? Infinity) };
};

const digits = (value: number): number => (Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 1 ? 2 : 3);

/** `12 345`, `12.3`, `1.23`, `0.012`. */
export const shown = (value: number): string => {
  const [whole = '', rest] = value.toFixed(digits(value)).split('.');
  return `${whole.replaceAll(/\B(?=(\d{3})+$)/g, ' ')}${rest === undefined ? '' : `.${rest}`}`;
};

export const withUnit = (value: number, { unit }: Measure): string => (unit === '' ? shown(value) : unit.startsWith('/') ? `${shown(value)}${unit}` : `${shown(value)} ${unit}`);
