/** The REST face over a control plane: fastify carries, `../api` says what there is, `handlers/` answer. */
import { randomUUID } from 'node:crypto';
import { Server } from 'node:https';
import { fastify, LogController, type FastifyBaseLogger, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import * as E from 'fp-ts/lib/Either.js';
import { LRUCache } from 'lru-cache';
import type { Refusal } from '@blockledger/domain';
import type { ControlPlane } from '../engine/controlPlane.ts';
import type { Principal } from '../queries/views.ts';
import { attend, type Observability } from './watching/attend.ts';
import { authenticator, insufficient } from './access/auth.ts';
import { API_ROOT, AT_LEAST_HEADER, AT_LEAST_WAIT_MS, POSITION_HEADER } from '../api/limits.ts';
import type { Operation } from '../api/operation.ts';
import { atLeastIn } from './requests/atLeast.ts';
import { acceptJson } from './requests/json.ts';
import { answer, streamFor, type Asking } from './answering.ts';
import { bodyLimitOf, DEFAULT_BODY_BYTES } from './requests/bodyLimits.ts';
import { decodeRequest } from './requests/decode.ts';
import { addDocumentation, isDocumentation } from './documentation.ts';
import { makeEntrance, unauthorized, type Entrance } from './access/entrance.ts';
import { makeDraining, type Draining } from './running/draining.ts';
import { expectedRevision, isSame, unmatched } from './requests/etag.ts';
import { optionsOf } from './requests/idempotency.ts';
import { listen, type ListenError } from './running/listen.ts';
import { DEFAULT_HOST, DEFAULT_PORT, MAX_REF_LENGTH, REQUEST_TIMEOUT_MS } from './limits.ts';
import { loggedPath } from './watching/loggedPath.ts';
import { faultOfHttp, LETS_IN, letInExpectations } from './requests/wellFormed.ts';
import { waitIn } from './requests/prefer.ts';
import { makeGates, type RateLimits } from './access/rateLimits.ts';
import { refuseService } from './refusing/refusals.ts';
import { refuse } from './refusing/refuse.ts';
import { findEntry, routes, type Route } from './router.ts';
import type { Tokens } from './access/staticTokens.ts';
import { makeStreams, type Streams } from './streams/index.ts';
import { Json } from './views/json.ts';
import type { StreamLimits } from './streams/limits.ts';
import { noTls, readCertificate, serverOptions, type Certificate, type TlsError, type TlsMaterial } from './access/tls.ts';
import { answerBrokenRequest, refusalOf } from './refusing/trouble.ts';
import { closeUnused } from './running/unusedConnections.ts';

/** What the REST face needs besides the control plane. */
export interface HttpServiceOptions {
  /** Who may ask, by name, besides the tokens that the control plane has issued. */
  readonly tokens: Tokens;
  /** How often one may ask. Default: `DEFAULT_RATE_LIMITS`. */
  readonly rateLimits?: RateLimits;
  /** Bounds of streams of events that differ from `DEFAULT_STREAM_LIMITS`. */
  readonly streams?: Partial<StreamLimits>;
  /** Longest request body of operations that say nothing of it, in bytes. Default 64 KiB. */
  readonly bodyBytes?: number;
  /** Serve HTTPS, TLS 1.2 or newer. Beyond loopback it is required. */
  readonly tls?: TlsMaterial;
  /** Addresses of reverse proxies, whose `X-Forwarded-For` is believed. Default: none is. */
  readonly trustedProxies?: readonly string[];
  /** Pino, or what looks like it. Default: no log. */
  readonly logger?: FastifyBaseLogger;
  /** Figures and traces. Default: neither. */
  readonly observability?: Observability;
}

/** Where to listen. Default: 127.0.0.1:8056 (S0-1). Port 0 takes any free one. */
export interface ListenOn {
  readonly host?: string;
  readonly port?: number;
  /** Listen beyond loopback without TLS: tokens and data go over the network as they are. */
  readonly insecure?: boolean;
}

/** A REST face, not yet listening. */
export interface HttpService {
  /** Begins to listen; the address as a URL. */
  readonly listen: (where?: ListenOn) => Promise<E.Either<ListenError, string>>;
  /** Uses another certificate from the next connection on; refused where it does not fit its key, and then the old one stays. */
  readonly renewTls: (material: TlsMaterial) => E.Either<TlsError, Certificate>;
  /**
   * The beginning of the end: requests that come from now on are refused with 503 and `Retry-After`, `/readyz` says `draining`, streams end,
   * and who waits for a task is answered with how it stands. Resolves when everything is answered that was asked before.
   */
  readonly drain: () => Promise<void>;
  /** Given when `drain` begins. */
  readonly ending: AbortSignal;
  /** Answers what was asked and takes nothing more; after `drain`, cuts what is not answered. The control plane stays open. */
  readonly close: () => Promise<void>;
  /** For what the service of an embedder adds: its own routes, `inject` in tests. */
  readonly fastify: FastifyInstance;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; set before any route runs, but for the few that anybody may ask. */
    principal: Principal | undefined;
  }
}

/** What a request says of itself besides its path, query and body. */
const askingOf = (request: FastifyRequest, principal: Principal, { method, matchable }: Operation): E.Either<Refusal, Omit<Asking, 'ending'>> => {
  const options = optionsOf(request, principal, method);
  if (E.isLeft(options)) return options;
  const revision = matchable ? expectedRevision(request.headers['if-match']) : unmatched(request.headers['if-match']);
  if (E.isLeft(revision)) return revision;
  return E.right({ principal, options: { ...options.right, ...(revision.right === undefined ? {} : { expectedRevision: revision.right }) }, waitSeconds: waitIn(request.headers['prefer']) });
};

const noSuchVerb = (route: Route, verb: string): Refusal =>
  refuseService('RouteNotFound', `${route.method} here takes a verb after a colon: ${[...route.verbs.keys()].filter((one) => one !== '').join(', ')}`, { value: verb.slice(0, 100) });

/** The control plane as a principal may see it: who has a tenant, sees that one's things only (I-12). */
type PlaneOf = (principal: Principal) => ControlPlane;

/** Tenants whose view is kept; another one's is made again. */
const KEPT_TENANTS = 1000;

const makePlaneOf = (plane: ControlPlane): PlaneOf => {
  const views = new LRUCache<string, ControlPlane>({ max: KEPT_TENANTS, memoMethod: (tenant) => plane.confinedTo(tenant) });
  return ({ tenant }) => (tenant === null ? plane : views.memo(tenant));
};

/** What every handler serves with. */
interface Serving {
  readonly planeOf: PlaneOf;
  readonly streams: Streams;
  readonly ending: AbortSignal;
}

/** What another process has written, and this caller has heard of, is waited for (I-17). */
const seesEnough = async (plane: ControlPlane, request: FastifyRequest): Promise<Refusal | undefined> => {
  const position = atLeastIn(request.headers[AT_LEAST_HEADER.toLowerCase()]);
  if (E.isLeft(position)) return position.left;
  const followed = position.right === undefined ? undefined : await plane.followed(position.right, AT_LEAST_WAIT_MS);
  return followed !== undefined && E.isLeft(followed) ? followed.left : undefined;
};

/** Carries one request to its operation and the answer back. */
const handlerOf = ({ planeOf, streams, ending }: Serving, route: Route) => async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
  const { entry, refs, verb } = findEntry(route, request.params as Readonly<Record<string, string>>);
  if (entry === undefined) return refuse(request, reply, noSuchVerb(route, verb));
  const [, operation] = entry;
  const { principal } = request;
  if (principal === undefined) return refuse(request, reply, unauthorized());
  const refusal = insufficient(principal, operation.role);
  if (refusal !== undefined) return refuse(request, reply, refusal);
  const decoded = decodeRequest(operation, { path: refs, query: request.query as Readonly<Record<string, unknown>>, body: request.body });
  if (E.isLeft(decoded)) return refuse(request, reply, decoded.left);
  const asking = askingOf(request, principal, operation);
  if (E.isLeft(asking)) return refuse(request, reply, asking.left);
  const plane = planeOf(principal);
  const unseen = await seesEnough(plane, request);
  if (unseen !== undefined) return refuse(request, reply, unseen);
  if (operation.kind === 'stream') {
    const lastEventId = request.headers['last-event-id'];
    const source = await streamFor(plane, entry[0], decoded.right, { ...asking.right, lastEventId: typeof lastEventId === 'string' ? lastEventId : undefined });
    return E.isLeft(source) ? refuse(request, reply, source.left) : streams.send({ request, reply, principal, source: source.right });
  }
  const answered = await answer(plane, entry, decoded.right, { ...asking.right, ending });
  if (E.isLeft(answered)) return refuse(request, reply, answered.left);
  const { status, body, headers = {} } = answered.right;
  void reply.headers(headers).header(POSITION_HEADER, String(Math.max(0, plane.position())));
  if (headers['etag'] !== undefined && isSame(request.headers['if-none-match'], headers['etag'])) return reply.code(304).send();
  return body instanceof Json ? reply.code(status).type(JSON_TYPE).send(body.bytes) : reply.code(status).send(body);
};

/** What is sent with objects, too. */
const JSON_TYPE = 'application/json; charset=utf-8';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** HEAD has no stream to send: one that was opened for it would have no reader, and no end. */
const hasHead = ({ method, verbs }: Route): boolean => method === 'GET' && ![...verbs.values()].some(([, { kind }]) => kind === 'stream');

/** Paths that exist answer other methods with 405 and the methods they have. */
const refuseOtherMethods = (app: FastifyInstance): void => {
  for (const path of new Set(routes.map((route) => route.path))) {
    const own = routes.filter((route) => route.path === path);
    const allowed = own.map((route) => route.method);
    const answered: readonly string[] = own.some(hasHead) ? [...allowed, 'HEAD'] : allowed;
    app.route({
      method: METHODS.filter((method) => !answered.includes(method)),
      url: path,
      handler: async (request, reply) => {
        void reply.header('allow', allowed.join(', '));
        return refuse(request, reply, refuseService('MethodNotAllowed', `${request.method} is not possible here`, { value: request.method, limit: allowed }));
      },
    });
  }
};

/** What anybody may ask. */
const OPEN: ReadonlySet<string> = new Set(['/healthz', '/readyz']);

interface ApiParts {
  readonly streams: Streams;
  readonly plane: ControlPlane;
  readonly entrance: Entrance;
  readonly draining: Draining;
  readonly bodyBytes: number;
}

/** The API: nothing of a request is looked at before its token (S0-16). */
const registerApi = (app: FastifyInstance, { plane, streams, entrance, draining, bodyBytes }: ApiParts): void => {
  app.decorateRequest('principal', undefined);
  app.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id);
    const fault = faultOfHttp(request);
    if (fault !== undefined) return refuse(request, reply, fault);
    if (OPEN.has(request.url)) return;
    const late = draining.admit(reply);
    if (late !== undefined) return refuse(request, reply, late);
    if (isDocumentation(request.routeOptions.url)) return;
    const refusal = await entrance(request, reply);
    if (refusal !== undefined) return refuse(request, reply, refusal);
  });
  const serving = { planeOf: makePlaneOf(plane), streams, ending: draining.signal };
  addDocumentation(app);
  void app.register(
    async (api) => {
      for (const route of routes) api.route({ method: route.method, url: route.path, bodyLimit: bodyLimitOf(route, bodyBytes), exposeHeadRoute: hasHead(route), handler: handlerOf(serving, route) });
      refuseOtherMethods(api);
    },
    { prefix: API_ROOT },
  );
  app.setNotFoundHandler(async (request, reply) => refuse(request, reply, refuseService('RouteNotFound', `there is nothing at ${request.method} ${pathOf(request)}`)));
};

const LONGEST_PATH = 200;
/** A path for whoever asked, without its query. */
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
export const httpService = (plane: ControlPlane, options: HttpServiceOptions): HttpService => {
  const { tokens, logger, rateLimits, bodyBytes = DEFAULT_BODY_BYTES, trustedProxies, tls } = options;
  const app: FastifyInstance = fastify({
    ...(logger === undefined ? { logger: false } : { loggerInstance: logger }),
    logController: new LogController({ disableRequestLogging: true }),
    ...(tls === undefined ? { http: LETS_IN } : { https: { ...serverOptions(tls), ...LETS_IN } }),
    bodyLimit: bodyBytes,
    ...(trustedProxies === undefined ? {} : { trustProxy: [...trustedProxies] }),
    requestTimeout: REQUEST_TIMEOUT_MS,
    // The source asks for lists with a slash at the end (S0-66).
    routerOptions: { maxParamLength: MAX_REF_LENGTH, ignoreTrailingSlash: true },
    requestIdHeader: false,
    genReqId: () => randomUUID(),
    clientErrorHandler: answerBrokenRequest,
    return503OnClosing: true,
    forceCloseConnections: 'idle',
    frameworkErrors: (error, request, reply) => {
      void reply.header('x-request-id', request.id);
      void answerBrokenPath(request, reply, error);
    },
  });
  /** A path that cannot be decoded is no way around the door. */
  const answerBrokenPath = async (request: FastifyRequest, reply: FastifyReply, error: unknown): Promise<FastifyReply> =>
    refuse(request, reply, (await entrance(request, reply)) ?? refusalOf(error));
  const entrance = makeEntrance(authenticator(tokens, plane.tokens), makeGates(app, rateLimits));
  acceptJson(app);
  letInExpectations(app);
  const draining = makeDraining();
  attend(app, { plane, ending: draining.signal, observability: options.observability ?? {} });
  app.setErrorHandler(async (error, request, reply) => {
    const refusal = refusalOf(error);
    if (refusal._tag === 'InternalError') request.log.error({ err: error }, 'a request failed inside');
    return refuse(request, reply, refusal);
  });
  app.addHook('onResponse', async (request, reply) => {
    request.log.info({ method: request.method, path: loggedPath(request), status: reply.statusCode, principal: request.principal?.name, elapsedMs: Math.round(reply.elapsedTime) }, 'answered');
  });
  const streams = makeStreams(plane, options.streams);
  draining.signal.addEventListener('abort', streams.close);
  const closeConnections = closeUnused(app.server);
  app.addHook('preClose', async () => {
    // Neither streams nor connections that were never used have an end to wait for.
    streams.close();
    closeConnections();
  });
  registerApi(app, { plane, streams, entrance, draining, bodyBytes });
  return {
    listen: ({ host = DEFAULT_HOST, port = DEFAULT_PORT, insecure = false } = {}) => listen(app, { host, port, insecure, hasTls: tls !== undefined }),
    renewTls: (material) => {
      const certificate = tls === undefined ? E.left(noTls) : readCertificate(material);
      if (E.isRight(certificate) && app.server instanceof Server) app.server.setSecureContext(serverOptions(material));
      return certificate;
    },
    drain: draining.begin,
    ending: draining.signal,
    close: async () => {
      const closed = app.close();
      // There was time to answer: what is open still has lost it, or its reader has.
      if (draining.signal.aborted) app.server.closeAllConnections();
      await closed;
    },
    fastify: app,
  };
};
