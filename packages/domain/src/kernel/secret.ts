/** An opaque secret: it cannot be serialised, printed or compared by accident. */

const hidden = new WeakMap<Secret, string>();

/** Holds a secret text. Only `reveal` returns it; JSON, template strings and inspection show a mask. */
export interface Secret {
  readonly _tag: 'Secret';
  /** The mask. */
  toString(): string;
  /** The mask. */
  toJSON(): string;
}

/** What every accidental look at a secret shows. */
export const MASK = '********';

/**
 * Wraps a secret.
 *
 * @example
 * import { reveal, secret } from '@blockledger/domain';
 * const s = secret('1qaz2wsx3edc');
 * JSON.stringify({ s }) === '{"s":"********"}'; // => true
 * reveal(s) === '1qaz2wsx3edc'; // => true
 */
export const secret = (text: string): Secret => {
  const wrapped: Secret = Object.freeze({ _tag: 'Secret' as const, toString: () => MASK, toJSON: () => MASK });
  hidden.set(wrapped, text);
  return wrapped;
};

/**
 * The secret itself. Call this only where the secret leaves the process, in an adapter or a comparison.
 *
 * @example
 * import { reveal, secret } from '@blockledger/domain';
 * reveal(secret('1qaz2wsx3edc')); // => '1qaz2wsx3edc'
 */
export const reveal = (wrapped: Secret): string => {
  const text = hidden.get(wrapped);
  if (text === undefined) throw new TypeError('not a Secret made by secret()');
  return text;
};
