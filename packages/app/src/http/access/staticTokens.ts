/** Tokens that stand in a configuration: valid without the log, for the first start and for services that have no other. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { reveal, type Role, type Secret } from '@blockledger/domain';
import type { Principal } from '../../queries/views.ts';

/** What a token of the configuration says besides its text. */
export interface StaticGrant {
  readonly role: Role;
  /** Null or left out: all tenants. */
  readonly tenant?: string | null;
  /** The first moment at which it is worth nothing, as ISO 8601: `2030-01-31T00:00:00Z`. Left out: never. */
  readonly expiresAt?: string;
}

/** A token of the configuration: its text alone (role `admin`, all tenants), or its text or the SHA-256 of it (64 hex digits) with what it may. */
export type StaticToken = string | Secret | (StaticGrant & ({ readonly token: string | Secret } | { readonly tokenSha256: string }));

/** Tokens by the name of who has them; the name becomes the principal `token:<name>`. */
export type Tokens = Readonly<Record<string, StaticToken>>;

interface Known {
  readonly principal: Principal;
  readonly hash: Buffer;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const textOf = (token: string | Secret): string => (typeof token === 'string' ? token : reveal(token));
const isSecret = (token: StaticToken): token is Secret => typeof token === 'object' && '_tag' in token;

const knownOf = (name: string, given: StaticToken): Known => {
  const principal = { name: `token:${name}`, tokenId: null, expiresAt: null };
  if (typeof given === 'string' || isSecret(given)) return { principal: { ...principal, role: 'admin', tenant: null }, hash: digest(textOf(given)) };
  const { role, tenant = null, expiresAt } = given;
  const hash = 'token' in given ? digest(textOf(given.token)) : Buffer.from(given.tokenSha256, 'hex');
  return { principal: { ...principal, role, tenant, expiresAt: expiresAt === undefined ? null : Date.parse(expiresAt) }, hash };
};

const HASH_BYTES = 32;

/** Who a presented text is. All tokens are compared, by their hashes, so that the time does not tell how much of one was right. */
export const staticTokens = (tokens: Tokens, nowMs: () => number): ((presented: string) => Principal | undefined) => {
  // A hash that is none, or an end that is no moment, lets nobody in.
  const known = Object.entries(tokens)
    .map(([name, given]) => knownOf(name, given))
    .filter(({ hash, principal }) => hash.length === HASH_BYTES && !Number.isNaN(principal.expiresAt));
  return (presented) => {
    const hash = digest(presented);
    let found: Principal | undefined;
    for (const one of known) if (timingSafeEqual(one.hash, hash)) found = one.principal;
    return found !== undefined && nowMs() < (found.expiresAt ?? Infinity) ? found : undefined;
  };
};
