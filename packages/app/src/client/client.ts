/** A typed client of the REST face, made from the same declarations as the service, so that they cannot drift. */
import { randomUUID } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import pRetry from 'p-retry';
import { API_ROOT, AT_LEAST_HEADER, POSITION_HEADER } from '../api/limits.ts';
import { isKeyed, type Operation, type ReplyOf, type StreamedOf } from '../api/operation.ts';
import { everyOperation, type OperationId, type Operations } from '../api/operations/index.ts';
import { PROBLEM_TYPE, type Problem } from '../api/problem.ts';
import type { AnyArguments, CallOf } from './arguments.ts';
import type { ClientFailure } from './failure.ts';
import { innermostMessageOf } from '../system/thrown.ts';
import { makeStream, type OpenStream } from './stream.ts';

/** Where the service is, and who asks. */
export interface ClientOptions {
  /** Such as `http://127.0.0.1:8056`. */
  readonly url: string;
  readonly token: string;
  /** Ends a try after so long, besides what the call itself waits for. Default 30 000 ms. */
  readonly timeoutMs?: number;
  /** Tries after the first, where the service could not be reached or asked to come again. Every one is the same request. Default 3. */
  readonly retries?: number;
  /**
   * Sees what was answered to this client, also where several services stand behind the address and the next one answers: the highest position of any
   * answer is sent along with every request. A log that was restored from a backup refuses it as `PositionNotInLog`: make another client. Default: false.
   */
  readonly readsItsWrites?: boolean;
  /** Another `fetch`, such as one with its own certificates. */
  readonly fetch?: typeof globalThis.fetch;
}

/** An answer: what the operation replies with, and its headers. */
export type Answered<R> = R & { readonly headers: Headers };

/** What an operation gives: a stream is a loop over what its events hold; anything else is answered once. */
export type GivenBy<O> = O extends { readonly kind: 'stream' } ? AsyncIterable<StreamedOf<O>> : Promise<E.Either<ClientFailure, Answered<ReplyOf<O>>>>;

/** Every operation as a method. Nothing rejects: failures are values. Only a loop over a stream that cannot go on throws `StreamFailed`. */
export type ApiClient = { readonly [Id in OperationId]: CallOf<Operations[Id], GivenBy<Operations[Id]>> };

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_RETRIES = 3;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
const MS = 1000;

const written = (value: unknown): string => {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.map(written).join(',') : JSON.stringify(value);
};

/** Texts that an address drops, however they are encoded: `/a/b/..` is `/a`, which is somebody else. */
const DROPPED = /^\.{0,2}$/;

/** Where a call goes: its path and query at the service. */
const targetOf = ({ path }: Pick<Operation, 'path'>, given: Pick<AnyArguments, 'path' | 'query'>, url: string): E.Either<ClientFailure, URL> => {
  let filled = path;
  for (const [place, name = ''] of path.matchAll(/\{(\w+)\}/g)) {
    const ref = String(given.path?.[name] ?? '');
    if (DROPPED.test(ref)) return E.left({ _tag: 'NotSent', message: `"${ref}" cannot stand for ${name} in ${path}: nothing was sent` });
    filled = filled.replace(place, () => encodeURIComponent(ref));
  }
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(given.query ?? {})) if (value !== undefined) query.set(name, written(value));
  return E.right(new URL(`${API_ROOT}${filled}${query.size === 0 ? '' : `?${query.toString()}`}`, url));
};

/** The positions that a client's calls have seen. */
interface Seen {
  /** What a call must see: what it says, or what this client has seen. */
  readonly atLeast: (given: Pick<AnyArguments, 'atLeast'>) => number | undefined;
  readonly note: (headers: Headers) => void;
}

const makeSeen = ({ readsItsWrites = false }: ClientOptions): Seen => {
  let highest: number | undefined;
  return {
    atLeast: ({ atLeast }) => (atLeast === undefined || highest === undefined ? (atLeast ?? highest) : Math.max(atLeast, highest)),
    note: (headers) => {
      const position = Number(headers.get(POSITION_HEADER) ?? Number.NaN);
      if (readsItsWrites && Number.isSafeInteger(position)) highest = Math.max(highest ?? 0, position);
    },
  };
};

const headersOf = (operation: Operation, token: string, given: AnyArguments): Headers => {
  const headers = new Headers({ authorization: `Bearer ${token}`, accept: 'application/json' });
  if (given.body !== undefined) headers.set('content-type', 'application/json');
  if (isKeyed(operation)) headers.set('idempotency-key', given.idempotencyKey ?? randomUUID());
  if (given.waitSeconds !== undefined) headers.set('prefer', `wait=${given.waitSeconds}`);
  if (given.ifMatch !== undefined) headers.set('if-match', given.ifMatch);
  if (given.atLeast !== undefined) headers.set(AT_LEAST_HEADER, String(given.atLeast));
  return headers;
};

type Any = Answered<{ readonly status: number; readonly body: unknown }>;

const parsed = (text: string): E.Either<unknown, unknown> => E.tryCatch((): unknown => (text === '' ? undefined : JSON.parse(text)), (thrown) => thrown);

const readReply = async (operation: Operation, response: Response): Promise<E.Either<ClientFailure, Any>> => {
  const { status, headers } = response;
  const body = parsed(await response.text());
  if (E.isLeft(body)) return E.left({ _tag: 'Unexpected', status, message: `the answer (${status}) is not JSON` });
  if (Object.hasOwn(operation.replies, status)) return E.right({ status, body: body.right, headers });
  if ((headers.get('content-type') ?? '').startsWith(PROBLEM_TYPE)) return E.left({ _tag: 'Refused', status, problem: body.right as Problem });
  return E.left({ _tag: 'Unexpected', status, message: `an answer with status ${status} was not expected` });
};

/** The service was not there, or asked to come again. */
class NotNow extends Error {
  readonly failure: ClientFailure;
  constructor(failure: ClientFailure) {
    super(failure._tag);
    this.failure = failure;
  }
}

const isForLater = (failure: ClientFailure): boolean => failure._tag === 'Unreachable' || (failure._tag === 'Refused' && (failure.status === 503 || failure.status === 429));

/** Reading can be repeated, and a change has its key. */
const canRepeat = ({ kind }: Operation): boolean => kind !== 'call';

const makeCall = (operation: Operation, options: ClientOptions, seen: Seen) => {
  const { url, token, timeoutMs = DEFAULT_TIMEOUT_MS, retries = DEFAULT_RETRIES, fetch = globalThis.fetch } = options;
  const send = async (target: URL, given: AnyArguments, headers: Headers): Promise<E.Either<ClientFailure, Any>> => {
    const late = AbortSignal.timeout(timeoutMs + (given.waitSeconds ?? 0) * MS);
    const signal = given.signal === undefined ? late : AbortSignal.any([late, given.signal]);
    try {
      const response = await fetch(target, { method: operation.method, headers, signal, ...(given.body === undefined ? {} : { body: JSON.stringify(given.body) }) });
      seen.note(response.headers);
      return await readReply(operation, response);
    } catch (thrown) {
      return E.left({ _tag: 'Unreachable', message: `${target.origin} does not answer: ${innermostMessageOf(thrown)}` });
    }
  };
  return async (asked: AnyArguments = {}): Promise<E.Either<ClientFailure, Any>> => {
    const target = targetOf(operation, asked, url);
    if (E.isLeft(target)) return target;
    const atLeast = seen.atLeast(asked);
    const given: AnyArguments = atLeast === undefined ? asked : { ...asked, atLeast };
    const headers = headersOf(operation, token, given);
    const attempt = async (): Promise<E.Either<ClientFailure, Any>> => {
      const answered = await send(target.right, given, headers);
      if (E.isLeft(answered) && isForLater(answered.left) && given.signal?.aborted !== true) throw new NotNow(answered.left);
      return answered;
    };
    try {
      return await pRetry(attempt, { retries: canRepeat(operation) ? retries : 0, minTimeout: FIRST_PAUSE_MS, maxTimeout: LONGEST_PAUSE_MS, randomize: true });
    } catch (thrown) {
      if (thrown instanceof NotNow) return E.left(thrown.failure);
      return E.left({ _tag: 'Unreachable', message: innermostMessageOf(thrown) });
    }
  };
};

const STREAM_TYPE = 'text/event-stream';

/** Opens a stream once. */
const makeOpen =
  (operation: Operation, { url, token, timeoutMs = DEFAULT_TIMEOUT_MS, fetch = globalThis.fetch }: ClientOptions, seen: Seen): OpenStream =>
  async (given, lastEventId, signal) => {
    const target = targetOf(operation, given, url);
    if (E.isLeft(target)) return target;
    const atLeast = seen.atLeast(given);
    const headers = headersOf(operation, token, atLeast === undefined ? given : { ...given, atLeast });
    headers.set('accept', STREAM_TYPE);
    if (lastEventId !== undefined) headers.set('last-event-id', lastEventId);
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), timeoutMs);
    try {
      const response = await fetch(target.right, { headers, signal: AbortSignal.any([signal, late.signal]) });
      if (response.ok && (response.headers.get('content-type') ?? '').startsWith(STREAM_TYPE)) return E.right(response);
      const { status } = response;
      const read = await readReply({ ...operation, replies: {} }, response);
      return E.left(E.isLeft(read) ? read.left : { _tag: 'Unexpected', status, message: `an answer with status ${status} was not expected` });
    } catch (thrown) {
      return E.left({ _tag: 'Unreachable', message: `${target.right.origin} does not answer: ${innermostMessageOf(thrown)}` });
    } finally {
      clearTimeout(timer);
    }
  };

/**
 * A client. Each try of one call carries the same `Idempotency-Key`, so repeating is safe at any moment (I-16).
 *
 * @example
 * import { controlPlane } from '@blockledger/app';
 * import { apiClient } from '@blockledger/app/client';
 * import { httpService } from '@blockledger/app/http';
 * import { memoryStore } from '@blockledger/app/memory';
 * const plane = await controlPlane({ store: memoryStore(), backends: {} });
 * const service = httpService(plane, { tokens: { me: 'secret' } });
 * const listening = await service.listen({ port: 0 });
 * const client = apiClient({ url: listening._tag === 'Right' ? listening.right : '', token: 'secret' });
 * const listed = await client.listVolumes({ query: { limit: -1 } });
 * listed._tag === 'Right' && listed.right.body.block_volumes.length; // => 0
 * await service.close();
 * await plane.close();
 */
export const apiClient = (options: ClientOptions): ApiClient => {
  const seen = makeSeen(options);
  return Object.fromEntries(everyOperation.map(([id, operation]) => [id, operation.kind === 'stream' ? makeStream({ open: makeOpen(operation, options, seen), isForLater }) : makeCall(operation, options, seen)])) as unknown as ApiClient;
};
