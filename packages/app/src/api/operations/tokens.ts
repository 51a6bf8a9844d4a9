/** `/tokens` and `/whoami`. */
import * as t from 'io-ts';
import { PagingBody } from '../bodies/common.ts';
import { NewToken, PrincipalBody, ROLES, TOKEN_STATUSES, TokenBody } from '../bodies/token.ts';
import { closed } from '../closed.ts';
import { Text } from '../fields.ts';
import { immediate, read } from '../operation.ts';
import { anyText, oneOf, paging } from '../parameters.ts';

const tag = 'tokens';
const role = 'admin';
/** A token's own fields are few and short. */
const bodyBytes = 4096;

export const tokenOperations = {
  issueToken: immediate({
    method: 'POST',
    path: '/tokens',
    tag,
    role,
    bodyBytes,
    summary: 'Issue an access token',
    description:
      '`secret` is the text of the token. It is in this answer and nowhere else: the service keeps a hash of it. A repeat with the same `Idempotency-Key` shows no second one: it is refused as `TokenIsShownOnce`, which names the token.',
    example: { token: { name: 'ci', role: 'operator', tenant: 'acme', expires_at: '2030-01-31T00:00:00.000Z' } },
    body: closed({ token: NewToken }, {}),
    replies: { 201: closed({ token: TokenBody, secret: Text }, {}) },
  }),
  listTokens: read({
    path: '/tokens',
    tag,
    role,
    summary: 'List access tokens, in the order in which they were issued',
    query: {
      ...paging,
      name: anyText('Only those with exactly this name.'),
      role: oneOf('Only those with this role.', ROLES),
      tenant: anyText('Only those for this tenant.'),
      status: oneOf('Only those that stand so. Default: all but the revoked ones.', TOKEN_STATUSES),
    },
    reply: closed({ tokens: t.readonlyArray(TokenBody), paging: PagingBody }, {}),
  }),
  getToken: read({ path: '/tokens/{token}', tag, role, summary: 'Look at an access token, also at a revoked one', reply: closed({ token: TokenBody }, {}) }),
  revokeToken: immediate({
    method: 'DELETE',
    path: '/tokens/{token}',
    tag,
    role,
    summary: 'Revoke an access token, for good and at once',
    description: 'Revoking it again changes nothing: the first reason stays.',
    query: { reason: anyText('Why, for those who look later.') },
    replies: { 200: closed({ token: TokenBody }, {}) },
  }),
  whoAmI: read({ path: '/whoami', tag, summary: 'Tell whose token this is, and what it may', reply: closed({ principal: PrincipalBody }, {}) }),
} as const;
