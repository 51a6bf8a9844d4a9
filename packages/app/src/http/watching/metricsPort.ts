/** A port of its own for machines that look: `/metrics`, `/healthz`, `/readyz`, without a token. Whoever opens it says who may reach it. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as E from 'fp-ts/lib/Either.js';
import type { ControlPlane } from '../../engine/controlPlane.ts';
import type { Metrics } from '../../metrics/prometheus.ts';
import { explainListening, type ListenError } from '../running/listen.ts';
import { healthPage, readyPage, type StatusPage } from './pages.ts';

/** A port that answers. */
export interface MetricsPort {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Where to listen, and what tells that the service behind it is about to end. */
export interface MetricsPortOptions {
  readonly host: string;
  readonly port: number;
  /** Given when the end begins: the service is not ready from then on. */
  readonly ending: AbortSignal;
}

interface Page {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const json = ({ status, body }: StatusPage): Page => ({ status, type: 'application/json; charset=utf-8', body: JSON.stringify(body) });

/** What is shown. */
interface Shown {
  readonly plane: ControlPlane;
  readonly metrics: Metrics;
  readonly ending: AbortSignal;
}

const pageOf = async (path: string, { plane, metrics, ending }: Shown): Promise<Page> => {
  switch (path) {
    case '/metrics': {
      const { contentType, body } = await metrics.scrape(plane);
      return { status: 200, type: contentType, body };
    }
    case '/healthz':
      return json(healthPage(plane));
    case '/readyz':
      return json(await readyPage({ plane, ending, verbose: false }));
    default:
      return json({ status: 404, body: { status: 'there is /metrics, /healthz and /readyz' } });
  }
};

const listening = (server: Server, host: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });

/** Opens the port. Only GET and HEAD are answered. */
export const openMetricsPort = async (plane: ControlPlane, metrics: Metrics, { host, port, ending }: MetricsPortOptions): Promise<E.Either<ListenError, MetricsPort>> => {
  const server = createServer((request, response) => {
    const answer = ({ status, type, body }: Page): void => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
      response.end(request.method === 'HEAD' ? undefined : body);
    };
    if (request.method !== 'GET' && request.method !== 'HEAD') return answer(json({ status: 405, body: { status: 'only GET' } }));
    pageOf((request.url ?? '').split('?')[0] ?? '', { plane, metrics, ending }).then(answer, () => answer(json({ status: 500, body: { status: 'the page could not be made' } })));
  });
  try {
    await listening(server, host, port);
  } catch (thrown) {
    return E.left(explainListening(thrown, host, port));
  }
  const { address, family, port: actual } = server.address() as AddressInfo;
  return E.right({
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${actual}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
};
