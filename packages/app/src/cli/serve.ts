/** `blockledger serve`: one process that owns a store, drives its backends and answers REST. */
import { randomBytes } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import { destination, pino, type Logger } from 'pino';
import { startControlPlane } from '../compose.ts';
import type { ControlPlane } from '../engine/controlPlane.ts';
import { httpService, type HttpService } from '../http/index.ts';
import { banner } from './banner.ts';
import { ending, type Ending } from './exit.ts';
import { loadConfig } from './loadConfig.ts';
import { openStore } from './openStore.ts';
import { registerPools } from './registerPools.ts';
import { outsideOf, settle, type ServeFlags, type Settings } from './settings.ts';

/** A service that runs. */
export interface Running {
  readonly url: string;
  readonly banner: string;
  readonly logger: Logger;
  /** Answers what was asked, hands running work back to the log, closes the store. */
  readonly stop: () => Promise<void>;
}

const TOKEN_BYTES = 24;
const makeToken = (): string => randomBytes(TOKEN_BYTES).toString('base64url');

const STDERR = 2;
/** Logs go to stderr, one JSON object a line; the screen's text goes to stdout. */
const loggerOf = (settings: Settings, level: string | undefined): Logger =>
  pino({ level: level ?? settings.config.logLevel ?? 'info', base: null }, destination({ fd: STDERR, sync: true }));

const openPlane = async (settings: Settings, logger: Logger): Promise<E.Either<Ending, ControlPlane>> => {
  const store = await openStore(settings.store);
  if (E.isLeft(store)) return store;
  const { backends, limits } = settings.config;
  const started = await startControlPlane({ store: store.right, backends, exclusive: true, logger, ...(limits === undefined ? {} : { limits }) });
  if (E.isRight(started)) return started;
  await store.right.close();
  return E.left(ending('unavailable', `the control plane does not start: ${'message' in started.left ? started.left.message : started.left._tag}`));
};

const present = async (settings: Settings, plane: ControlPlane, service: HttpService): Promise<E.Either<Ending, string>> => {
  const pools = await registerPools(plane, settings.config.pools ?? {});
  if (E.isLeft(pools)) return pools;
  const listening = await service.listen({ host: settings.host, port: settings.port });
  return E.mapLeft((error: { readonly _tag: string; readonly message: string }) =>
    error._tag === 'PortInUse' ? ending('inUse', error.message, 'give another port with --port') : ending('unavailable', error.message),
  )(listening);
};

/** Starts a service, or says why not. Whatever was opened before the reason showed is closed again. */
export const serve = async (flags: ServeFlags, environment: Readonly<Record<string, string | undefined>>): Promise<E.Either<Ending, Running>> => {
  const outside = outsideOf(flags, environment);
  if (E.isLeft(outside)) return outside;
  const loaded = await loadConfig(flags.config, outside.right.store === undefined ? {} : { store: outside.right.store });
  if (E.isLeft(loaded)) return loaded;
  const settings = settle(outside.right, loaded.right, makeToken);
  const logger = loggerOf(settings, environment['BLOCKLEDGER_LOG_LEVEL']);
  const opened = await openPlane(settings, logger);
  if (E.isLeft(opened)) return opened;
  const plane = opened.right;
  const service = httpService(plane, { tokens: settings.tokens, logger });
  const stop = async (): Promise<void> => {
    await service.close();
    await plane.close();
  };
  const url = await present(settings, plane, service);
  if (E.isLeft(url)) {
    await stop();
    return url;
  }
  return E.right({ url: url.right, banner: banner(settings, url.right, plane.pools.list({ limit: -1 }).items), logger, stop });
};
