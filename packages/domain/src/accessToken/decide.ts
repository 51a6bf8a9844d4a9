/** What an access token answers. */
import * as E from 'fp-ts/lib/Either.js';
import { match } from 'ts-pattern';
import type { CommandMeta } from '../kernel/envelope.ts';
import { unlessRefused } from '../kernel/rule.ts';
import type { Of } from '../kernel/tagged.ts';
import { refuseToken, type TokenRefusal } from './errors.ts';
import type { TokenCommand, TokenEvent } from './messages.ts';
import { expiryInRange, reasonFits, validTenant, validTokenName } from './rules.ts';
import type { TokenState } from './state.ts';

type Decision = E.Either<TokenRefusal, readonly TokenEvent[]>;

const issue = ({ token }: TokenState, { type: _type, ...fields }: Of<TokenCommand, 'IssueAccessToken'>, { issuedBy, issuedAt }: CommandMeta): Decision =>
  unlessRefused(
    [
      token === null ? undefined : refuseToken('TokenAlreadyExists', `token ${fields.tokenId} was issued before`, { value: fields.tokenId }),
      validTokenName(fields.name),
      validTenant(fields.tenant),
      expiryInRange(fields.expiresAt, issuedAt),
    ],
    { type: 'AccessTokenIssued', ...fields, issuedBy, at: issuedAt },
  );

const revoke = ({ token, revoked }: TokenState, { tokenId, reason }: Of<TokenCommand, 'RevokeAccessToken'>, { issuedBy, issuedAt }: CommandMeta): Decision => {
  if (token === null) return E.left(refuseToken('TokenNotFound', `there is no token ${tokenId}`, { value: tokenId }));
  // The first reason stays: revoking is what counts, and it was done.
  if (revoked !== null) return E.right([]);
  return unlessRefused([reasonFits(reason)], { type: 'AccessTokenRevoked', reason, revokedBy: issuedBy, at: issuedAt });
};

/**
 * What an access token answers to a command: the event that follows, or the refusal of the first rule that does not hold. Pure.
 * Refuses with the tags of `tokenRefusals`; revoking what is revoked is accepted without events.
 *
 * @example
 * import { decideToken, noToken, type CommandId, type TimestampMs, type TokenId } from '@blockledger/domain';
 * const meta = { commandId: '0b9d7a3e-0000-4000-8000-000000000002' as CommandId, issuedAt: 1_800_000_000_000 as TimestampMs, issuedBy: 'token:ci', tenant: 'default', correlationId: 'c-1' };
 * const decided = decideToken(noToken, { type: 'RevokeAccessToken', tokenId: '0b9d7a3e-0000-4000-8000-000000000001' as TokenId, reason: 'lost' }, meta);
 * decided._tag === 'Left' && decided.left._tag; // => 'TokenNotFound'
 */
export const decideToken = (state: TokenState, command: TokenCommand, meta: CommandMeta): E.Either<TokenRefusal, readonly TokenEvent[]> =>
  match(command)
    .with({ type: 'IssueAccessToken' }, (c) => issue(state, c, meta))
    .with({ type: 'RevokeAccessToken' }, (c) => revoke(state, c, meta))
    .exhaustive();
