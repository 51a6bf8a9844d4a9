/** What was said on the command line and in the environment. Flags go before the environment, that before the file. */
import * as E from 'fp-ts/lib/Either.js';
import { DEFAULT_HOST, DEFAULT_PORT } from '../http/limits.ts';
import type { ServiceConfig } from './config.ts';
import type { Tokens } from '../http/access/staticTokens.ts';
import { ending, type Ending } from './exit.ts';
import { placeOfStore, type StorePlace } from './store/place.ts';
import { OUTSIDE_NAME, tokensWith, type OutsideToken } from './outsideToken.ts';

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
  readonly token?: OutsideToken;
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
  const text = filled(flags.token, environment['BLOCKLEDGER_TOKEN']);
  const from = filled(flags.token) === undefined ? 'BLOCKLEDGER_TOKEN' : '--token';
  return E.right({
    ...(port === undefined ? {} : { port: Number(port) }),
    ...(host === undefined ? {} : { host }),
    ...(store === undefined ? {} : { store }),
    ...(text === undefined ? {} : { token: { text, from } }),
  });
};

/** Where a service has its store, and where it listens. */
export interface Place {
  readonly store: StorePlace;
  readonly host: string;
  readonly port: number;
}

/** Everything that a service needs to know to start. */
export interface Settings extends Place {
  readonly config: ServiceConfig;
  readonly tokens: Tokens;
  /** Where the token of `operator` was given; undefined where only the file gives tokens. */
  readonly tokenFrom?: OutsideToken['from'];
  /** Set when nobody gave a token and one was made for this run. */
  readonly madeToken?: string;
}

/** Joins what was said outside with the file, but for tokens. */
export const placeOf = (outside: Outside, config: ServiceConfig): E.Either<Ending, Place> =>
  E.map((store: StorePlace): Place => ({
    store,
    host: outside.host ?? config.listen?.host ?? DEFAULT_HOST,
    port: outside.port ?? config.listen?.port ?? DEFAULT_PORT,
  }))(placeOfStore(outside.store ?? config.store));

/** Joins what was said outside with the file. `makeToken` is called when nobody gave one. */
export const settle = (outside: Outside, config: ServiceConfig, makeToken: () => string): E.Either<Ending, Settings> => {
  const { tokens: ofFile = {} } = config;
  const place = placeOf(outside, config);
  if (E.isLeft(place)) return place;
  const settings = { config, ...place.right };
  const { token } = outside;
  if (token !== undefined) {
    return E.map((tokens: Tokens): Settings => ({ ...settings, tokens, ...(tokens === ofFile ? {} : { tokenFrom: token.from }) }))(tokensWith(token, ofFile));
  }
  if (Object.keys(ofFile).length > 0) return E.right({ ...settings, tokens: ofFile });
  const madeToken = makeToken();
  return E.right({ ...settings, tokens: { [OUTSIDE_NAME]: madeToken }, madeToken });
};
