/** The tokens of the library face: issued with a text that is shown once, revoked for good, looked up in memory. */
import type { Refusal } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { TokenQueries } from '../../queries/tokens.ts';
import type { TokenView } from '../../queries/views.ts';
import type { Asks } from '../commands/callers.ts';
import type { AccessTokens } from '../controlPlane.ts';
import { notFound, refuseEngine } from '../refusals.ts';
import { mintToken } from './tokenText.ts';
import { issueWish, revokeWish } from './wishes.ts';

export interface TokenParts {
  readonly callers: Pick<Asks, 'carry'>;
  readonly tokens: TokenQueries;
  readonly closing: AbortSignal;
}

const closed = (): Refusal => refuseEngine('PlaneIsClosed', 'the control plane was closed');

export const makeAccessTokens = ({ callers, tokens, closing }: TokenParts): AccessTokens => {
  const viewOf = (id: string): E.Either<Refusal, TokenView> => E.fromNullable(notFound('token', id))(tokens.get(id));

  return {
    get: tokens.get,
    list: tokens.list,
    page: tokens.page,
    verify: (presented) => tokens.verify(presented),
    onRevoked: tokens.onRevoked,
    issue: async (input, options = {}) => {
      if (closing.aborted) return E.left(closed());
      const text = mintToken();
      const issued = await callers.carry(issueWish(input, text), options);
      if (E.isLeft(issued)) return issued;
      const { id } = issued.right.addressed.resource;
      if (issued.right.executed.repeated) {
        // Its text is gone, and another one for the same request would be a second key to the same door.
        return E.left(refuseEngine('TokenIsShownOnce', `token ${id} was issued before by this very request, and its text was shown then`, { value: id }));
      }
      return E.map((view: TokenView) => ({ token: text, view }))(viewOf(id));
    },
    revoke: async (id, input = {}, options = {}) => {
      if (closing.aborted) return E.left(closed());
      const wish = revokeWish(tokens, id, input);
      if (E.isLeft(wish)) return wish;
      const revoked = await callers.carry(wish.right, options);
      return E.isLeft(revoked) ? revoked : viewOf(id);
    },
  };
};
