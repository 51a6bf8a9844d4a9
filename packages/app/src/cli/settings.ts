/** What was said on the command line and in the environment. Flags go before the environment, that before the file. */
import * as E from 'fp-ts/lib/Either.js';
import { DEFAULT_HOST, DEFAULT_PORT } from '../http/limits.ts';
import type { ServiceConfig } from './config.ts';
import type { Tokens } from '../http/access/staticTokens.ts';
import { ending, type Ending } from './exit.ts';

/** The flags of `serve`, as commander gives them. */
export interface ServeFlags {
  readonly config: string;
  readonly port?: string;
  readonly host?: string;
  readonly store?: string;
  readonly token?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What stands outside the file. */
export interface Outside {
  readonly port?: number;
  readonly host?: string;
  readonly store?: string;
  readonly token?: string;
}

const LAST_PORT = 65_535;

const filled = (...texts: readonly (string | undefined)[]): string | undefined => texts.find((text) => text !== undefined && text !== '');

/** Flags and environment, joined. */
export const outsideOf = (flags: ServeFlags, environment: Environment): E.Either<Ending, Outside> => {
  const [fromFlag, fromEnvironment] = [filled(flags.port), filled(environment['BLOCKLEDGER_PORT'])];
  const port = fromFlag ?? fromEnvironment;
  if (port !== undefined && (!/^\d{1,5}$/.test(port) || Number(port) > LAST_PORT)) {
    return E.left(ending('usage', `${fromFlag === undefined ? 'BLOCKLEDGER_PORT' : '--port'} must be a port from 0 to ${LAST_PORT}, not ${port.slice(0, 20)}`));
  }
  const host = filled(flags.host);
  const store = filled(flags.store, environment['BLOCKLEDGER_STORE']);
  const token = filled(flags.token, environment['BLOCKLEDGER_TOKEN']);
  return E.right({
    ...(port === undefined ? {} : { port: Number(port) }),
    ...(host === undefined ? {} : { host }),
    ...(store === undefined ? {} : { store }),
    ...(token === undefined ? {} : { token }),
  });
};

/** Everything that a service needs to know to start. */
export interface Settings {
  readonly config: ServiceConfig;
  readonly store: string;
  readonly host: string;
  readonly port: number;
  readonly tokens: Tokens;
  /** Set when nobody gave a token and one was made for this run. */
  readonly madeToken?: string;
}

/** Joins what was said outside with the file. `makeToken` is called when nobody gave one. */
export const settle = (outside: Outside, config: ServiceConfig, makeToken: () => string): Settings => {
  const settings = {
    config,
    store: outside.store ?? config.store,
    host: outside.host ?? config.listen?.host ?? DEFAULT_HOST,
    port: outside.port ?? config.listen?.port ?? DEFAULT_PORT,
  };
  if (outside.token !== undefined) return { ...settings, tokens: { operator: outside.token } };
  if (Object.keys(config.tokens ?? {}).length > 0) return { ...settings, tokens: config.tokens ?? {} };
  const madeToken = makeToken();
  return { ...settings, tokens: { operator: madeToken }, madeToken };
};
