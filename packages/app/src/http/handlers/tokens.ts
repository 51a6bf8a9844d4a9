/** `/tokens` and `/whoami`. */
import * as E from 'fp-ts/lib/Either.js';
import type { NewToken } from '../../api/bodies/token.ts';
import { API_ROOT } from '../../api/limits.ts';
import type { tokenOperations } from '../../api/operations/tokens.ts';
import type { IssuedToken } from '../../engine/controlPlane.ts';
import { notFound, refuseConfined, type EngineRefusal } from '../../engine/refusals.ts';
import type { IssueTokenInput } from '../../engine/requests.ts';
import type { Page, Principal, TokenView } from '../../queries/views.ts';
import { pageOf } from '../requests/query.ts';
import { pagingBody } from '../views/common.ts';
import { principalBody, tokenBody } from '../views/token.ts';
import { ok, type Handled, type Handlers, type Immediate, type Reply } from './handler.ts';

/** Who sees one tenant only, issues tokens for that one only; asking for another one is a mistake, and is said to be one. */
const inputOf = ({ name, role, tenant, expires_at: expiresAt }: NewToken, principal: Principal): E.Either<EngineRefusal, IssueTokenInput> => {
  if (principal.tenant !== null && tenant !== undefined && tenant !== principal.tenant) return E.left(refuseConfined('a token for another tenant', principal.tenant));
  return E.right({ name, role, tenant: tenant === undefined ? principal.tenant : tenant, expiresAt: expiresAt === undefined || expiresAt === null ? null : Date.parse(expiresAt) });
};

/** The only answer that holds a secret: nothing on its way may keep it. */
const issuedReply = ({ token, view }: IssuedToken): Reply => ({
  status: 201,
  body: { token: tokenBody(view), secret: token },
  headers: { location: `${API_ROOT}/tokens/${view.id}`, 'cache-control': 'no-store' },
});

export const tokenHandlers: Handlers<typeof tokenOperations> = {
  issueToken: (plane, { body, options, principal }) =>
    E.map((input: IssueTokenInput): Immediate => ({ request: { do: 'issueToken', input }, run: async () => E.map(issuedReply)(await plane.tokens.issue(input, options)) }))(inputOf(body.token, principal)),
  listTokens: async (plane, { query }) => {
    const { name, role, tenant, status } = query;
    const filter = Object.fromEntries(Object.entries({ name, role, tenant, status }).filter(([, value]) => value !== undefined));
    return E.chain((page: Page<TokenView>) => ok({ tokens: page.items.map(tokenBody), paging: pagingBody(page) }))(plane.tokens.page({ ...pageOf(query), ...filter }));
  },
  getToken: async (plane, { path }) => {
    const view = plane.tokens.get(String(path.token));
    return view === undefined ? E.left(notFound('token', path.token)) : ok({ token: tokenBody(view) });
  },
  revokeToken: (plane, { path, query: { reason }, options }) => {
    const id = String(path.token);
    const input = reason === undefined ? {} : { reason };
    const run = async (): Handled => E.chain((view: TokenView) => ok({ token: tokenBody(view) }))(await plane.tokens.revoke(id, input, options));
    return E.right({ request: { do: 'revokeToken', id, input }, run });
  },
  whoAmI: async (_plane, { principal }) => ok({ principal: principalBody(principal) }),
};
