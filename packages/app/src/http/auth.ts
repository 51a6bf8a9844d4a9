/** Who asks: the token is checked before anything else is looked at (S0-16), and is read from headers only. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Tokens by the name of who has them; the name becomes the principal `token:<name>`. */
export type Tokens = Readonly<Record<string, string>>;

/** The principal of a request, or undefined for nobody we know. */
export type Authenticate = (headers: IncomingHttpHeaders) => string | undefined;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The source's header goes first (S0-11); a URL may end in logs and histories, so `?token=` is not read. */
const presented = (headers: IncomingHttpHeaders): string | undefined => {
  const own = headers['xms-auth-token'];
  if (typeof own === 'string') return own;
  return /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
};

/**
 * Checks tokens in a time that does not tell how much of one was right: all are compared, by their hashes.
 *
 * @example
 * import { authenticator } from '@blockledger/app/http';
 * authenticator({ ci: 'secret' })({ authorization: 'Bearer secret' }); // => 'token:ci'
 */
export const authenticator = (tokens: Tokens): Authenticate => {
  const known = Object.entries(tokens).map(([name, token]) => ({ principal: `token:${name}`, hash: digest(token) }));
  return (headers) => {
    const token = presented(headers);
    if (token === undefined) return undefined;
    const hash = digest(token);
    let principal: string | undefined;
    for (const one of known) if (timingSafeEqual(one.hash, hash)) principal = one.principal;
    return principal;
  };
};
