/** Plain JSON: what can be written and read back without a change. */
import * as E from 'fp-ts/lib/Either.js';
import { messageOf } from '../system/thrown.ts';

/** Why a value is not plain JSON, or undefined. Properties that are `undefined` are allowed: they are left out. */
const flaw = (value: unknown): string | undefined => {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return undefined;
    case 'number':
      return Number.isFinite(value) ? undefined : `the number ${value}`;
    case 'object':
      return value === null ? undefined : Array.isArray(value) ? flawInList(value) : flawInRecord(value);
    default:
      return `a value of type ${typeof value}`;
  }
};

const flawInList = (list: readonly unknown[]): string | undefined => {
  for (const item of list) {
    const found = flaw(item);
    if (found !== undefined) return found;
  }
  return undefined;
};

const flawInRecord = (record: object): string | undefined => {
  const prototype: unknown = Object.getPrototypeOf(record);
  if (prototype !== Object.prototype && prototype !== null) return `an instance of ${record.constructor?.name ?? 'a class'}`;
  for (const value of Object.values(record) as readonly unknown[]) {
    const found = value === undefined ? undefined : flaw(value);
    if (found !== undefined) return found;
  }
  return undefined;
};

/** The JSON text of a plain value of at most `limitBytes` in UTF-8, or why there is none. */
export const writeJson = (value: unknown, limitBytes: number): E.Either<string, string> => {
  let text: string | undefined;
  try {
    // A cycle and too deep nesting end here, so that the walk below ends too.
    text = JSON.stringify(value);
  } catch (thrown) {
    return E.left(messageOf(thrown));
  }
  if (text === undefined) return E.left(`a value of type ${typeof value}`);
  const found = flaw(value);
  if (found !== undefined) return E.left(found);
  const isTooLong = text.length > limitBytes || (text.length * 3 > limitBytes && Buffer.byteLength(text) > limitBytes);
  return isTooLong ? E.left(`${Buffer.byteLength(text)} bytes, the limit is ${limitBytes}`) : E.right(text);
};

/** Whether two plain values are the same; the order of keys does not count. */
export const sameJson = (a: unknown, b: unknown): boolean => {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && sameJson((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]))
  );
};
