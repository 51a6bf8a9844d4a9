/** Unions told apart by `type`: one table names every message of an aggregate and its fields. */
import type * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';

/** A table of messages: the fields of each, as codecs, by the message's type. */
export type Members = Readonly<Record<string, t.Props>>;

/** The union of all messages in a table. */
export type TaggedOf<M extends Members> = {
  [K in keyof M & string]: { readonly type: K } & { readonly [P in keyof M[K]]: t.TypeOf<M[K][P]> };
}[keyof M & string];

/** The message of one name in a union. */
export type Of<U extends { readonly type: string }, K extends U['type']> = Extract<U, { readonly type: K }>;

/**
 * A codec for a table of messages. It looks up the member by `type` and strips unknown fields.
 *
 * @example
 * import * as t from 'io-ts';
 * import { tagged } from '@blockledger/domain';
 * const Light = tagged('Light', { On: { watts: t.number }, Off: {} });
 * Light.decode({ type: 'On', watts: 40 })._tag === 'Right'; // => true
 * Light.decode({ type: 'Dim' })._tag === 'Left'; // => true
 */
export const tagged = <const M extends Members>(name: string, members: M): t.Type<TaggedOf<M>, unknown> & { readonly types: readonly (keyof M & string)[]; readonly fields: M } => {
  const codecs = new Map<string, t.Mixed>(
    Object.entries(members).map(([type, props]) => [type, t.strict({ type: t.literal(type), ...props }, type)]),
  );
  const member = (u: unknown): t.Mixed | undefined =>
    typeof u === 'object' && u !== null && 'type' in u && typeof u.type === 'string' ? codecs.get(u.type) : undefined;
  const codec = new t.Type<TaggedOf<M>, unknown>(
    name,
    (u): u is TaggedOf<M> => member(u)?.is(u) ?? false,
    (u, context): E.Either<t.Errors, TaggedOf<M>> => {
      const found = member(u);
      return found === undefined ? t.failure(u, context, `not a message of ${name}`) : (found.validate(u, context) as E.Either<t.Errors, TaggedOf<M>>);
    },
    (a) => member(a)?.encode(a) ?? a,
  );
  return Object.assign(codec, { types: Object.keys(members), fields: members });
};
