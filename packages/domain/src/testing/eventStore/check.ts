/** The contract's own assertions: they throw an Error whose text says what was wanted, and need no test runner. */
import type { Either } from 'fp-ts/lib/Either.js';
import type { StoreError } from '../../ports/eventStore.ts';

const show = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 600 ? `${text.slice(0, 600)}…` : text;
};

/** A JSON value with the keys of every object in order, so that two equal values have one text. */
const canonical = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, canonical(inner)]),
  );
};

/** Fails with `what` unless the condition holds. */
export const check = (condition: boolean, what: string): void => {
  if (!condition) throw new Error(what);
};

/** Fails unless both values are the same JSON; the order of keys does not count. */
export const same = (actual: unknown, wanted: unknown, what: string): void =>
  check(
    JSON.stringify(canonical(actual)) === JSON.stringify(canonical(wanted)),
    `${what}: got ${show(actual)}, wanted ${show(wanted)}`,
  );

/** The value of an answer that must be a success. */
export const ok = <A>(answer: Either<StoreError, A>, what: string): A => {
  if (answer._tag === 'Left') throw new Error(`${what}: refused with ${show(answer.left)}`);
  return answer.right;
};

/** The error of an answer that must be a failure of this kind. */
export const refused = <T extends StoreError['_tag']>(
  answer: Either<StoreError, unknown>,
  tag: T,
  what: string,
): Extract<StoreError, { readonly _tag: T }> => {
  if (answer._tag === 'Right') throw new Error(`${what}: wanted ${tag}, but it succeeded with ${show(answer.right)}`);
  const error = answer.left;
  if (error._tag !== tag) throw new Error(`${what}: wanted ${tag}, got ${show(error)}`);
  return error as Extract<StoreError, { readonly _tag: T }>;
};

/** A promise that somebody else fulfils. */
export interface Deferred<A> {
  readonly promise: Promise<A>;
  readonly resolve: (value: A) => void;
}

/** Makes a promise and the function that fulfils it. */
export const deferred = <A>(): Deferred<A> => {
  let resolve: (value: A) => void = () => undefined;
  const promise = new Promise<A>((fulfil) => {
    resolve = fulfil;
  });
  return { promise, resolve };
};
