/** `provider_auth`: the account by which initiators log in, in one line of Cinder's database (S1-27). */
import * as E from 'fp-ts/lib/Either.js';
import { cinderError, type CinderError } from '../errors.ts';

/** A CHAP account with its secret in the clear, for Cinder is who hands it on. It stands in answers alone: in no log, error or event. */
export interface ChapLogin {
  readonly username: string;
  readonly password: string;
}

/**
 * `CHAP {username} {password}`, or null where there is no account (S1-27).
 *
 * @example
 * import { formatProviderAuth } from '@blockledger/app/cinder-driver';
 * formatProviderAuth({ username: 'chap_user', password: 'chap_password' }); // => 'CHAP chap_user chap_password'
 * formatProviderAuth(null); // => null
 */
export const formatProviderAuth = (login: ChapLogin | null): string | null => (login === null ? null : `CHAP ${login.username} ${login.password}`);

/** What was sent is not told back: it may hold a secret. */
const astray: CinderError = cinderError('InvalidInput', 'ProviderAuthIsInvalid', 'a provider_auth is "CHAP {username} {password}", or none');

/**
 * Reads a `provider_auth` (S1-27); null and an empty text are no account. Refused as `InvalidInput` where it is none.
 *
 * @example
 * import { parseProviderAuth } from '@blockledger/app/cinder-driver';
 * const read = parseProviderAuth('CHAP chap_user chap_password');
 * read._tag === 'Right' && read.right?.username; // => 'chap_user'
 */
export const parseProviderAuth = (text: string | null): E.Either<CinderError, ChapLogin | null> => {
  if (text === null || text === '') return E.right(null);
  const [method, username = '', password = '', ...rest] = text.split(' ');
  return method === 'CHAP' && username !== '' && password !== '' && rest.length === 0 ? E.right({ username, password }) : E.left(astray);
};
