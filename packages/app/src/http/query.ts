/** Query parameters: each known by name, each decoded, each at most once. */
import * as E from 'fp-ts/lib/Either.js';
import { numberOf } from '../queries/paging.ts';
import type { PageQuery } from '../queries/views.ts';
import { parseRef } from './bodies/fields.ts';
import { DEFAULT_PAGE, MAX_PAGE } from './limits.ts';
import { refuseService, type ServiceRefusal } from './refusals.ts';

/** How one parameter is read: its value, or what it must be. */
export type Parameter<A> = (text: string) => E.Either<string, A>;
type Parameters = Readonly<Record<string, Parameter<unknown>>>;
type Given<P extends Parameters> = { readonly [K in keyof P]?: P[K] extends Parameter<infer A> ? A : never };

const LONGEST = 100;
const brief = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

const whole = (text: string, from: number): E.Either<string, number> => {
  const value = Number(text);
  return /^-?\d{1,16}$/.test(text) && Number.isSafeInteger(value) && value >= from ? E.right(value) : E.left(`must be a whole number from ${from}`);
};

/** Any text. */
export const anyText: Parameter<string> = (text) => E.right(text);
/** `true` or `false`. */
export const flag: Parameter<boolean> = (text) => (text === 'true' || text === 'false' ? E.right(text === 'true') : E.left('must be true or false'));
/** `true`, `false` or `all`. */
export const flagOrAll: Parameter<boolean | 'all'> = (text) => (text === 'all' ? E.right('all') : E.mapLeft(() => 'must be true, false or all')(flag(text)));
/** Milliseconds. */
export const milliseconds: Parameter<number> = (text) => whole(text, 0);
/** A resource's integer or UUID. */
export const ref: Parameter<number | string> = (text) => E.fromNullable('must be an integer from 1, or a UUID')(parseRef(text));
/** One of some words. */
export const oneOf =
  <W extends string>(...words: readonly W[]): Parameter<W> =>
  (text) =>
    E.fromNullable(`must be one of ${words.join(', ')}`)(words.find((word) => word === text));

/** A page: −1 is everything (S0-4), and so many at most otherwise. */
const limit: Parameter<number> = (text) => {
  const asked = whole(text, -1);
  if (E.isLeft(asked) || asked.right === 0) return E.left('must be −1 for everything, or a whole number from 1');
  return E.right(Math.min(asked.right, MAX_PAGE));
};

/** `next` of an earlier page. One that is not ours would begin from the start, and the caller would read everything twice. */
const cursor: Parameter<string> = (text) => (numberOf(text) >= 0 ? E.right(text) : E.left('must be the next of an earlier page'));

/** The parameters of every list. */
export const paging = { limit, offset: milliseconds, cursor } as const;

const invalid = (name: string, reason: string, value?: string): ServiceRefusal =>
  refuseService('ParameterIsInvalid', `the parameter ${brief(name)} ${reason}`, value === undefined ? {} : { value: brief(value) });

/** Reads a query string's parameters. */
export const readQuery = <P extends Parameters>(parameters: P, query: Readonly<Record<string, unknown>>): E.Either<ServiceRefusal, Given<P>> => {
  const given: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(query)) {
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (parameter === undefined) return E.left(invalid(name, `is not known; known are: ${Object.keys(parameters).join(', ') || 'none'}`));
    if (typeof text !== 'string') return E.left(invalid(name, 'is given more than once'));
    const read = parameter(text);
    if (E.isLeft(read)) return E.left(invalid(name, read.left, text));
    given[name] = read.right;
  }
  return E.right(given as Given<P>);
};

/** What lists take besides their filters. */
export const pageOf = (given: Given<typeof paging>): PageQuery => ({
  limit: given.limit ?? DEFAULT_PAGE,
  ...(given.offset === undefined ? {} : { offset: given.offset }),
  ...(given.cursor === undefined ? {} : { cursor: given.cursor }),
});
