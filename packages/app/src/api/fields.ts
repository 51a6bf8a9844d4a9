/** The fields that bodies are made of. The name of each codec says what it wants, for the sentence of a refusal; its schema says the same to programs. */
import { MAX_LABELS, type Generation } from '@blockledger/domain';
import * as t from 'io-ts';
import { isMoment } from './moment.ts';
import { isRecord } from './record.ts';
import { described, type JsonSchema } from './schema.ts';

const UUID_TEXT = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$';
const UUID = new RegExp(UUID_TEXT);

interface Meaning<A> {
  readonly name: string;
  readonly allows: (value: A) => boolean;
  readonly schema: JsonSchema;
}

const refined = <A>(codec: t.Type<A, A>, { name, allows, schema }: Meaning<A>): t.Type<A, A> => described(t.refinement(codec, allows, name), schema);

const isId = (value: number): boolean => Number.isSafeInteger(value) && value > 0;
const always = (): boolean => true;

/** Text of any kind; the domain has the rules. */
export const Text = refined(t.string, { name: 'text', allows: always, schema: { type: 'string' } });
/** `true` or `false`. */
export const Flag = refined(t.boolean, { name: 'true or false', allows: always, schema: { type: 'boolean' } });
/** `true` alone. */
export const Yes = t.literal(true, 'true');
/** Bytes, bytes/s or operations/s: exact in a JavaScript number. */
export const Whole = refined(t.number, {
  name: 'a whole number from 0 to 9007199254740991',
  allows: (value) => Number.isSafeInteger(value) && value >= 0,
  schema: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
});
/** Any number that is one. */
export const Finite = refined(t.number, { name: 'a number', allows: (value) => Number.isFinite(value), schema: { type: 'number' } });
/** A UUID, in lower case. */
export const UuidText = refined(t.string, { name: 'a UUID', allows: (value) => UUID.test(value), schema: { type: 'string', pattern: UUID_TEXT } });
/** A moment, ISO 8601 with its zone; answers have it in UTC. */
export const Moment = refined(t.string, { name: 'a moment such as 2026-01-31T12:00:00.000Z', allows: isMoment, schema: { type: 'string', format: 'date-time' } });
/** The integer of a resource (S0-3). */
export const Id = refined(t.number, { name: 'an integer id from 1', allows: isId, schema: { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER } });
/** A resource: its integer (S0-3) or its UUID. */
export const Ref = t.union([Id, UuidText], 'an integer id from 1, or a UUID');
/** 0 or 1 (S0-12). */
export const Bit = t.union([t.literal(0), t.literal(1)], '0 or 1');

/** A value, or null. */
export const nullable = <C extends t.Any>(codec: C): t.UnionC<[C, t.NullC]> => t.union([codec, t.null], `${codec.name}, or null`);
/** One of some words. */
export const wordOf = <W extends string>(...words: readonly W[]): t.Type<W, W> =>
  t.keyof(Object.fromEntries(words.map((word) => [word, null])) as Record<W, null>, words.join(', '));

const isText = (value: unknown): value is string => typeof value === 'string';

/** An object whose inside is not told here. */
export const AnyObject = described(
  new t.Type<Readonly<Record<string, unknown>>, unknown>('an object', isRecord, (input, context) => (isRecord(input) ? t.success(input) : t.failure(input, context)), (output) => output),
  { type: 'object' },
);

const GENERATIONS = { 2: 'v2', 128: 'v3', 129: 'v3adv' } as const satisfies Readonly<Record<number, Generation>>;
const FORMATS = { v2: 2, v3: 128, v3adv: 129 } as const satisfies Readonly<Record<Generation, number>>;

/** The source's number for a generation: 128 is V3, 129 its advanced form, 2 the older one (S0-10). */
export const Format = t.union([t.literal(2), t.literal(128), t.literal(129)], '2, 128 or 129');
/** What a format means. */
export const generationOf = (format: keyof typeof GENERATIONS): Generation => GENERATIONS[format];
/** How a generation is written. */
export const formatOf = (generation: Generation): keyof typeof GENERATIONS => FORMATS[generation];

const isLabels = (input: unknown): input is Readonly<Record<string, string>> => isRecord(input) && Object.values(input).every(isText);

/** Free text pairs. */
export const LabelsField = described(
  new t.Type<Readonly<Record<string, string>>, unknown>('an object of texts', isLabels, (input, context) => (isLabels(input) ? t.success(input) : t.failure(input, context)), (output) => output),
  { type: 'object', maxProperties: MAX_LABELS, additionalProperties: { type: 'string' } },
);

/** A reference in a path or a query: digits or a UUID. Undefined for anything else. */
export const parseRef = (text: string): number | string | undefined => {
  if (UUID.test(text)) return text;
  return /^[1-9]\d{0,15}$/.test(text) && isId(Number(text)) ? Number(text) : undefined;
};
