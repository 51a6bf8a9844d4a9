/** `blockledger serve`: one process that owns a store, drives its backends and answers REST. */
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import type { SecretStore } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { Logger } from 'pino';
import { startControlPlane } from '../compose.ts';
import type { ControlPlane, DrainReport } from '../engine/controlPlane.ts';
import { httpService, type HttpService, type HttpServiceOptions, type ListenError } from '../http/index.ts';
import { isLoopback } from '../http/access/loopback.ts';
import { isLogLevel, LOG_LEVELS, serviceLogger } from '../logging/index.ts';
import { fileSecretStore } from '../secrets/index.ts';
import { banner } from './banner.ts';
import type { ServiceConfig } from './config.ts';
import { LOCAL_TOKEN } from './configAccess.ts';
import { ending, type Ending } from './exit.ts';
import { loadConfig } from './loadConfig.ts';
import { openStore } from './openStore.ts';
import { registerHosts } from './registerHosts.ts';
import { registerPools } from './registerPools.ts';
import { announce } from './service/discovery.ts';
import { givenPath } from './store/place.ts';
import { outsideOf, settle, type Outside, type ServeFlags, type Settings } from './settings.ts';
import { openTls, renewTls, tellCertificate } from './serveTls.ts';
import { stopInOrder } from './stopping.ts';
import { SERVICE_ROUNDS, watchService, type Watching } from './watching.ts';

/** A service that runs. */
export interface Running {
  readonly url: string;
  readonly banner: string;
  readonly logger: Logger;
  /** Reads the certificates again; absent without TLS. */
  readonly renewTls?: () => void;
  /** Answers what was asked, hands running work back to the log, closes the store. */
  readonly stop: () => Promise<DrainReport>;
}

const TOKEN_BYTES = 24;
const makeToken = (): string => randomBytes(TOKEN_BYTES).toString('base64url');

/** Logs go to stderr, one JSON object a line; the screen's text goes to stdout. */
const loggerOf = (settings: Settings, level: string | undefined): E.Either<Ending, Logger> => {
  const wanted = level === undefined || level === '' ? (settings.config.logLevel ?? 'info') : level;
  if (isLogLevel(wanted)) return E.right(serviceLogger(wanted));
  return E.left(ending('usage', `BLOCKLEDGER_LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}`));
};

/** Secrets stand beside the store; where the store is in memory, so are they. EventStoreDB has no place beside it on this machine. */
const secretsOf = ({ config, store }: Settings, key: string | undefined): E.Either<Ending, { readonly secrets?: SecretStore }> => {
  if (store.is === 'memory') return E.right({});
  const { path = store.is === 'file' ? `${store.path}.secrets` : undefined, keyFile } = config.secrets ?? {};
  if (path === undefined) return E.left(ending('config', 'secrets.path is not said, and beside a store in EventStoreDB there is no place for secrets', "say where they are kept: secrets: { path: '/var/lib/blockledger/secrets' }"));
  return E.right({ secrets: fileSecretStore({ path, ...(keyFile === undefined ? {} : { keyFile }), ...(key === undefined || key === '' ? {} : { key }) }) });
};

interface Opening {
  readonly settings: Settings;
  readonly logger: Logger;
  readonly watching: Watching;
  readonly secretKey: string | undefined;
}

const openPlane = async ({ settings, logger, watching: { observers }, secretKey }: Opening): Promise<E.Either<Ending, ControlPlane>> => {
  const secrets = secretsOf(settings, secretKey);
  if (E.isLeft(secrets)) return secrets;
  const store = await openStore(settings.store);
  if (E.isLeft(store)) return store;
  const { backends, targets = {}, vips = {}, limits, webhooks = {} } = settings.config;
  const started = await startControlPlane({ store: store.right, backends, targets, vips, exclusive: settings.store.is !== 'eventStoreDb', logger, observers, webhooks, ...secrets.right, limits: { ...SERVICE_ROUNDS, ...limits } });
  if (E.isRight(started)) return started;
  await store.right.close();
  return E.left(ending('unavailable', `the control plane does not start: ${'message' in started.left ? started.left.message : started.left._tag}`));
};

const present = async (settings: Settings, plane: ControlPlane, service: HttpService): Promise<E.Either<Ending, string>> => {
  const pools = await registerPools(plane, settings.config.pools ?? {});
  if (E.isLeft(pools)) return pools;
  const hosts = await registerHosts(plane, settings.config.hosts ?? {});
  if (E.isLeft(hosts)) return hosts;
  const { insecure = false } = settings.config.listen ?? {};
  return E.mapLeft(explain)(await service.listen({ host: settings.host, port: settings.port, insecure }));
};

const explain = ({ _tag, message }: ListenError): Ending => {
  switch (_tag) {
    case 'PortInUse':
      return ending('inUse', message, 'give another port with --port');
    case 'TlsIsRequired':
      return ending('config', message, 'give listen.tls a certificate and a key, or say listen.insecure: true');
    case 'CannotListen':
      return ending('unavailable', message);
  }
};

/** What the configuration says of the REST face. */
const optionsOf = ({ config, tokens }: Settings): HttpServiceOptions => {
  const { bodyBytes, ...rateLimits } = config.requestLimits ?? {};
  const { trustedProxies } = config.listen ?? {};
  return { tokens, rateLimits, ...(config.streams === undefined ? {} : { streams: config.streams }), ...(bodyBytes === undefined ? {} : { bodyBytes }), ...(trustedProxies === undefined ? {} : { trustedProxies }) };
};

type Environment = Readonly<Record<string, string | undefined>>;

/** Starts a service of a file that is loaded. Whatever was opened before the reason showed is closed again. */
const serveLoaded = async (config: ServiceConfig, outside: Outside, environment: Environment): Promise<E.Either<Ending, Running>> => {
  const settled = settle(outside, config, makeToken);
  if (E.isLeft(settled)) return settled;
  const settings = settled.right;
  const made = loggerOf(settings, environment['BLOCKLEDGER_LOG_LEVEL']);
  if (E.isLeft(made)) return made;
  const logger = made.right;
  const tls = openTls(settings);
  if (E.isLeft(tls)) return tls;
  const watching = await watchService(settings.config, logger);
  const opened = await openPlane({ settings, logger, watching, secretKey: environment['BLOCKLEDGER_SECRET_KEY'] });
  if (E.isLeft(opened)) return opened;
  const plane = opened.right;
  const local = makeToken();
  const { observability } = watching;
  const service = httpService(plane, { ...optionsOf({ ...settings, tokens: { ...settings.tokens, [LOCAL_TOKEN]: local } }), logger, observability, ...(tls.right === undefined ? {} : { tls: tls.right.material }) });
  let withdraw = (): void => undefined;
  let closePort = (): Promise<void> => Promise.resolve();
  const stop = async (): Promise<void> => {
    withdraw();
    await Promise.all([service.close(), closePort(), plane.close()]);
  };
  const port = await watching.openPort(plane, service.ending);
  if (E.isLeft(port)) {
    await stop();
    return port;
  }
  closePort = port.right;
  const url = await present(settings, plane, service);
  if (E.isLeft(url)) {
    await stop();
    return url;
  }
  if (tls.right !== undefined) tellCertificate(logger, tls.right.certificate, observability);
  else if (!isLoopback(settings.host)) logger.warn({ host: settings.host }, 'this service listens beyond loopback without TLS');
  const announced = announce({ url: url.right, token: local, store: settings.store.is === 'file' ? resolve(settings.store.path) : settings.store.shown }, environment);
  if (E.isRight(announced)) withdraw = announced.right;
  else logger.warn({ reason: announced.left }, 'commands do not find this service by themselves');
  const known = { pools: plane.pools.list({ limit: -1 }).items, hosts: plane.hosts.list({ limit: -1 }).items };
  const renewal = tls.right === undefined ? {} : { renewTls: () => renewTls({ settings, service, logger, observability }) };
  return E.right({ ...renewal, url: url.right, banner: banner(settings, url.right, known), logger, stop: () => stopInOrder({ service, plane, stop, settings }) });
};

/** However the end goes, what the file has started ends, too. */
const stopAndClose = async ({ stop }: Running, close: () => Promise<void>): Promise<DrainReport> => {
  try {
    return await stop();
  } finally {
    await close();
  }
};

/** Starts a service, or says why not. What the file itself has started ends last. */
export const serve = async (flags: ServeFlags, environment: Environment): Promise<E.Either<Ending, Running>> => {
  const outside = outsideOf(flags, environment);
  if (E.isLeft(outside)) return outside;
  const { store } = outside.right;
  const loaded = await loadConfig(flags.config, givenPath(store));
  if (E.isLeft(loaded)) return loaded;
  const close = async (): Promise<void> => {
    await loaded.right.close?.();
  };
  const served = await serveLoaded(loaded.right, outside.right, environment);
  if (E.isLeft(served)) await close();
  return E.map((running: Running) => ({ ...running, stop: () => stopAndClose(running, close) }))(served);
};
