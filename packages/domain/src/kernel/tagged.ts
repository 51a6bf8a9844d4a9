/** Unions told apart by `type`: one table names every message of an aggregate and its fields. */
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { guardOf, type Guard } from './quickly.ts';

/** A table of messages: the fields of each, as codecs, by the message's type. */
export type Members = Readonly<Record<string, t.Props>>;

/** The union of all messages in a table. */
export type TaggedOf<M extends Members> = {
  [K in keyof M & string]: { readonly type: K } & { readonly [P in keyof M[K]]: t.TypeOf<M[K][P]> };
}[keyof M & string];

/** The message of one name in a union. */
export type Of<U extends { readonly type: string }, K extends U['type']> = Extract<U, { readonly type: K }>;

/** A message's codec, and the quick look that nearly always suffices. */
interface Member {
  readonly codec: t.Mixed;
  readonly fits: Guard;
}

/**
 * A codec for a table of messages. It looks up the member by `type` and strips unknown fields. What already is as it should be is handed
 * back as it is, after one quick look.
 *
 * @example
 * import * as t from 'io-ts';
 * import { tagged } from '@blockledger/domain';
 * const Light = tagged('Light', { On: { watts: t.number }, Off: {} });
 * Light.decode({ type: 'On', watts: 40 })._tag === 'Right'; // => true
 * Light.decode({ type: 'Dim' })._tag === 'Left'; // => true
 */
export const tagged = <const M extends Members>(name: string, members: M): t.Type<TaggedOf<M>, unknown> & { readonly types: readonly (keyof M & string)[]; readonly fields: M } => {
  // The type stands last, as it does in a stored event that was put together again.
  const codecs = new Map<string, Member>(
    Object.entries(members).map(([type, props]) => {
      const codec = t.strict({ ...props, type: t.literal(type) }, type);
      return [type, { codec, fits: guardOf(codec) }];
    }),
  );
  const member = (u: unknown): Member | undefined =>
    typeof u === 'object' && u !== null && 'type' in u && typeof u.type === 'string' ? codecs.get(u.type) : undefined;
  const validate: t.Validate<unknown, TaggedOf<M>> = (u, context) => {
    const found = member(u);
    if (found === undefined) return t.failure(u, context, `not a message of ${name}`);
    return found.fits(u) ? E.right(u as TaggedOf<M>) : (found.codec.validate(u, context) as E.Either<t.Errors, TaggedOf<M>>);
  };
  const codec = new t.Type<TaggedOf<M>, unknown>(name, (u): u is TaggedOf<M> => member(u)?.codec.is(u) ?? false, validate, (a) => member(a)?.codec.encode(a) ?? a);
  const { decode: decodePlainly } = codec;
  // Where all is well nobody asks for the context of errors.
  const decode: typeof decodePlainly = (u) => (member(u)?.fits(u) === true ? E.right(u as TaggedOf<M>) : decodePlainly(u));
  return Object.assign(codec, { decode, types: Object.keys(members), fields: members });
};
