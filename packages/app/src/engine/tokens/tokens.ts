/** The tokens of the library face: issued with a text that is shown once, revoked for good, looked up in memory. */
import { Uuid, type Refusal } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { TokenQueries } from '../../queries/tokens.ts';
import type { TokenView } from '../../queries/views.ts';
import type { Asks } from '../commands/callers.ts';
import type { AccessTokens } from '../controlPlane.ts';
import { refuseEngine } from '../refusals.ts';
import { hashOfToken, mintToken } from './tokenText.ts';

export interface TokenParts {
  readonly callers: Pick<Asks, 'carry'>;
  readonly tokens: TokenQueries;
  readonly closing: AbortSignal;
}

const notFound = (id: string): Refusal => refuseEngine('TokenNotFound', `there is no token ${id}`, { value: id });
const closed = (): Refusal => refuseEngine('PlaneIsClosed', 'the control plane was closed');

export const makeAccessTokens = ({ callers, tokens, closing }: TokenParts): AccessTokens => {
  const viewOf = (id: string): E.Either<Refusal, TokenView> => E.fromNullable(notFound(id))(tokens.get(id));

  return {
    get: tokens.get,
    list: tokens.list,
    page: tokens.page,
    verify: (presented) => tokens.verify(presented),
    onRevoked: tokens.onRevoked,
    issue: async (input, options = {}) => {
      if (closing.aborted) return E.left(closed());
      const text = mintToken();
      const issued = await callers.carry(
        {
          request: { do: 'issueToken', input },
          address: ({ ids, commandId, confinedTo }) => {
            const { name, role, expiresAt = null } = input;
            const tenant = confinedTo ?? input.tenant;
            const tokenId = ids.derive(commandId, 'token');
            const command = { type: 'IssueAccessToken', tokenId, name, hash: hashOfToken(text), role, tenant, expiresAt };
            return E.right({ to: 'token', command, resource: { kind: 'token', id: tokenId }, tenant: tenant ?? undefined });
          },
        },
        options,
      );
      if (E.isLeft(issued)) return issued;
      const { id } = issued.right.addressed.resource;
      if (issued.right.executed.repeated) {
        // Its text is gone, and another one for the same request would be a second key to the same door.
        return E.left(refuseEngine('TokenIsShownOnce', `token ${id} was issued before by this very request, and its text was shown then`, { value: id }));
      }
      return E.map((view: TokenView) => ({ token: text, view }))(viewOf(id));
    },
    revoke: async (id, { reason = '' } = {}, options = {}) => {
      if (closing.aborted) return E.left(closed());
      if (!Uuid.is(id)) return E.left(notFound(id));
      const revoked = await callers.carry(
        {
          request: { do: 'revokeToken', id, input: { reason } },
          address: ({ confinedTo }) => {
            const known = tokens.get(id);
            if (known === undefined && confinedTo !== null) return E.left(notFound(id));
            return E.right({ to: 'token', command: { type: 'RevokeAccessToken', tokenId: id, reason }, resource: { kind: 'token', id }, tenant: known?.tenant ?? undefined });
          },
        },
        options,
      );
      return E.isLeft(revoked) ? revoked : viewOf(id);
    },
  };
};
