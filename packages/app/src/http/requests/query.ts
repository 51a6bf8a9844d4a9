/** Reads query strings by the parameters of an operation. */
import * as E from 'fp-ts/lib/Either.js';
import { DEFAULT_PAGE } from '../../api/limits.ts';
import type { Given, Parameters, paging } from '../../api/parameters.ts';
import type { PageQuery } from '../../queries/views.ts';
import { refuseService, type ServiceRefusal } from '../refusing/refusals.ts';

const LONGEST = 100;
const brief = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

const invalid = (name: string, reason: string, value?: string): ServiceRefusal =>
  refuseService('ParameterIsInvalid', `the parameter ${brief(name)} ${reason}`, value === undefined ? {} : { value: brief(value) });

/** Reads a query string's parameters. Whether a cursor belongs to its list is known to the control plane. */
export const readQuery = <P extends Parameters>(parameters: P, query: Readonly<Record<string, unknown>>): E.Either<ServiceRefusal, Given<P>> => {
  const given: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(query)) {
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (parameter === undefined) return E.left(invalid(name, `is not known; known are: ${Object.keys(parameters).join(', ') || 'none'}`));
    if (typeof text !== 'string') return E.left(invalid(name, 'is given more than once'));
    const read: E.Either<string, unknown> = parameter.read(text);
    if (E.isLeft(read)) return E.left(invalid(name, read.left, text));
    given[name] = read.right;
  }
  return E.right(given as Given<P>);
};

/** What lists take besides their filters: a page, and an order. */
export const pageOf = <S>(given: Given<typeof paging> & { readonly sort?: S }): PageQuery & { readonly sort?: S } => ({
  limit: given.limit ?? DEFAULT_PAGE,
  ...(given.offset === undefined ? {} : { offset: given.offset }),
  ...(given.cursor === undefined ? {} : { cursor: given.cursor }),
  ...(given.sort === undefined ? {} : { sort: given.sort }),
});
