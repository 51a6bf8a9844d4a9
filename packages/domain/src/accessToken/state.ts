/** An access token as its own stream tells it: plain JSON, folded by `evolve`. */
import type { TokenId } from '../kernel/ids.ts';
import type { TimestampMs } from '../kernel/quantities.ts';
import type { Role, TokenHash } from './messages.ts';

/** What is known of an access token besides its end. */
export interface TokenFields {
  readonly tokenId: TokenId;
  readonly name: string;
  readonly hash: TokenHash;
  readonly role: Role;
  /** Null: every tenant. */
  readonly tenant: string | null;
  readonly issuedAt: TimestampMs;
  readonly issuedBy: string;
  /** The first moment at which it is worth nothing; null: never. */
  readonly expiresAt: TimestampMs | null;
}

/** Who ended a token, when and why. */
export interface Revocation {
  readonly at: TimestampMs;
  readonly by: string;
  readonly reason: string;
}

/** An access token's folded stream. `token` is null before it is issued. */
export interface TokenState {
  readonly token: TokenFields | null;
  readonly revoked: Revocation | null;
}

/** The state before the first event. */
export const noToken: TokenState = { token: null, revoked: null };

/**
 * True while a token lets its holder in: it was issued, not revoked, and its end has not come (S0-16).
 *
 * @example
 * import { isGood, noToken } from '@blockledger/domain';
 * isGood(noToken, 0); // => false
 */
export const isGood = ({ token, revoked }: TokenState, nowMs: number): boolean =>
  token !== null && revoked === null && (token.expiresAt === null || nowMs < token.expiresAt);
