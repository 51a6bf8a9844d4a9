/** A service whose streams are read, by a client or by a bare connection. */
import { request, type IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import { controlPlane, type ControlPlane } from '@blockledger/app';
import type { EventMessage } from '@blockledger/app/client';
import { httpService, type HttpService, type HttpServiceOptions } from '@blockledger/app/http';
import { memoryStore } from '@blockledger/app/memory';
import type { EventStore } from '@blockledger/domain';
import { fakeBackend, type FakeBackend } from './fakeBackend.ts';

export const TOKEN = 'a-token-for-tests';

export interface Served {
  readonly plane: ControlPlane;
  readonly service: HttpService;
  readonly url: string;
  readonly fake: FakeBackend;
  readonly close: () => Promise<void>;
}

/** A service that listens, over any store. Nobody is limited in how often he asks. */
export const serve = async (store: EventStore = memoryStore(), options: Partial<HttpServiceOptions> = {}): Promise<Served> => {
  const fake = fakeBackend();
  const plane = await controlPlane({ store, backends: { fake: fake.backend } });
  const service = httpService(plane, { tokens: { tester: TOKEN }, rateLimits: { perAddress: null, perPrincipal: null }, ...options, streams: { retryMs: 5, ...options.streams } });
  const url = E.getOrElse<unknown, string>(() => '')(await service.listen({ port: 0 }));
  const close = async (): Promise<void> => {
    await service.close();
    await plane.close();
  };
  return { plane, service, url, fake, close };
};

/** Takes so many positions of a loop. */
export const take = async (events: AsyncIterable<EventMessage>, count: number, seen: number[] = []): Promise<number[]> => {
  for await (const { position } of events) {
    seen.push(position);
    if (seen.length >= count) break;
  }
  return seen;
};

export interface Raw {
  readonly response: IncomingMessage;
  readonly text: () => string;
  /** Resolves when something is in the text. */
  readonly has: (part: string) => Promise<void>;
  readonly ended: Promise<void>;
  readonly cut: () => void;
}

/** Asks with a bare connection. A paused one reads nothing until it is resumed. */
export const ask = (url: string, path: string, { paused = false, token = TOKEN, headers = {} }: { readonly paused?: boolean; readonly token?: string; readonly headers?: Readonly<Record<string, string>> } = {}): Promise<Raw> =>
  new Promise((resolve, reject) => {
    const asking = request(`${url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}`, ...headers }, agent: false });
    asking.once('error', reject);
    asking.once('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      const ended = new Promise<void>((done) => {
        response.once('close', done);
        response.once('error', () => done());
      });
      const has = async (part: string): Promise<void> => {
        while (!text.includes(part)) await pause(2);
      };
      if (!paused) response.on('data', (chunk: string) => (text += chunk));
      else response.pause();
      resolve({ response, text: () => text, has, ended, cut: () => asking.destroy() });
    });
    asking.end();
  });

export const refusal = async (url: string, path: string, asking: Parameters<typeof ask>[2] = {}): Promise<{ readonly status: number; readonly tag: string; readonly limit: unknown }> => {
  const { response, text, ended } = await ask(url, path, asking);
  await ended;
  const problem = JSON.parse(text()) as { readonly type: string; readonly limit?: unknown };
  return { status: response.statusCode ?? 0, tag: problem.type.split(':').at(-1) ?? '', limit: problem.limit };
};
