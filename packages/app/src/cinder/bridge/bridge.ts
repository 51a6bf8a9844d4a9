/** A driver over HTTP, for a volume service that is not written in JavaScript: one POST for each call. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as E from 'fp-ts/lib/Either.js';
import { reveal, type Secret } from '@blockledger/domain';
import { messageOf } from '../../system/thrown.ts';
import { within } from '../../system/within.ts';
import type { CinderDriver } from '../driver/contract.ts';
import { cinderError, type CinderError } from '../errors.ts';
import { listenLocally, type BridgeAddress, type BridgeError } from './listening.ts';
import { methods, type Method } from './methods.ts';

/** A call that was answered, for a log. Neither arguments nor what was returned are in it: both may hold secrets. */
export interface BridgeCall {
  readonly method: string;
  readonly status: number;
  readonly elapsedMs: number;
  /** Name and code of the exception. */
  readonly error?: string;
}

/** A bridge to be. */
export interface BridgeOptions {
  readonly driver: CinderDriver;
  /** What callers send as a bearer token; at least 16 characters. */
  readonly token: string | Secret;
  /** Told of every call. */
  readonly onCall?: (call: BridgeCall) => void;
}

/** A bridge, not yet listening. */
export interface CinderBridge {
  /** Begins to listen; the address as callers write it: `http://127.0.0.1:8057`, or `unix:/run/blockledger/cinder.sock`. */
  readonly listen: (address: BridgeAddress) => Promise<E.Either<BridgeError, string>>;
  /** Takes no more calls, and resolves when those under way are answered; after so many ms they are cut, and their work goes on. Default: an hour. */
  readonly close: (graceMs?: number) => Promise<void>;
}

/** Of a request; a connector and a volume have some hundred bytes. */
const MOST_BYTES = 65_536;
const PREFIX = '/v1/';
const HOUR_MS = 3_600_000;

const STATUS = { done: 200, malformed: 400, unauthorized: 401, notFound: 404, notAllowed: 405, tooLarge: 413, raised: 422, broken: 500 } as const;

interface Reply {
  readonly status: number;
  readonly body: { readonly result: unknown } | { readonly error: { readonly name: string; readonly code: string; readonly message: string } };
}

const failed = (status: number, { _tag, code, message }: CinderError): Reply => ({ status, body: { error: { name: _tag, code, message } } });
const refused = (status: number, code: string, message: string): Reply => failed(status, cinderError('VolumeBackendAPIException', code, message));

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The body, or undefined where it is longer than any call is. */
const textOf = async (request: IncomingMessage): Promise<string | undefined> => {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > MOST_BYTES) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
};

const parsed = (text: string): E.Either<unknown, unknown> => E.tryCatch((): unknown => JSON.parse(text), (thrown) => thrown);

const called = async (driver: CinderDriver, method: Method, request: IncomingMessage): Promise<Reply> => {
  const text = await textOf(request);
  if (text === undefined) return refused(STATUS.tooLarge, 'BodyIsTooLarge', `a call has at most ${MOST_BYTES} bytes`);
  const given = parsed(text);
  if (E.isLeft(given)) return refused(STATUS.malformed, 'BodyIsNotJson', 'the arguments are a JSON object');
  const returned = await method(driver, given.right);
  return E.isLeft(returned) ? failed(STATUS.raised, returned.left) : { status: STATUS.done, body: { result: returned.right } };
};

/** Answers one request. Nothing of it is looked at before its token. */
const answer = async ({ driver, token }: BridgeOptions, request: IncomingMessage): Promise<Reply> => {
  const [, presented = ''] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
  const known = typeof token === 'string' ? token : reveal(token);
  if (!timingSafeEqual(digest(presented), digest(known))) return refused(STATUS.unauthorized, 'Unauthorized', 'no valid token was sent');
  const name = nameIn(request);
  if (!Object.hasOwn(methods, name)) return refused(STATUS.notFound, 'MethodNotFound', 'a driver has no such method');
  if (request.method !== 'POST') return refused(STATUS.notAllowed, 'MethodNotAllowed', 'calls are sent by POST');
  return called(driver, methods[name as keyof CinderDriver], request);
};

const nameIn = ({ url = '' }: IncomingMessage): string => (url.startsWith(PREFIX) ? url.slice(PREFIX.length) : '');

const send = (response: ServerResponse, { status, body }: Reply, isClosing: boolean): void => {
  const text = JSON.stringify(body);
  // Who was let in without reading what he sends is cut off: the rest of it is not wanted.
  const isRead = status === STATUS.done || status === STATUS.raised || status === STATUS.malformed;
  const isLast = isClosing || !isRead;
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), 'cache-control': 'no-store', ...(isLast ? { connection: 'close' } : {}) }).end(text);
};

const serve = (options: BridgeOptions, isClosing: () => boolean): Server => {
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const since = performance.now();
    // A method that throws is a mistake of ours; the caller is told, and the bridge goes on.
    const reply = await answer(options, request).catch((thrown: unknown) => refused(STATUS.broken, 'InternalError', messageOf(thrown)));
    send(response, reply, isClosing());
    const method = nameIn(request);
    options.onCall?.({
      method: Object.hasOwn(methods, method) ? method : '-',
      status: reply.status,
      elapsedMs: Math.round(performance.now() - since),
      ...('error' in reply.body ? { error: `${reply.body.error.name} ${reply.body.error.code}` } : {}),
    });
  };
  return createServer((request, response) => void handle(request, response));
};

const addressOf = (server: Server, address: BridgeAddress): string => {
  if ('socket' in address) return `unix:${address.socket}`;
  const { address: ip, port, family } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${ip}]` : ip}:${port}`;
};

/**
 * A bridge: `POST /v1/{method}` with the arguments as a JSON object and the token as a bearer. 200 with `{ "result": … }`, or 422 with
 * `{ "error": { "name", "code", "message" } }`, where `name` is the exception to be raised. It listens on loopback or on a socket file alone.
 *
 * @example
 * import { apiClient } from '@blockledger/app/client';
 * import { cinderBridge, cinderDriver } from '@blockledger/app/cinder-driver';
 * const control = apiClient({ url: 'http://127.0.0.1:8056', token: 'a-token-of-the-service' });
 * const driver = cinderDriver({ control, pool: 'vols', accessPath: 'front', volumeBackendName: 'blockledger' });
 * const bridge = cinderBridge({ driver, token: 'a-token-of-the-bridge' });
 * const listening = await bridge.listen({ port: 0 });
 * listening._tag === 'Right' && listening.right.startsWith('http://127.0.0.1:'); // => true
 * await bridge.close();
 */
export const cinderBridge = (options: BridgeOptions): CinderBridge => {
  let isClosing = false;
  const server = serve(options, () => isClosing);
  return {
    listen: async (address) => E.map(() => addressOf(server, address))(await listenLocally(server, address)),
    close: async (graceMs = HOUR_MS) => {
      isClosing = true;
      const closed = new Promise<true>((resolve) => {
        server.close(() => resolve(true));
        server.closeIdleConnections();
      });
      if ((await within(graceMs, closed)) === undefined) server.closeAllConnections();
      await closed;
    },
  };
};
