/** Values for a codec of io-ts: what it takes, and what damage makes of it. */
import fc from 'fast-check';
import * as t from 'io-ts';

/** Candidates for what a predicate wants; those that it refuses are left out. */
const texts: readonly unknown[] = [
  '0b9d7a3e-0000-4000-8000-000000000001',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  '01234567-89ab-cdef-0123-456789abcdef',
  '0123456789abcdef',
  '0123456789abcdef'.repeat(4),
  'ceph',
  'eth0',
  'segment:1',
  'chap/one/0123456789abcdef',
  '',
];
const numbers: readonly unknown[] = [0, 1, 7, 255, 2 ** 40, 2 ** 53 - 1, -1];

const refined = (codec: t.RefinementType<t.Mixed>): fc.Arbitrary<unknown> => {
  const fitting: readonly unknown[] = (codec.type instanceof t.NumberType ? numbers : texts).filter((value) => codec.is(value));
  if (fitting.length === 0) throw new Error(`no values are known for ${codec.name}`);
  return fc.constantFrom<unknown>(...fitting);
};

const optionals = (props: t.Props, requiredKeys: readonly string[]): fc.Arbitrary<object> =>
  fc.record(Object.fromEntries(Object.entries(props).map(([key, prop]) => [key, drawn(prop)])), { requiredKeys: [...requiredKeys], noNullPrototype: true });

const known = new WeakMap<t.Mixed, fc.Arbitrary<unknown>>();

/** Values that the codec takes, of plain JSON. */
export const drawn = (codec: t.Mixed): fc.Arbitrary<unknown> => {
  const before = known.get(codec);
  if (before !== undefined) return before;
  const values = arbitraryOf(codec);
  known.set(codec, values);
  return values;
};

const arbitraryOf = (codec: t.Mixed): fc.Arbitrary<unknown> => {
  if (codec instanceof t.NullType) return fc.constant(null);
  if (codec instanceof t.StringType) return fc.string({ maxLength: 8 });
  if (codec instanceof t.NumberType) return fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }));
  if (codec instanceof t.BooleanType) return fc.boolean();
  if (codec instanceof t.UnknownType) return fc.jsonValue({ maxDepth: 1 });
  if (codec instanceof t.LiteralType) return fc.constant(codec.value);
  if (codec instanceof t.KeyofType) return fc.constantFrom(...Object.keys(codec.keys as object));
  if (codec instanceof t.ReadonlyType || codec instanceof t.ExactType) return drawn(codec.type as t.Mixed);
  if (codec instanceof t.ReadonlyArrayType || codec instanceof t.ArrayType) return fc.array(drawn(codec.type as t.Mixed), { maxLength: 3 });
  if (codec instanceof t.DictionaryType) return fc.dictionary(fc.string({ maxLength: 4 }), drawn(codec.codomain as t.Mixed), { maxKeys: 3, noNullPrototype: true });
  if (codec instanceof t.RefinementType) return refined(codec as t.RefinementType<t.Mixed>);
  if (codec instanceof t.UnionType) return fc.oneof(...(codec.types as readonly t.Mixed[]).map(drawn));
  if (codec instanceof t.InterfaceType) return optionals(codec.props as t.Props, Object.keys(codec.props as t.Props));
  if (codec instanceof t.PartialType) return optionals(codec.props as t.Props, []);
  if (codec instanceof t.IntersectionType) return fc.tuple(...(codec.types as readonly t.Mixed[]).map(drawn)).map((parts) => Object.assign({}, ...parts) as unknown);
  throw new Error(`no values are known for ${codec.name}`);
};

type Tree = Record<string, unknown>;

/** Every object and list in a value, itself included. */
const places = (value: unknown): readonly Tree[] =>
  typeof value === 'object' && value !== null ? [value as Tree, ...Object.values(value).flatMap(places)] : [];

const odd = fc.oneof(
  fc.constantFrom<unknown>('0B9D7A3E-0000-4000-8000-000000000001', '0b9d7a3e-0000-4000-8000-00000000000-', '0b9d7a3e-0000-4000-8000-00000000000é', null, undefined, true, -1, 0, 1.5, 2 ** 53, '', 'x', [], {}, [null], { type: 'x' }),
  fc.jsonValue({ maxDepth: 1 }),
);

interface Harm {
  readonly do: 'set' | 'remove' | 'add' | 'turn';
  readonly place: number;
  readonly field: number;
  readonly name: string;
  readonly value: unknown;
}

const harm: fc.Arbitrary<Harm> = fc.record({
  do: fc.constantFrom('set', 'remove', 'add', 'turn'),
  place: fc.nat(),
  field: fc.nat(),
  name: fc.oneof(fc.constantFrom('type', 'extra', 'toString', '__proto__', '0'), fc.string({ maxLength: 3 })),
  value: odd,
});

const put = (into: Tree, name: string, value: unknown): void => void Object.defineProperty(into, name, { value, enumerable: true, configurable: true, writable: true });

const harmed = (value: unknown, harms: readonly Harm[]): unknown => {
  const copy = structuredClone(value);
  for (const { do: what, place, field, name, value: fresh } of harms) {
    const other = structuredClone(fresh);
    const all = places(copy);
    const into = all[place % Math.max(1, all.length)];
    if (into === undefined) return other;
    const names = Object.keys(into);
    const chosen = names[field % Math.max(1, names.length)];
    if (what === 'add') put(into, name, other);
    else if (chosen === undefined) continue;
    else if (what === 'set') put(into, chosen, other);
    else {
      const kept = into[chosen];
      delete into[chosen];
      // The same fields in another order.
      if (what === 'turn') put(into, chosen, kept);
    }
  }
  return copy;
};

/** A value with up to three pieces of damage: fields lost, added, changed, or in another order. */
export const damaged = (values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> => fc.tuple(values, fc.array(harm, { maxLength: 3 })).map(([value, harms]) => harmed(value, harms));
