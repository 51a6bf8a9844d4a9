/** What is asked about tokens, as commands. */
import { Uuid, type Refusal } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { TokenQueries } from '../../queries/tokens.ts';
import type { Wish } from '../commands/callers.ts';
import type { AdminPlans, PlanWish } from '../commands/plan.ts';
import { notFound } from '../refusals.ts';
import type { AdminRequest, IssueTokenInput } from '../requests.ts';
import { hashOfToken, mintToken } from './tokenText.ts';

/** Of its text the command holds a hash; what is recorded of the request, nothing. */
export const issueWish = (input: IssueTokenInput, text: string): Wish<'token'> => ({
  request: { do: 'issueToken', input },
  address: ({ ids, commandId, confinedTo }) => {
    const { name, role, expiresAt = null } = input;
    const tenant = confinedTo ?? input.tenant;
    const tokenId = ids.derive(commandId, 'token');
    const command = { type: 'IssueAccessToken', tokenId, name, hash: hashOfToken(text), role, tenant, expiresAt };
    return E.right({ to: 'token', command, resource: { kind: 'token', id: tokenId }, tenant: tenant ?? undefined });
  },
});

/** Left for what is no id of a token. */
export const revokeWish = (tokens: Pick<TokenQueries, 'get'>, id: string, input: Extract<AdminRequest, { readonly do: 'revokeToken' }>['input']): E.Either<Refusal, Wish<'token'>> => {
  if (!Uuid.is(id)) return E.left(notFound('token', id));
  const { reason = '' } = input;
  return E.right({
    request: { do: 'revokeToken', id, input: { ...input, reason } },
    address: ({ confinedTo }) => {
      const known = tokens.get(id);
      if (known === undefined && confinedTo !== null) return E.left(notFound('token', id));
      return E.right({ to: 'token', command: { type: 'RevokeAccessToken', tokenId: id, reason }, resource: { kind: 'token', id }, tenant: known?.tenant ?? undefined });
    },
  });
};

/** The text of a planned token is nobody's. */
export const tokenPlans = (planWish: PlanWish, tokens: Pick<TokenQueries, 'get'>): Pick<AdminPlans, 'issueToken' | 'revokeToken'> => ({
  issueToken: ({ input }, options) => planWish(issueWish(input, mintToken()), options),
  revokeToken: async ({ id, input }, options) => {
    const wish = revokeWish(tokens, id, input);
    return E.isLeft(wish) ? wish : planWish(wish.right, options);
  },
});
