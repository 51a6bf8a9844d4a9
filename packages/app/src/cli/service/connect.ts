/** Which service a command speaks to, and as whom: flags go before the environment, and that before what runs here. */
import { readFileSync } from 'node:fs';
import * as E from 'fp-ts/lib/Either.js';
import type { ApiClient } from '../../client/index.ts';
import { ending, messageOf, type Ending } from '../exit.ts';
import type { Io } from '../frame/io.ts';
import { endingOf } from './failure.ts';
import { discover, nearest, type Announced } from './discovery.ts';

/** What was said about it on the command line. */
export interface Reaching {
  readonly url: string | undefined;
  readonly tokenFile: string | undefined;
}

/** A service that can be asked. */
export interface Connected {
  readonly url: string;
  readonly client: ApiClient;
}

const filled = (...texts: readonly (string | undefined)[]): string | undefined => texts.find((text) => text !== undefined && text !== '');

const NOBODY = ending('unavailable', 'no service was found', 'start one with `blockledger serve`, or name one with --url or BLOCKLEDGER_URL');
const NO_TOKEN = ending('denied', 'there is no token for this service', 'give one in BLOCKLEDGER_TOKEN, or in a file with --token-file');

const severalServices = (found: readonly Announced[]): Ending => ({
  ...ending('unavailable', 'several services of yours run here, and none of them in this folder', 'name one with --url or BLOCKLEDGER_URL'),
  details: found.map(({ url, pid, store }) => `${url}  (process ${pid}, store ${store})`),
});

const readToken = (path: string): E.Either<Ending, string> => {
  try {
    const token = readFileSync(path, 'utf8').trim();
    return token === '' ? E.left(ending('denied', `the file ${path} holds no token`)) : E.right(token);
  } catch (thrown) {
    return E.left(ending('denied', `the token cannot be read: ${messageOf(thrown)}`));
  }
};

const sameOrigin = (one: string, other: string): boolean => {
  const origin = (text: string): string => (URL.canParse(text) ? new URL(text).origin : text);
  return origin(one) === origin(other);
};

interface Chosen {
  readonly url: string;
  /** The token that the service gave its own user. */
  readonly local: string | undefined;
}

const choose = (given: string | undefined, found: readonly Announced[]): E.Either<Ending, Chosen> => {
  if (given !== undefined) {
    if (!URL.canParse(given) || !/^https?:/.test(given)) return E.left(ending('usage', `${given} is not an address: write one such as http://127.0.0.1:8056`));
    return E.right({ url: given, local: found.find(({ url }) => sameOrigin(url, given))?.token });
  }
  const one = nearest(found);
  if (one !== undefined) return E.right({ url: one.url, local: one.token });
  return E.left(found.length === 0 ? NOBODY : severalServices(found));
};

const PATIENCE_MS = 5_000;

/** Why nothing can be asked without a token: where no service answers at all, another token would not help. */
const withoutToken = async (client: ApiClient): Promise<Ending> => {
  const asked = await client.whoAmI();
  return E.isLeft(asked) && asked.left._tag !== 'Refused' ? endingOf(asked.left) : NO_TOKEN;
};

/** Where a service is, and with which token it is asked. */
export interface Reached {
  readonly url: string;
  readonly token: string | undefined;
}

/** Finds out where the service is. Nothing is asked. */
export const reach = (environment: Io['environment'], { url, tokenFile }: Reaching): E.Either<Ending, Reached> => {
  const chosen = choose(filled(url, environment['BLOCKLEDGER_URL']), discover(environment));
  if (E.isLeft(chosen)) return chosen;
  const fromFile = tokenFile === undefined ? E.right(undefined) : readToken(tokenFile);
  if (E.isLeft(fromFile)) return fromFile;
  return E.right({ url: chosen.right.url, token: filled(fromFile.right, environment['BLOCKLEDGER_TOKEN'], chosen.right.local) });
};

/** Finds the service and makes a client of it. Nothing is asked yet, unless there is no token. */
export const connect = async ({ environment }: Pick<Io, 'environment'>, reaching: Reaching): Promise<E.Either<Ending, Connected>> => {
  const reached = reach(environment, reaching);
  if (E.isLeft(reached)) return reached;
  const { url, token } = reached.right;
  const { apiClient } = await import('../../client/index.ts');
  if (token === undefined) return E.left(await withoutToken(apiClient({ url, token: '', retries: 0, timeoutMs: PATIENCE_MS })));
  return E.right({ url, client: apiClient({ url, token }) });
};
