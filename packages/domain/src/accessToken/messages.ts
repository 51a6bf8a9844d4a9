/** Everything an access token can be told and everything that can have happened to it. The secret itself is in neither: only its hash comes this far. */
import * as t from 'io-ts';
import { orNull } from '../kernel/nullable.ts';
import { TokenId } from '../kernel/ids.ts';
import { TimestampMs } from '../kernel/quantities.ts';
import { tagged } from '../kernel/tagged.ts';

/** What tells `TokenHash` from any other text, for the compiler only. */
export interface TokenHashBrand {
  readonly TokenHash: unique symbol;
}

/** SHA-256 of the token's text as 64 lower-case hex digits. The text has at least 192 random bits, so no slow hash is needed. */
export type TokenHash = t.Branded<string, TokenHashBrand>;
/** The codec of `TokenHash`: 64 hex digits in lower case. */
export const TokenHash = t.brand(t.string, (s): s is TokenHash => /^[0-9a-f]{64}$/.test(s), 'TokenHash');

/** `reader` looks, `operator` changes volumes, snapshots and tasks, `admin` also pools, tokens and what concerns the whole service. */
export const Role = t.keyof({ reader: null, operator: null, admin: null }, 'Role');
/** A value of the codec `Role`. */
export type Role = t.TypeOf<typeof Role>;

const id = { tokenId: TokenId };
/** Null: every tenant. */
const TenantOrAll = orNull(t.string);

/** Everything that an access token can be told (S0-11, S0-16). */
export const TokenCommand = tagged('TokenCommand', {
  /** Two tokens may have one name: so one is replaced by the other without a gap. `expiresAt` null: it lives until it is revoked. */
  IssueAccessToken: { ...id, name: t.string, hash: TokenHash, role: Role, tenant: TenantOrAll, expiresAt: orNull(TimestampMs) },
  /** Ends a token for good, an expired one too. Saying it again changes nothing. */
  RevokeAccessToken: { ...id, reason: t.string },
});
/** A value of the codec `TokenCommand`. */
export type TokenCommand = t.TypeOf<typeof TokenCommand>;

const TokenEventTable = {
  AccessTokenIssued: { ...id, name: t.string, hash: TokenHash, role: Role, tenant: TenantOrAll, expiresAt: orNull(TimestampMs), issuedBy: t.string, at: TimestampMs },
  AccessTokenRevoked: { reason: t.string, revokedBy: t.string, at: TimestampMs },
} as const;
/** Everything that can have happened to an access token, as it is stored; docs/events.md lists the fields. */
export const TokenEvent = tagged('TokenEvent', TokenEventTable);
/** A value of the codec `TokenEvent`. */
export type TokenEvent = t.TypeOf<typeof TokenEvent>;

/**
 * The stream of an access token.
 *
 * @example
 * import { tokenStream, type TokenId } from '@blockledger/domain';
 * tokenStream('0b9d7a3e-0000-4000-8000-000000000001' as TokenId).startsWith('token-'); // => true
 */
export const tokenStream = (tokenId: TokenId): string => `token-${tokenId}`;
