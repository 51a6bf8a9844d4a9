/** The HTTPS server around a simulated array: it reads requests, lets faults happen, and answers. It decides nothing. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { assumed } from './assumed.ts';
import type { Certificate } from './certificate.ts';
import type { QsanFault, QsanRequest } from './faults.ts';
import { isLogin } from './routes.ts';

/** A request with what only the server knows. */
export interface Incoming {
  readonly request: QsanRequest;
  readonly url: string;
  readonly body: unknown;
  readonly token: string | undefined;
}

/** What goes back. */
export interface Outgoing {
  readonly status: number;
  readonly body: unknown;
}

/** What a server needs of its array. */
export interface Behind {
  /** Counts a request. */
  readonly arrived: (request: Omit<QsanRequest, 'count'>) => QsanRequest;
  /** How it went: a status, or nothing where the connection was cut. */
  readonly ended: (request: QsanRequest, status?: number) => void;
  readonly faultOf: (request: QsanRequest) => QsanFault | undefined;
  readonly latencyOf: (request: QsanRequest) => number;
  readonly perform: (incoming: Incoming) => Outgoing;
  /** Ends a token. */
  readonly revoke: (token: string | undefined) => void;
}

/** Bodies are names and numbers: more is a mistake. */
const MOST_BODY_BYTES = 65_536;

const readText = async (message: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message) {
    const part = Buffer.from(chunk as Uint8Array);
    bytes += part.length;
    if (bytes <= MOST_BODY_BYTES) chunks.push(part);
  }
  return bytes > MOST_BODY_BYTES ? '' : Buffer.concat(chunks).toString('utf8');
};

/** What is not JSON is no body: the endpoint that needs one says so. */
const parsed = (text: string): unknown => {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** A body that can be kept. */
const withoutPassword = (body: unknown): unknown => (typeof body === 'object' && body !== null && 'password' in body ? { ...body, password: '***' } : body);

const send = (response: ServerResponse, { status, body }: Outgoing): void => {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
};

const unauthorized: Outgoing = { status: assumed.tokenInvalid.code, body: assumed.tokenInvalid };
const internal: Outgoing = { status: assumed.internal.code, body: assumed.internal };

/** What is answered where a fault meets a request; nothing: the connection is cut. */
const withFault = async (incoming: Incoming, fault: QsanFault | undefined, { perform, revoke }: Behind): Promise<Outgoing | undefined> => {
  switch (fault?._tag) {
    case undefined:
      return perform(incoming);
    case 'Reset':
      return undefined;
    case 'LostReply':
      perform(incoming);
      return undefined;
    case 'Error500':
      if (fault.isDone === true) perform(incoming);
      return internal;
    case 'Expired401':
      if (isLogin({ method: incoming.request.method, url: incoming.url })) return perform(incoming);
      revoke(incoming.token);
      return unauthorized;
    case 'Slow':
      await sleep(fault.ms, undefined, { ref: false });
      return perform(incoming);
    case 'Says':
      return { status: fault.status, body: fault.body };
  }
};

const serve = async (message: IncomingMessage, response: ServerResponse, behind: Behind): Promise<void> => {
  const { method = '', url = '' } = message;
  const body = parsed(await readText(message));
  const [path = '', query = ''] = url.split('?', 2);
  const request = behind.arrived({ method, path, query, body: withoutPassword(body) });
  const [, token] = /^Bearer (\S+)$/i.exec(message.headers.authorization ?? '') ?? [];
  const fault = behind.faultOf(request);
  const latencyMs = behind.latencyOf(request);
  if (latencyMs > 0) await sleep(latencyMs, undefined, { ref: false });
  const outgoing = await withFault({ request, url, body, token }, fault, behind);
  behind.ended(request, outgoing?.status);
  if (outgoing === undefined) message.socket.destroy();
  else send(response, outgoing);
};

/** A server that listens. */
export interface Listening {
  readonly port: number;
  /** Ends it with every connection. */
  readonly stop: () => Promise<void>;
}

const listen = (server: Server, host: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve());
  });

/** Starts a server; rejects where it cannot listen. */
export const startServer = async ({ cert, key }: Certificate, { host, port }: { readonly host: string; readonly port: number }, behind: Behind): Promise<Listening> => {
  const server = createServer({ cert, key }, (message, response) => {
    // Whoever hangs up while it is read is nobody to answer.
    serve(message, response, behind).catch(() => message.socket.destroy());
  });
  await listen(server, host, port);
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
