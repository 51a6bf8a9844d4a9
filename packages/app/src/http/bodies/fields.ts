/** The fields that bodies are made of. The name of each codec says what it wants, for the sentence of a refusal. */
import type { Generation } from '@blockledger/domain';
import * as t from 'io-ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const refined = <A>(codec: t.Type<A, A>, allows: (value: A) => boolean, name: string): t.Type<A, A> => t.refinement(codec, allows, name);

const isId = (value: number): boolean => Number.isSafeInteger(value) && value > 0;

/** Text of any kind; the domain has the rules. */
export const Text = refined(t.string, () => true, 'text');
/** `true` or `false`. */
export const Flag = refined(t.boolean, () => true, 'true or false');
/** `true` alone. */
export const Yes = t.literal(true, 'true');
/** Bytes, bytes/s or operations/s: exact in a JavaScript number. */
export const Whole = refined(t.number, (value) => Number.isSafeInteger(value) && value >= 0, 'a whole number from 0 to 9007199254740991');
/** Any number that is one. */
export const Finite = refined(t.number, (value) => Number.isFinite(value), 'a number');
/** A resource: its integer (S0-3) or its UUID. */
export const Ref = t.union(
  [refined(t.number, isId, 'integer'), refined(t.string, (value) => UUID.test(value), 'UUID')],
  'an integer id from 1, or a UUID',
);
/** 0 or 1 (S0-12). */
export const Bit = t.union([t.literal(0), t.literal(1)], '0 or 1');

const GENERATIONS = { 2: 'v2', 128: 'v3', 129: 'v3adv' } as const satisfies Readonly<Record<number, Generation>>;
const FORMATS = { v2: 2, v3: 128, v3adv: 129 } as const satisfies Readonly<Record<Generation, number>>;

/** The source's number for a generation: 128 is V3, 129 its advanced form, 2 the older one (S0-10). */
export const Format = t.union([t.literal(2), t.literal(128), t.literal(129)], '2, 128 or 129');
/** What a format means. */
export const generationOf = (format: keyof typeof GENERATIONS): Generation => GENERATIONS[format];
/** How a generation is written. */
export const formatOf = (generation: Generation): number => FORMATS[generation];

/** Free text pairs. */
export const LabelsField = new t.Type<Readonly<Record<string, string>>, unknown>(
  'an object of texts',
  (input): input is Readonly<Record<string, string>> => typeof input === 'object' && input !== null && !Array.isArray(input) && Object.values(input).every((value) => typeof value === 'string'),
  (input, context) =>
    typeof input === 'object' && input !== null && !Array.isArray(input) && Object.values(input).every((value) => typeof value === 'string')
      ? t.success(input as Readonly<Record<string, string>>)
      : t.failure(input, context),
  (output) => output,
);

/** A reference in a path or a query: digits or a UUID. Undefined for anything else. */
export const parseRef = (text: string): number | string | undefined => {
  if (UUID.test(text)) return text;
  return /^[1-9]\d{0,15}$/.test(text) && isId(Number(text)) ? Number(text) : undefined;
};
