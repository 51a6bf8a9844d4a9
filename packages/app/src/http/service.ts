/** The REST face over a control plane: fastify carries, `../api` says what there is, `handlers/` answer. */
import { randomUUID } from 'node:crypto';
import { fastify, LogController, type FastifyBaseLogger, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import * as E from 'fp-ts/lib/Either.js';
import type { Refusal } from '@blockledger/domain';
import type { ControlPlane } from '../engine/controlPlane.ts';
import { authenticator, type Authenticate, type Tokens } from './auth.ts';
import { acceptJson } from './json.ts';
import { API_ROOT } from '../api/limits.ts';
import type { Operation } from '../api/operation.ts';
import { answer, type Asking } from './answering.ts';
import { decodeRequest } from './decode.ts';
import { addDocumentation, isDocumentation } from './documentation.ts';
import { expectedRevision, isSame } from './etag.ts';
import { optionsOf } from './idempotency.ts';
import { listen, type ListenError } from './listen.ts';
import { DEFAULT_HOST, DEFAULT_PORT, MAX_BODY_BYTES, MAX_REF_LENGTH, REQUEST_TIMEOUT_MS } from './limits.ts';
import { PROBLEM_TYPE, problemOf } from './problems.ts';
import { refuseService } from './refusals.ts';
import { waitIn } from './prefer.ts';
import { findEntry, routes, type Route } from './router.ts';
import { answerBrokenRequest, refusalOf } from './trouble.ts';

/** What the REST face needs besides the control plane. */
export interface HttpServiceOptions {
  /** Who may ask, by name. With no token nobody may. */
  readonly tokens: Tokens;
  /** Pino, or what looks like it. Default: no log. */
  readonly logger?: FastifyBaseLogger;
}

/** Where to listen. Default: 127.0.0.1:8056 (S0-1). Port 0 takes any free one. */
export interface ListenOn {
  readonly host?: string;
  readonly port?: number;
}

/** A REST face, not yet listening. */
export interface HttpService {
  /** Begins to listen; the address as a URL. */
  readonly listen: (where?: ListenOn) => Promise<E.Either<ListenError, string>>;
  /** Answers what was asked and takes nothing more. The control plane stays open. */
  readonly close: () => Promise<void>;
  /** For what the service of an embedder adds: its own routes, `inject` in tests. */
  readonly fastify: FastifyInstance;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set before any route runs. */
    principal: string;
  }
}

const refuse = (request: FastifyRequest, reply: FastifyReply, refusal: Refusal): FastifyReply => {
  const problem = problemOf(refusal, request.id);
  if (problem.status === 401) void reply.header('www-authenticate', 'Bearer realm="blockledger"');
  if (problem.status === 503) void reply.header('retry-after', '1');
  return reply.code(problem.status).type(PROBLEM_TYPE).send(JSON.stringify(problem));
};

const unauthorized = (): Refusal => refuseService('Unauthorized', 'no valid token was sent');

/** What a request says of itself besides its path, query and body. */
const askingOf = (request: FastifyRequest, { method, matchable }: Operation): E.Either<Refusal, Asking> => {
  const options = optionsOf(request, method);
  if (E.isLeft(options)) return options;
  const revision = matchable ? expectedRevision(request.headers['if-match']) : E.right(undefined);
  if (E.isLeft(revision)) return revision;
  return E.right({ options: { ...options.right, ...(revision.right === undefined ? {} : { expectedRevision: revision.right }) }, waitSeconds: waitIn(request.headers['prefer']) });
};

const noSuchVerb = (route: Route, verb: string): Refusal =>
  refuseService('RouteNotFound', `${route.method} here takes a verb after a colon: ${[...route.verbs.keys()].filter((one) => one !== '').join(', ')}`, { value: verb.slice(0, 100) });

/** Carries one request to its operation and the answer back. */
const handlerOf = (plane: ControlPlane, route: Route) => async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
  const { entry, refs, verb } = findEntry(route, request.params as Readonly<Record<string, string>>);
  if (entry === undefined) return refuse(request, reply, noSuchVerb(route, verb));
  const [, operation] = entry;
  const decoded = decodeRequest(operation, { path: refs, query: request.query as Readonly<Record<string, unknown>>, body: request.body });
  if (E.isLeft(decoded)) return refuse(request, reply, decoded.left);
  const asking = askingOf(request, operation);
  if (E.isLeft(asking)) return refuse(request, reply, asking.left);
  const answered = await answer(plane, entry, decoded.right, asking.right);
  if (E.isLeft(answered)) return refuse(request, reply, answered.left);
  const { status, body, headers = {} } = answered.right;
  void reply.headers(headers);
  if (headers['etag'] !== undefined && isSame(request.headers['if-none-match'], headers['etag'])) return reply.code(304).send();
  return reply.code(status).send(body);
};

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** Paths that exist answer other methods with 405 and the methods they have. */
const refuseOtherMethods = (app: FastifyInstance): void => {
  for (const path of new Set(routes.map((route) => route.path))) {
    const allowed = routes.filter((route) => route.path === path).map((route) => route.method);
    app.route({
      method: METHODS.filter((method) => !allowed.some((one) => one === method)),
      url: path,
      handler: async (request, reply) => {
        void reply.header('allow', allowed.join(', '));
        return refuse(request, reply, refuseService('MethodNotAllowed', `${request.method} is not possible here`, { value: request.method, limit: allowed }));
      },
    });
  }
};

/** The API: nothing of a request is looked at before its token (S0-16). */
const registerApi = (app: FastifyInstance, plane: ControlPlane, authenticate: Authenticate): void => {
  app.decorateRequest('principal', '');
  app.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id);
    if (request.url === '/healthz' || isDocumentation(request.routeOptions.url)) return;
    const principal = authenticate(request.headers);
    if (principal === undefined) return refuse(request, reply, unauthorized());
    request.principal = principal;
  });
  addDocumentation(app);
  app.get('/healthz', async (_request, reply) => {
    const warnings = plane.warnings().map(({ code }) => code);
    return reply.send({ status: warnings.length === 0 ? 'ok' : 'degraded', warnings });
  });
  void app.register(
    async (api) => {
      for (const route of routes) api.route({ method: route.method, url: route.path, handler: handlerOf(plane, route) });
      refuseOtherMethods(api);
    },
    { prefix: API_ROOT },
  );
  app.setNotFoundHandler(async (request, reply) => refuse(request, reply, refuseService('RouteNotFound', `there is nothing at ${request.method} ${pathOf(request)}`)));
};

const LONGEST_PATH = 200;
/** A path for people and for the log, without its query. */
const pathOf = ({ url }: FastifyRequest): string => (url.split('?')[0] ?? '').slice(0, LONGEST_PATH);

/**
 * REST over a control plane. Closing it leaves the control plane open.
 *
 * @example
 * import { controlPlane } from '@blockledger/app';
 * import { httpService } from '@blockledger/app/http';
 * import { memoryStore } from '@blockledger/app/memory';
 * const plane = await controlPlane({ store: memoryStore(), backends: {} });
 * const service = httpService(plane, { tokens: { me: 'secret' } });
 * const listening = await service.listen({ port: 0 });
 * listening._tag === 'Right' && (await fetch(`${listening.right}/healthz`)).status; // => 200
 * await service.close();
 * await plane.close();
 */
export const httpService = (plane: ControlPlane, { tokens, logger }: HttpServiceOptions): HttpService => {
  const authenticate = authenticator(tokens);
  const app: FastifyInstance = fastify({
    ...(logger === undefined ? { logger: false } : { loggerInstance: logger }),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    routerOptions: { maxParamLength: MAX_REF_LENGTH },
    requestIdHeader: false,
    genReqId: () => randomUUID(),
    clientErrorHandler: answerBrokenRequest,
    return503OnClosing: true,
    forceCloseConnections: 'idle',
    frameworkErrors: (error, request, reply) => {
      void reply.header('x-request-id', request.id);
      void refuse(request, reply, authenticate(request.headers) === undefined ? unauthorized() : refusalOf(error));
    },
  });
  acceptJson(app);
  app.setErrorHandler(async (error, request, reply) => {
    const refusal = refusalOf(error);
    if (refusal._tag === 'InternalError') request.log.error({ err: error }, 'a request failed inside');
    return refuse(request, reply, refusal);
  });
  app.addHook('onResponse', async (request, reply) => {
    request.log.info({ method: request.method, path: pathOf(request), status: reply.statusCode, principal: request.principal, elapsedMs: Math.round(reply.elapsedTime) }, 'answered');
  });
  registerApi(app, plane, authenticate);
  return {
    listen: ({ host = DEFAULT_HOST, port = DEFAULT_PORT } = {}) => listen(app, host, port),
    close: async () => app.close(),
    fastify: app,
  };
};
