/** What accompanies each request: its correlation id and trace, figures, and the pages that machines look at. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ControlPlane } from '../../engine/controlPlane.ts';
import type { Chain } from '../../engine/watching/observer.ts';
import { logged, traced } from '../../engine/watching/observing.ts';
import { refuseConfined } from '../../engine/refusals.ts';
import { traceparentOf } from '../../engine/watching/traceContext.ts';
import type { Metrics } from '../../metrics/prometheus.ts';
import type { Tracing } from '../../tracing/tracing.ts';
import { healthPage, readyPage, type StatusPage } from './pages.ts';
import { refuse } from '../refusing/refuse.ts';

/** How a service is watched. */
export interface Observability {
  /** With figures, `GET /metrics` is answered: to any token of all tenants. */
  readonly metrics?: Metrics;
  readonly tracing?: Tracing;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** What ties the request to all that it causes; set before anything else is done with it. */
    chain: Chain | undefined;
  }
}

/** Visible ASCII without blanks: it goes into events, log lines and the answer's header. */
const CORRELATION = /^[\u0021-\u007e]{1,128}$/;

const one = (header: string | readonly string[] | undefined): string | undefined => (typeof header === 'string' ? header : undefined);

const correlationOf = (request: FastifyRequest): string => {
  const given = one(request.headers['x-correlation-id']);
  return given !== undefined && CORRELATION.test(given) ? given : request.id;
};

const MS = 1_000;
/** What is counted for a caller who went away before there was an answer, as nginx does. */
const CLIENT_WENT = 499;

const NO_ROUTE = '-';

const chainOf = (request: FastifyRequest, { tracing }: Observability) => {
  const correlationId = correlationOf(request);
  const incoming = traceparentOf(one(request.headers['traceparent']));
  const watch = tracing?.http({ method: request.method, route: request.routeOptions.url, scheme: request.protocol, correlationId, ...traced(incoming) });
  return { chain: { correlationId, ...traced(watch?.traceparent ?? incoming) }, watch };
};

const accompany = (app: FastifyInstance, observability: Observability): void => {
  app.decorateRequest('chain', undefined);
  app.addHook('onRequest', async (request, reply) => {
    const { chain, watch } = chainOf(request, observability);
    request.chain = chain;
    request.log = request.log.child(logged(chain));
    void reply.header('x-correlation-id', chain.correlationId);
    // An answer that is cut off ends with this event, too.
    reply.raw.once('close', () => {
      const status = reply.raw.headersSent ? reply.raw.statusCode : CLIENT_WENT;
      watch?.ended?.(status);
      observability.metrics?.meters.http({ method: request.method, route: request.routeOptions.url ?? NO_ROUTE, status, seconds: reply.elapsedTime / MS });
    });
  });
};

const EVENT_STREAM = 'text/event-stream';

/** A stream of events is open until its connection ends. */
const countStreams = (app: FastifyInstance, { meters }: Metrics): void => {
  app.addHook('onSend', async (_request, reply) => {
    if (String(reply.getHeader('content-type') ?? '').startsWith(EVENT_STREAM)) reply.raw.once('close', meters.streamOpened());
  });
};

/** Figures speak of all tenants, so they are for those who may see all. */
const answerMetrics = (plane: ControlPlane, metrics: Metrics) => async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
  const tenant = request.principal?.tenant ?? null;
  if (tenant !== null) return refuse(request, reply, refuseConfined('GET /metrics', tenant));
  const { contentType, body } = await metrics.scrape(plane);
  return reply.type(contentType).send(body);
};

/** What is accompanied. */
export interface Attended {
  readonly plane: ControlPlane;
  /** Given when the service begins to end. */
  readonly ending: AbortSignal;
  readonly observability: Observability;
}

/** Accompanies all requests of a service, and answers `/healthz` and `/readyz`, which need no token, `/readyz?verbose`, which does, and `/metrics`. Add it before other hooks. */
export const attend = (app: FastifyInstance, { plane, ending, observability }: Attended): void => {
  accompany(app, observability);
  ending.addEventListener('abort', () => observability.metrics?.meters.draining(true), { once: true });
  const send = (reply: FastifyReply, { status, body }: StatusPage): FastifyReply => reply.code(status).header('cache-control', 'no-store').send(body);
  app.get('/healthz', async (_request, reply) => send(reply, healthPage(plane)));
  app.get('/readyz', async (request, reply) => {
    const verbose = request.principal !== undefined && request.principal.tenant === null;
    return send(reply, await readyPage({ plane, ending, verbose }));
  });
  const { metrics } = observability;
  if (metrics === undefined) return;
  countStreams(app, metrics);
  app.get('/metrics', answerMetrics(plane, metrics));
};
