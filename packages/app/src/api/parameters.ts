/** Parameters of paths and queries: each known by name, each read from text, each at most once. */
import * as E from 'fp-ts/lib/Either.js';
import { Id, parseRef, UuidText } from './fields.ts';
import { DEFAULT_PAGE, MAX_PAGE } from './limits.ts';
import { isMoment } from './moment.ts';
import { schemaOf, type JsonSchema } from './schema.ts';

/** One parameter: how it is read, or what it must be; and the same for the document. */
export interface Parameter<A> {
  /** Reads its text, or says what is wrong with it. */
  readonly read: (text: string) => E.Either<string, A>;
  readonly schema: JsonSchema;
  readonly description: string;
}

/** The parameters of an operation, by name. */
export type Parameters = Readonly<Record<string, Parameter<unknown>>>;
/** What was given of some parameters. */
export type Given<P extends Parameters> = { readonly [K in keyof P]?: P[K] extends Parameter<infer A> ? A : never };

const parameter = <A>(description: string, schema: JsonSchema, read: Parameter<A>['read']): Parameter<A> => ({ read, schema, description });

const whole = (text: string, from: number): E.Either<string, number> => {
  const value = Number(text);
  return /^-?\d{1,16}$/.test(text) && Number.isSafeInteger(value) && value >= from ? E.right(value) : E.left(`must be a whole number from ${from}`);
};

/** Any text. */
export const anyText = (description: string): Parameter<string> => parameter(description, { type: 'string' }, (text) => E.right(text));

const readFlag: Parameter<boolean>['read'] = (text) => (text === 'true' || text === 'false' ? E.right(text === 'true') : E.left('must be true or false'));

/** `true` or `false`. */
export const flag = (description: string): Parameter<boolean> => parameter(description, { type: 'boolean' }, readFlag);
/** `true`, `false` or `all`. */
export const flagOrAll = (description: string): Parameter<boolean | 'all'> =>
  parameter<boolean | 'all'>(description, { enum: ['true', 'false', 'all'] }, (text) => (text === 'all' ? E.right('all') : E.mapLeft(() => 'must be true, false or all')(readFlag(text))));
/** A whole number from 0. */
export const count = (description: string): Parameter<number> =>
  parameter(description, { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER }, (text) => whole(text, 0));
/** A resource's integer or UUID. */
export const refParameter = (description: string): Parameter<number | string> =>
  parameter(description, { anyOf: [schemaOf(Id, new Map()), schemaOf(UuidText, new Map())] }, (text) => E.fromNullable('must be an integer from 1, or a UUID')(parseRef(text)));
/** One of some words. */
export const oneOf = <const W extends string>(description: string, words: readonly W[]): Parameter<W> =>
  parameter(description, { type: 'string', enum: [...words] }, (text) => E.fromNullable(`must be one of ${words.join(', ')}`)(words.find((word) => word === text)));

/** Some of some words, between commas, each at most once. */
export const someOf = <const W extends string>(description: string, words: readonly W[]): Parameter<readonly W[]> => {
  const one = words.join('|');
  return parameter(`${description} Several are separated by commas.`, { type: 'string', pattern: `^(${one})(,(${one}))*$` }, (text) => {
    const asked = text.split(',');
    const found = asked.map((each) => words.find((word) => word === each)).filter((word) => word !== undefined);
    return found.length === asked.length && new Set(found).size === asked.length ? E.right(found) : E.left(`must be some of ${words.join(', ')}, each once`);
  });
};

/** What a list is sorted by: a field of the control plane, and which way. */
export interface SortedBy<F extends string> {
  readonly by: F;
  readonly descending: boolean;
}

/**
 * An order: fields of the reply between commas, with a minus where it descends (`-size,name`). The table leads to the control plane's own fields;
 * its first one is the order where nothing is asked for.
 */
export const orderBy = <const F extends string>(fields: Readonly<Record<string, F>>): Parameter<readonly SortedBy<F>[]> => {
  const names = Object.keys(fields);
  const one = `-?(${names.join('|')})`;
  return parameter(`The order: ${names.map((name) => `\`${name}\``).join(', ')}, with a minus where it descends, several separated by commas. Default: \`${names[0] ?? ''}\`.`, { type: 'string', pattern: `^${one}(,${one})*$` }, (text) => {
    const keys = text.split(',').map((each) => ({ by: fields[each.replace(/^-/, '')], descending: each.startsWith('-') }));
    const known = keys.filter((key): key is SortedBy<F> => key.by !== undefined);
    const isSound = known.length === keys.length && new Set(known.map(({ by }) => by)).size === known.length;
    return isSound ? E.right(known) : E.left(`must be some of ${names.join(', ')}, each once, with a minus where it descends`);
  });
};

const MOST_TEXTS = 256;

/** Texts with commas between them. */
export const someTexts = (description: string): Parameter<readonly string[]> =>
  parameter<readonly string[]>(description, { type: 'string', minLength: 1 }, (text) => {
    const given = text.split(',');
    return given.length > MOST_TEXTS || given.includes('') ? E.left(`must be 1 to ${MOST_TEXTS} texts with commas between them`) : E.right(given);
  });

/** A position in the log, or one of the words for its ends. */
export const position = (description: string): Parameter<number | 'start' | 'now'> =>
  parameter<number | 'start' | 'now'>(description, { anyOf: [{ type: 'integer', minimum: -1, maximum: Number.MAX_SAFE_INTEGER }, { enum: ['start', 'now'] }] }, (text) => {
    if (text === 'start' || text === 'now') return E.right(text);
    return E.mapLeft(() => 'must be start, now, or a position from −1')(whole(text, -1));
  });

/** A moment: ISO 8601 with its zone, or ms since 1970. In ms since 1970. */
export const moment = (description: string): Parameter<number> => ({
  ...parameter(description, { anyOf: [{ type: 'string', format: 'date-time' }, { type: 'integer', minimum: 0 }] }, (text) => {
    const ms = /^\d{1,16}$/.test(text) ? Number(text) : Date.parse(isMoment(text) ? text : '');
    return Number.isSafeInteger(ms) && ms >= 0 ? E.right(ms) : E.left('must be a moment such as 2026-01-31T12:00:00Z, or ms since 1970');
  }),
});

const limit: Parameter<number> = parameter(
  `How many at most: −1 is everything (S0-4), otherwise at most ${MAX_PAGE}.`,
  { type: 'integer', minimum: -1, default: DEFAULT_PAGE, not: { const: 0 } },
  (text) => {
    const asked = whole(text, -1);
    if (E.isLeft(asked) || asked.right === 0) return E.left('must be −1 for everything, or a whole number from 1');
    return E.right(Math.min(asked.right, MAX_PAGE));
  },
);

/** Whose tasks or actions are wanted: by its UUID, or by the reference that people use. */
export const aboutResource = {
  resource_id: anyText('Only those about the resource with this UUID, or the backend with this name.'),
  block_volume_id: refParameter('Only those about this volume, deleted or not.'),
  block_snapshot_id: refParameter('Only those about this snapshot, deleted or not.'),
  pool_id: refParameter('Only those about this pool.'),
  host_id: refParameter('Only those about this host.'),
  client_group_id: refParameter('Only those about this client group, deleted or not.'),
  access_path_id: refParameter('Only those about this access path, deleted or not.'),
  vip_group_id: refParameter('Only those about this VIP group, deleted or not.'),
} as const;

/** When it was asked for. */
export const askedWithin = {
  since: moment('Only those asked for at this moment or later.'),
  until: moment('Only those asked for before this moment.'),
} as const;

/** The parameters of every list. The control plane itself knows whether a cursor is one of its own. */
export const paging = {
  limit,
  offset: count('Skips so many of the matching ones.'),
  cursor: anyText('`next` of the page before; stays true while resources come and go.'),
} as const;
