/** From what was sent to what an operation takes, or the first mistake in it. */
import * as E from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import { ClosedType, firstFault } from '../../api/closed.ts';
import { pathNames, type Operation } from '../../api/operation.ts';
import { refParameter } from '../../api/parameters.ts';
import { readQuery } from './query.ts';
import { refuseService, type ServiceRefusal } from '../refusing/refusals.ts';

type Decoded<A> = E.Either<ServiceRefusal, A>;

const inPath = refParameter('');

/** The references of a path, each an integer or a UUID unless it is said otherwise. */
const decodePath = ({ path, params = {} }: Operation, texts: readonly string[]): Decoded<Readonly<Record<string, unknown>>> => {
  const refs: Record<string, unknown> = {};
  for (const [index, name] of pathNames(path).entries()) {
    const text = texts[index] ?? '';
    const read = (params[name] ?? inPath).read(text);
    if (E.isLeft(read)) return E.left(refuseService('ParameterIsInvalid', `the ${params[name] === undefined ? 'id' : name} in the path ${read.left}`, { value: text.slice(0, 100) }));
    refs[name] = read.right;
  }
  return E.right(refs);
};

const wanted = (codec: t.Type<unknown, unknown>): string => (codec instanceof ClosedType ? Object.keys(codec.required as object).join(', ') : codec.name);

const isEmpty = (body: unknown): boolean => body === undefined || body === null;

/** The body. Where none is taken, `{}` is as good as none: some clients always send one. */
const decodeBody = ({ body: codec }: Operation, body: unknown): Decoded<unknown> => {
  if (codec === undefined) {
    const isNothing = isEmpty(body) || (typeof body === 'object' && body !== null && Object.keys(body).length === 0);
    return isNothing ? E.right(undefined) : E.left(refuseService('FieldIsInvalid', 'this request takes no body'));
  }
  if (isEmpty(body)) return E.left(refuseService('FieldIsInvalid', `the body is missing: it holds ${wanted(codec)}`, { value: wanted(codec) }));
  const decoded = codec.decode(body);
  if (E.isRight(decoded)) return decoded;
  const { path, reason, value } = firstFault(decoded.left);
  return E.left(refuseService('FieldIsInvalid', `${path === '' ? 'the body' : path} ${reason}`, value === undefined ? {} : { value }));
};

/** What arrived: the texts of the path's names in order, the query as it was parsed, the body as JSON. */
export interface Arrived {
  readonly path: readonly string[];
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

export interface DecodedRequest {
  readonly path: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** Path, query and body by the operation's own declaration; the first mistake is the answer. */
export const decodeRequest = (operation: Operation, arrived: Arrived): Decoded<DecodedRequest> => {
  const path = decodePath(operation, arrived.path);
  if (E.isLeft(path)) return path;
  const query = readQuery(operation.query, arrived.query);
  if (E.isLeft(query)) return query;
  const body = decodeBody(operation, arrived.body);
  return E.isLeft(body) ? body : E.right({ path: path.right, query: query.right, body: body.right });
};
