/** CHAP accounts: what users and secrets may look like. A decision never sees a secret, only what the engine found out about it. */

/** Fewest characters of a secret, as arrays and gateways ask for it. */
export const MIN_CHAP_SECRET = 12;
/** Most characters of a secret. */
export const MAX_CHAP_SECRET = 16;
/** Fewest characters of a user. */
export const MIN_CHAP_USER = 8;
/** Most characters of a user. */
export const MAX_CHAP_USER = 64;

const USER = /^[\w.:@-]+$/;

/**
 * What the engine found out about a secret: how long it is, whether all of its characters are allowed (letters, digits, `@`, `-`, `_`, `/`), and a
 * keyed fingerprint, which is the same for the same secret and tells nothing of it.
 */
export interface ChapSecretFacts {
  readonly length: number;
  readonly plain: boolean;
  readonly fingerprint: string;
}

/**
 * Why an account is not allowed, or nothing. `secret` is null where the secret store does not have it.
 *
 * @example
 * import { chapFault } from '@blockledger/domain';
 * chapFault('1qaz2wsx3edc', { length: 12, plain: true, fingerprint: 'f' }); // => undefined
 * chapFault('1qaz2wsx3edc', { length: 8, plain: true, fingerprint: 'f' }); // => 'its secret has 8 characters, 12 to 16 are allowed'
 */
export const chapFault = (user: string, secret: ChapSecretFacts | null): string | undefined => {
  if (user.length < MIN_CHAP_USER || user.length > MAX_CHAP_USER) return `its user has ${user.length} characters, ${MIN_CHAP_USER} to ${MAX_CHAP_USER} are allowed`;
  if (!USER.test(user)) return 'its user has characters other than letters, digits and . : @ _ -';
  if (secret === null) return 'the secret store does not have its secret';
  if (secret.length < MIN_CHAP_SECRET || secret.length > MAX_CHAP_SECRET) return `its secret has ${secret.length} characters, ${MIN_CHAP_SECRET} to ${MAX_CHAP_SECRET} are allowed`;
  return secret.plain ? undefined : 'its secret has characters other than letters, digits and @ - _ /';
};
