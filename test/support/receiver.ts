/** A receiver of webhooks on this machine: notes what arrives and answers as it is told. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

/** A message that arrived. */
export interface Arrived {
  readonly id: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: { readonly type: string; readonly timestamp: string; readonly data: Readonly<Record<string, unknown>> };
}

/** A status, with headers and a body if wanted; or `hangUp`: the connection is cut without an answer; or `silence`: there is none. */
export type Answering = number | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string } | 'hangUp' | 'silence';

export interface Receiver {
  readonly url: string;
  readonly arrived: readonly Arrived[];
  /** What is answered from now on. The n-th message counts from 0. */
  answer: (message: Arrived, n: number) => Answering;
  /** Resolves when so many messages have arrived. */
  readonly has: (count: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** The text of a request. */
const textOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
};

const reply = (response: ServerResponse, answering: Answering): void => {
  if (answering === 'silence') return;
  if (answering === 'hangUp') return void response.destroy();
  const { status, headers = {}, body = '' } = typeof answering === 'number' ? { status: answering } : answering;
  response.writeHead(status, headers).end(body);
};

/** Begins to listen on a free port of loopback. */
export const startReceiver = async (): Promise<Receiver> => {
  const arrived: Arrived[] = [];
  const waiting = new Set<() => void>();
  const server = createServer((request, response) => {
    void (async () => {
      const text = await textOf(request);
      const message: Arrived = { id: String(request.headers['webhook-id']), headers: request.headers, text, body: JSON.parse(text) as Arrived['body'] };
      arrived.push(message);
      for (const wake of waiting) wake();
      reply(response, receiver.answer(message, arrived.length - 1));
    })();
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    arrived,
    answer: () => 204,
    has: async (count) => {
      while (arrived.length < count) {
        await new Promise<void>((resolve) => {
          waiting.add(resolve);
        });
        waiting.clear();
      }
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return receiver;
};

/** Whether the signature of a message is good, by the library of the scheme's own authors. Its clock is the real one. */
export const isSignedWith = (secret: string, { text, headers }: Pick<Arrived, 'text' | 'headers'>): boolean => {
  try {
    new Webhook(secret).verify(text, headers as Record<string, string>);
    return true;
  } catch {
    return false;
  }
};
