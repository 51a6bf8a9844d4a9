/** Sends one request and reads the whole answer. What went wrong is told apart by whether the array may have heard it. */
import * as E from 'fp-ts/lib/Either.js';
import { type CancelSignal, reveal, type Secret } from '@blockledger/domain';
import { Agent, type Dispatcher, errors } from 'undici';
import type { Answer } from '../errors.ts';
import type { Settings } from '../options.ts';
import type { ArrayRequest, RequestBody } from '../requests.ts';

/**
 * Why there is no answer.
 * - `NotSent`: nobody heard it. `Lost`: it was sent, and may take effect.
 * - `Untrusted`: whoever is there has no certificate that is trusted; nothing was sent.
 * - `Cancelled`: we stopped it; it may take effect.
 */
export interface NoAnswer {
  readonly _tag: 'NotSent' | 'Lost' | 'Untrusted' | 'Cancelled';
  /** A word of Node or undici: `ECONNREFUSED`. */
  readonly code: string;
}

/** Answers are small: a longer one is none of the array's. */
const MOST_BYTES = 4 * 1024 * 1024;
/** Between the array's own end of idle connections, which nobody knows, and a new connection for each request. */
const KEEP_ALIVE_MS = 10_000;

/** Connections that are kept, checked against the certificate that was asked for. */
export const agentOf = ({ ca, verify, connectTimeoutMs, timeoutMs, maxConnections }: Settings): Agent =>
  new Agent({
    connections: maxConnections,
    pipelining: 1,
    keepAliveTimeout: KEEP_ALIVE_MS,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxResponseSize: MOST_BYTES,
    connect: { timeout: connectTimeoutMs, rejectUnauthorized: verify, ...(ca === undefined ? {} : { ca }) },
  });

const NOT_SENT: ReadonlySet<string> = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'ENETDOWN', 'ENOTFOUND', 'EAI_AGAIN', 'EADDRNOTAVAIL', 'UND_ERR_CONNECT_TIMEOUT']);
const UNTRUSTED = /CERT|SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET_ISSUER)|ALTNAME/;

const codeOf = (thrown: unknown): string => {
  if (typeof thrown !== 'object' || thrown === null) return 'UNKNOWN';
  // Several addresses of one name were tried: each has its own error.
  if (thrown instanceof AggregateError) return codeOf(thrown.errors[0]);
  const { code, name } = thrown as { readonly code?: unknown; readonly name?: unknown };
  return typeof code === 'string' ? code : String(name);
};

const whyOf = (thrown: unknown, signal: AbortSignal): NoAnswer => {
  const code = codeOf(thrown);
  if (signal.aborted) return { _tag: 'Cancelled', code };
  if (NOT_SENT.has(code)) return { _tag: 'NotSent', code };
  return { _tag: UNTRUSTED.test(code) ? 'Untrusted' : 'Lost', code };
};

const isSecret = (value: unknown): value is Secret => typeof value === 'object' && value !== null && '_tag' in value;

/** Secrets that the request carries, opened: to send them, and to mask them in what is answered. */
export const secretsIn = (body: RequestBody | undefined): readonly string[] => Object.values(body ?? {}).flatMap((value) => (isSecret(value) ? [reveal(value)] : []));

const wire = (body: RequestBody): string => JSON.stringify(Object.fromEntries(Object.entries(body).map(([key, value]) => [key, isSecret(value) ? reveal(value) : value])));

/** JSON, or undefined: whoever needs the body says that it cannot be read. */
const bodyOf = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

/** What a request is sent with. */
export interface Sending {
  readonly dispatcher: Dispatcher;
  readonly base: string;
  readonly token: string | undefined;
  readonly signal: AbortSignal;
  /** How long the rest of an answer may take when it has begun. */
  readonly timeoutMs: number;
}

/** The body of an answer. One that comes drop by drop is never silent for long, and would never end. */
const textOf = async ({ body }: Dispatcher.ResponseData, timeoutMs: number): Promise<string> => {
  const timer = setTimeout(() => body.destroy(new errors.BodyTimeoutError()), timeoutMs);
  try {
    return await body.text();
  } finally {
    clearTimeout(timer);
  }
};

/** Sends a request. Redirections are not followed: the password is for one array. */
export async function send({ dispatcher, base, token, signal, timeoutMs }: Sending, { method, path, body }: ArrayRequest): Promise<E.Either<NoAnswer, Answer>> {
  if (signal.aborted) return E.left({ _tag: 'Cancelled', code: 'Aborted' });
  try {
    const { origin, pathname } = new URL(base);
    const response = await dispatcher.request({
      origin,
      // Put together as text: a URL would take a name such as `..` for a way up.
      path: `${pathname}${path}`,
      method,
      signal,
      headers: {
        accept: 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: wire(body) }),
    });
    return E.right({ status: response.statusCode, body: bodyOf(await textOf(response, timeoutMs)) });
  } catch (thrown) {
    return E.left(whyOf(thrown, signal));
  }
}

/** A signal of Node that is given with any of these; `done` lets go of them. */
export const anyOf = (signals: readonly CancelSignal[]): { readonly signal: AbortSignal; readonly done: () => void } => {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  for (const signal of signals) {
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop);
  }
  return {
    signal: controller.signal,
    done: () => {
      for (const signal of signals) signal.removeEventListener('abort', stop);
    },
  };
};
