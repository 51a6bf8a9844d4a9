/** What a caller is told of a command that does not fit its codec: the field, what was there, and what may be. */
import * as t from 'io-ts';
import { refuseEngine, type EngineRefusal } from '../refusals.ts';
import { explain } from './folding.ts';

/** What the codecs want, for people. */
const WANTED: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  Bytes: 'a whole number of bytes',
  Count: 'a whole number from 0',
  TimestampMs: 'a moment in ms since 1970',
  Labels: 'an object of texts',
};

const IDS = /^(?:Uuid|\w+Id)$/;

const LONGEST = 40;

/** A value for people: never deep, never long. A text that should have been one is no mistake, so this is none that was given in confidence. */
const brief = (value: unknown): string => {
  if (value === undefined) return 'missing';
  if (typeof value === 'string') return value.length > LONGEST ? 'a long text' : JSON.stringify(value);
  if (Array.isArray(value)) return 'a list';
  return value === null || typeof value === 'number' || typeof value === 'boolean' ? String(value) : `of the type ${typeof value}`;
};

const wordsOf = (codec: t.Decoder<unknown, unknown> | undefined): readonly string[] | undefined => (codec instanceof t.KeyofType ? Object.keys(codec.keys as object) : undefined);

const isList = (codec: t.Decoder<unknown, unknown> | undefined): boolean => codec instanceof t.ReadonlyArrayType || codec instanceof t.ArrayType;

/** The refusal of a command that cannot be read. */
export const refuseUnreadable = (errors: t.Errors): EngineRefusal => {
  const { path, reason, value, codec } = explain(errors);
  const words = wordsOf(codec);
  const name = codec?.name ?? '';
  const wanted = words?.join(' or ') ?? (isList(codec) ? 'a list' : IDS.test(name) ? 'a lower-case UUID' : WANTED[name]);
  const field = path === '' ? 'the command' : path;
  const message = wanted === undefined ? `${field} ${reason}` : `${field} is ${brief(value)}: it must be ${wanted}`;
  return refuseEngine('InvalidCommand', message, { value: path, ...(words === undefined ? {} : { limit: words }) });
};
