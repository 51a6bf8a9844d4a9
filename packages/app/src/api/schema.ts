/** JSON Schema (2020-12) of our codecs, so that the document and the checks cannot drift apart. */
import type * as t from 'io-ts';

/** A schema, as plain JSON. */
export type JsonSchema = Readonly<Record<string, unknown>>;

const schemas = new WeakMap<t.Any, JsonSchema>();
const names = new WeakMap<t.Any, string>();

/** Says what a codec's values look like, where its structure cannot tell. */
export const described = <C extends t.Any>(codec: C, schema: JsonSchema): C => {
  schemas.set(codec, schema);
  return codec;
};

/** Gives a codec a name: the document holds it once, under `components`. */
export const named = <C extends t.Any>(name: string, codec: C): C => {
  names.set(codec, name);
  return codec;
};

/** Collects the named schemas that a document refers to. */
export type Components = Map<string, JsonSchema>;

/** What the codecs of io-ts show of themselves, and ours. */
interface Shown {
  readonly _tag?: string;
  readonly name: string;
  readonly type?: t.Any;
  readonly codomain?: t.Any;
  readonly types?: readonly t.Any[];
  readonly value?: unknown;
  readonly keys?: object;
  readonly required?: t.Props;
  readonly optional?: t.Props;
}

const PLAIN: Readonly<Record<string, JsonSchema>> = {
  StringType: { type: 'string' },
  NumberType: { type: 'number' },
  BooleanType: { type: 'boolean' },
  NullType: { type: 'null' },
  UnknownType: {},
  AnyDictionaryType: { type: 'object' },
};

const objectOf = (required: t.Props, optional: t.Props, components: Components): JsonSchema => ({
  type: 'object',
  properties: Object.fromEntries(Object.entries({ ...required, ...optional }).map(([key, codec]) => [key, schemaOf(codec, components)])),
  ...(Object.keys(required).length === 0 ? {} : { required: Object.keys(required) }),
  additionalProperties: false,
});

const structure = (codec: t.Any, components: Components): JsonSchema => {
  const shown = codec as unknown as Shown;
  const inner = (one: t.Any | undefined): JsonSchema => (one === undefined ? {} : schemaOf(one, components));
  switch (shown._tag) {
    case 'ClosedType':
      return objectOf(shown.required ?? {}, shown.optional ?? {}, components);
    case 'LiteralType':
      return { const: shown.value };
    case 'KeyofType':
      return { type: 'string', enum: Object.keys(shown.keys ?? {}) };
    case 'ArrayType':
    case 'ReadonlyArrayType':
      return { type: 'array', items: inner(shown.type) };
    case 'DictionaryType':
      return { type: 'object', additionalProperties: inner(shown.codomain) };
    case 'UnionType':
      return { anyOf: (shown.types ?? []).map((one) => inner(one)) };
    case 'RefinementType':
    case 'ReadonlyType':
      return inner(shown.type);
    default: {
      const plain = PLAIN[shown._tag ?? ''];
      if (plain === undefined) throw new Error(`the codec ${shown.name} has no schema: give it one with described()`);
      return plain;
    }
  }
};

/** The schema of a codec; named ones are put into `components` and referred to. */
export const schemaOf = (codec: t.Any, components: Components): JsonSchema => {
  const name = names.get(codec);
  if (name === undefined) return schemas.get(codec) ?? structure(codec, components);
  if (!components.has(name)) {
    components.set(name, {});
    components.set(name, schemas.get(codec) ?? structure(codec, components));
  }
  return { $ref: `#/components/schemas/${name}` };
};
