/** Values for a JSON Schema of our document: mostly what it allows, at times something else. */
import fc from 'fast-check';

export type Schema = Readonly<Record<string, unknown>>;

/** Finds what `$ref` names. */
export type Resolve = (ref: string) => Schema;

const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constantFrom(null, [], {}, -1, 0, 1.5, 2 ** 53, '', '@', '1', 'x'.repeat(2000), '\u0000'),
);

const numbers = ({ type, minimum, maximum }: Schema): fc.Arbitrary<unknown> => {
  const min = Number(minimum ?? -1000);
  const max = Number(maximum ?? 2 ** 40);
  const edges = fc.constantFrom(min, max, Math.min(max, Math.max(min, 1)), Math.min(max, Math.max(min, 2 ** 30)));
  return fc.oneof(edges, type === 'integer' ? fc.integer({ min: Math.max(min, -(2 ** 31)), max: Math.min(max, 2 ** 31 - 1) }) : fc.double({ min, max, noNaN: true }));
};

const texts = ({ pattern, format }: Schema): fc.Arbitrary<unknown> => {
  if (format === 'date-time') return fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') }).map((date) => date.toISOString());
  if (typeof pattern === 'string' && pattern.includes('[0-9a-f]{8}-')) return fc.uuid({ version: 4 });
  return fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom('volume1', 'standing', 'roll_back', 'vols', 'ceph', 'token:tester', 'createVolume'));
};

const objects = (schema: Schema, resolve: Resolve): fc.Arbitrary<unknown> => {
  const properties = Object.entries((schema['properties'] ?? {}) as Readonly<Record<string, Schema>>);
  if (properties.length === 0) return fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), fc.string({ maxLength: 8 }), { maxKeys: 4 });
  const required = new Set((schema['required'] ?? []) as readonly string[]);
  const fields = properties.map(([name, inner]) => {
    const value = schemaArbitrary(inner, resolve).map((one) => [[name, one] as const]);
    return required.has(name) ? value : fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: value });
  });
  return fc.tuple(...fields).map((entries) => Object.fromEntries(entries.flat()) as unknown);
};

const allowed = (schema: Schema, resolve: Resolve): fc.Arbitrary<unknown> => {
  const { type, anyOf } = schema;
  if (typeof schema['$ref'] === 'string') return schemaArbitrary(resolve(schema['$ref']), resolve);
  if ('const' in schema) return fc.constant(schema['const']);
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as readonly unknown[]));
  if (Array.isArray(anyOf)) return fc.oneof(...(anyOf as readonly Schema[]).map((one) => schemaArbitrary(one, resolve)));
  switch (type) {
    case 'object':
      return objects(schema, resolve);
    case 'array':
      return fc.array(schemaArbitrary((schema['items'] ?? {}) as Schema, resolve), { maxLength: 3 });
    case 'integer':
    case 'number':
      return numbers(schema);
    case 'string':
      return texts(schema);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return odd;
  }
};

/** One value in twelve is something else. */
export const schemaArbitrary = (schema: Schema, resolve: Resolve): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 11, arbitrary: allowed(schema, resolve) }, { weight: 1, arbitrary: odd });
