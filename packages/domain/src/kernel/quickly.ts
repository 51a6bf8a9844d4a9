/**
 * Codecs made quick. A codec of io-ts walks its value with a context for errors at every step, and most values have no errors: a guard made from
 * the codec looks first, and only what it does not know goes the whole way. The guards are closures, since some embedders forbid `new Function`.
 */
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';

/** True only for what decoding would answer with an equal value: there is nothing to strip. False says nothing. */
export type Guard = (u: unknown) => boolean;

type Fields = { readonly [key: string]: unknown };

const isPlain = (u: unknown): u is Fields => typeof u === 'object' && u !== null && Object.getPrototypeOf(u) === Object.prototype;

/** The fields of a record: which there are, and which of them must be there. */
interface Shape {
  readonly guards: readonly Guard[];
  readonly keys: readonly string[];
  readonly required: number;
  /** Whether fields that nobody names are stripped by the codec. */
  readonly isClosed: boolean;
}

/**
 * Fields are mostly in the order of their table, so the next one is tried first, and a comparison of names is one of pointers. The type of a
 * message stands at either end.
 */
const recordGuard = ({ keys, guards, required, isClosed }: Shape): Guard => {
  const places = new Map(keys.map((key, place) => [key, place]));
  return (u) => {
    if (!isPlain(u)) return false;
    let next = 0;
    let found = 0;
    for (const key in u) {
      let place: number | undefined = next;
      if (keys[next] !== key) {
        place = places.get(key);
        if (place === undefined) {
          // An intersection copies, and a field of that name is lost in it.
          if (isClosed || key === '__proto__') return false;
          continue;
        }
      }
      if (!guards[place]?.(u[key])) return false;
      if (place < required) found += 1;
      next = place + 1;
    }
    return found === required;
  };
};

const ofProps = (props: t.Props, isPartial: boolean): Shape => ({
  keys: Object.keys(props),
  guards: Object.values(props).map((prop) => (isPartial ? optional(guardOf(prop)) : guardOf(prop))),
  required: isPartial ? 0 : Object.keys(props).length,
  isClosed: false,
});

/** The fields of `t.type`, `t.partial` and what is made of them; undefined for anything else. Those that must be there come first. */
const shapeOf = (codec: t.Mixed): Shape | undefined => {
  if (codec instanceof t.InterfaceType) return ofProps(codec.props as t.Props, false);
  if (codec instanceof t.PartialType) return ofProps(codec.props as t.Props, true);
  if (codec instanceof t.ReadonlyType) return shapeOf(codec.type as t.Mixed);
  if (codec instanceof t.ExactType) {
    const inner = shapeOf(codec.type as t.Mixed);
    return inner === undefined ? undefined : { ...inner, isClosed: true };
  }
  if (!(codec instanceof t.IntersectionType)) return undefined;
  return (codec.types as readonly t.Mixed[]).map(shapeOf).reduce((all, shape) => (all === undefined || shape === undefined ? undefined : joined(all, shape)));
};

/** Two shapes as one, as an intersection joins what each of its parts leaves; undefined where both name a field. */
const joined = (a: Shape, b: Shape): Shape | undefined => {
  if (a.keys.some((key) => b.keys.includes(key))) return undefined;
  const parts = <A>(of: (shape: Shape) => readonly A[]): readonly A[] => [
    ...of(a).slice(0, a.required),
    ...of(b).slice(0, b.required),
    ...of(a).slice(a.required),
    ...of(b).slice(b.required),
  ];
  return { keys: parts((shape) => shape.keys), guards: parts((shape) => shape.guards), required: a.required + b.required, isClosed: a.isClosed && b.isClosed };
};

const optional =
  (guard: Guard): Guard =>
  (u) =>
    u === undefined || guard(u);

const listGuard =
  (item: Guard): Guard =>
  (u) => {
    if (!Array.isArray(u)) return false;
    for (const each of u as readonly unknown[]) if (!item(each)) return false;
    return true;
  };

const dictionaryGuard =
  (value: Guard): Guard =>
  (u) => {
    if (!isPlain(u)) return false;
    for (const name in u) if (!value(u[name])) return false;
    return true;
  };

/** What holds for any codec: it is asked. */
const asked =
  (codec: t.Mixed): Guard =>
  (u) => {
    const decoded = codec.validate(u, []);
    return E.isRight(decoded) && decoded.right === u;
  };

const isScalar = (codec: t.Mixed): boolean =>
  codec instanceof t.NullType || codec instanceof t.StringType || codec instanceof t.NumberType || codec instanceof t.BooleanType || codec instanceof t.LiteralType || codec instanceof t.KeyofType
  || (codec instanceof t.RefinementType && isScalar(codec.type as t.Mixed));

/**
 * A union gives the value to the first member that takes it, and that one may strip what a later one would keep. So only the last may be a
 * record, since a scalar takes what its guard takes; or all are records that are told apart by a tag.
 */
const unionGuard = (codec: t.UnionType<t.Mixed[]>): Guard => {
  const members = codec.types;
  if (!('tag' in codec) && !members.slice(0, -1).every(isScalar)) return asked(codec);
  const guards = members.map(guardOf);
  const [first, second] = guards;
  if (first !== undefined && second !== undefined && guards.length === 2) return (u) => first(u) || second(u);
  return (u) => guards.some((guard) => guard(u));
};

const refinementGuard = (codec: t.RefinementType<t.Mixed>): Guard => {
  const { predicate } = codec as { readonly predicate: (u: unknown) => boolean };
  if (codec.type instanceof t.StringType) return (u) => typeof u === 'string' && predicate(u);
  if (codec.type instanceof t.NumberType) return (u) => typeof u === 'number' && predicate(u);
  const inner = guardOf(codec.type);
  return (u) => inner(u) && predicate(u);
};

const guards = new WeakMap<t.Mixed, Guard>();

const made = (codec: t.Mixed): Guard => {
  if (codec instanceof t.NullType) return (u) => u === null;
  if (codec instanceof t.StringType) return (u) => typeof u === 'string';
  if (codec instanceof t.NumberType) return (u) => typeof u === 'number';
  if (codec instanceof t.BooleanType) return (u) => typeof u === 'boolean';
  if (codec instanceof t.LiteralType) return (u) => u === codec.value;
  if (codec instanceof t.KeyofType) {
    const names = new Set<unknown>(Object.keys(codec.keys as object));
    return (u) => names.has(u);
  }
  if (codec instanceof t.UnknownType) return () => true;
  if (codec instanceof t.ReadonlyType) return guardOf(codec.type as t.Mixed);
  if (codec instanceof t.ReadonlyArrayType || codec instanceof t.ArrayType) return listGuard(guardOf(codec.type as t.Mixed));
  // Of named keys all must be there, and others are stripped.
  if (codec instanceof t.DictionaryType && codec.domain instanceof t.StringType) return dictionaryGuard(guardOf(codec.codomain as t.Mixed));
  if (codec instanceof t.RefinementType) return refinementGuard(codec as t.RefinementType<t.Mixed>);
  if (codec instanceof t.UnionType) return unionGuard(codec as t.UnionType<t.Mixed[]>);
  const shape = shapeOf(codec);
  return shape === undefined ? asked(codec) : recordGuard(shape);
};

/** The guard of a codec, made once. */
export const guardOf = (codec: t.Mixed): Guard => {
  const known = guards.get(codec);
  if (known !== undefined) return known;
  const guard = made(codec);
  guards.set(codec, guard);
  return guard;
};
