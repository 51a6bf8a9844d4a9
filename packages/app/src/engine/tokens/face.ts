/** Access tokens as the library face has them. */
import type { Refusal } from '@blockledger/domain';
import type { Either } from 'fp-ts/lib/Either.js';
import type { Page, PageQuery, Principal, TokenFilter, TokenView } from '../../queries/views.ts';
import type { Answer } from '../answer.ts';
import type { IssueTokenInput, RequestOptions } from '../requests.ts';

/** A token that was just issued. `token` is its text: nothing can show it again. */
export interface IssuedToken {
  readonly token: string;
  readonly view: TokenView;
}

/**
 * Who may ask (S0-11, S0-16). Of a token's text only a hash is kept; decision 8 says why tokens are events.
 */
export interface AccessTokens {
  /**
   * Makes a token. Its text begins with `blk_` and is in this answer and nowhere else. A repeat with the same command id or idempotency key
   * is refused as `TokenIsShownOnce`, naming the token that the first one made.
   */
  readonly issue: (input: IssueTokenInput, options?: RequestOptions) => Answer<IssuedToken>;
  /** Ends a token for good, at once. Revoking it again changes nothing. */
  readonly revoke: (id: string, input?: { readonly reason?: string }, options?: RequestOptions) => Answer<TokenView>;
  /** One, also a revoked one, by its UUID. */
  readonly get: (id: string) => TokenView | undefined;
  /** In the order in which they were issued; revoked ones only with `status`. */
  readonly list: (query?: PageQuery & TokenFilter) => Page<TokenView>;
  /** The same for a query from outside: `QueryIsInvalid`, `CursorIsForeign` or `StatusIsNotListed` where it is not well formed. */
  readonly page: (query?: PageQuery & TokenFilter) => Either<Refusal, Page<TokenView>>;
  /** Who a presented text is; undefined for one that is wrong, expired or revoked. Takes as long for any of them, and asks only memory. */
  readonly verify: (presented: string) => Principal | undefined;
  /** Tells of each token that is revoked, by its UUID, as soon as this process knows it; returns how to stop. Nobody is told of one that expires. */
  readonly onRevoked: (listener: (id: string) => void) => () => void;
}
