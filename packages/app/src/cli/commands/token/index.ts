/** Every `blockledger token …`. */
import * as E from 'fp-ts/lib/Either.js';
import { parseRef } from '../../../api/fields.ts';
import { ROLES, TOKEN_STATUSES, type TokenBody } from '../../../api/bodies/token.ts';
import type { ApiClient } from '../../../client/index.ts';
import { ending, type Ending } from '../../exit.ts';
import type { CliCommand } from '../../frame/command.ts';
import type { Io } from '../../frame/io.ts';
import { flag, maybe, needed } from '../../frame/parts.ts';
import { duration, oneOf, text } from '../../frame/readers.ts';
import type { Column } from '../../frame/table.ts';
import { clean, marked, wrapped } from '../../frame/text.ts';
import { showMoment } from '../../frame/time.ts';
import { confirmed, yesPart } from '../../service/confirm.ts';
import { immediately, immediateParts, planOr } from '../../service/immediate.ts';
import { namedOne } from '../../service/namedOne.ts';
import { orEnd, serviceCommand } from '../../service/serviceCommand.ts';
import { given } from '../../show/given.ts';
import { listText } from '../../show/lists.ts';
import { limitOf, pagingParts } from '../../show/paging.ts';
import { paintState } from '../../show/states.ts';

const momentOf = (io: Io, at: string | null): string => showMoment(io.screen, at === null ? null : Date.parse(at));

const tokenColumns = (io: Io): readonly Column<TokenBody>[] => [
  { title: 'NAME', cell: ({ name }) => name, elastic: true },
  { title: 'ROLE', cell: ({ role }) => role },
  { title: 'TENANT', cell: ({ tenant }) => tenant ?? 'all', elastic: true },
  { title: 'STATUS', cell: ({ status }) => status, paint: paintState(io.screen) },
  { title: 'EXPIRES', cell: ({ expires_at: at }) => momentOf(io, at) },
  { title: 'LAST USED', cell: ({ last_used_at: at }) => momentOf(io, at) },
];

const tokenIssue = serviceCommand({
  words: 'token issue',
  summary: 'Issue an access token',
  about: 'Its text is printed on stdout, once, and nowhere else: the service keeps a hash of it.',
  shows: 'report',
  takes: { name: needed('<name>', 'who has it', text) },
  options: {
    role: needed('--role <role>', 'reader, operator or admin', oneOf(...ROLES)),
    tenant: maybe('--tenant <tenant>', 'only what belongs to this tenant', text),
    allTenants: flag('--all-tenants', 'what belongs to any tenant'),
    expires: maybe('--expires <time>', 'worth nothing after so long, such as 90d', duration),
    ...immediateParts,
  },
  examples: [{ line: 'blockledger token issue ci --role operator --tenant acme --expires 90d', does: 'for the tenant acme, for 90 days' }],
  run: async ({ name, role, tenant, allTenants, expires, ...how }, { client }) => {
    if (tenant !== undefined && allTenants) return E.left(ending('usage', '--tenant and --all-tenants exclude each other'));
    const fields = { name, role, ...given({ tenant, expires_at: expires === undefined ? undefined : new Date(Date.now() + expires).toISOString() }), ...(allTenants ? { tenant: null } : {}) };
    return planOr(await client.issueToken({ body: { token: fields }, ...immediately(how) }), (body) => E.right({ json: body, show: () => body.secret }));
  },
});

const tokenList = serviceCommand({
  words: 'token list',
  summary: 'List access tokens',
  shows: 'report',
  takes: {},
  options: { status: maybe('--status <status>', 'only those that stand so; revoked ones are listed only when asked for', oneOf(...TOKEN_STATUSES)), ...pagingParts },
  examples: [{ line: 'blockledger token list', does: 'the tokens, never their texts' }],
  run: async ({ status, all, limit }, { client }, io) => {
    const answered = orEnd(await client.listTokens({ query: { ...given({ status }), limit: limitOf(io, { all, limit }) } }));
    if (E.isLeft(answered)) return answered;
    const { body } = answered.right;
    return E.right({ json: body, show: (screen) => listText(screen, { columns: tokenColumns(io), rows: body.tokens, noun: 'token', paging: body.paging }) });
  },
});

/** The UUID of a token by its name; several may have one. */
const tokenNamed = async (client: ApiClient, named: string): Promise<E.Either<Ending, string>> => {
  if (typeof parseRef(named) === 'string') return E.right(named);
  const found = orEnd(await client.listTokens({ query: { name: named } }));
  if (E.isLeft(found)) return found;
  return namedOne('token', named, found.right.body.tokens.map(({ uuid, role, issued_at: at }) => ({ uuid, about: `${role}, issued ${at ?? '?'}` })));
};

const tokenRevoke = serviceCommand({
  words: 'token revoke',
  summary: 'End an access token at once',
  shows: 'report',
  takes: { token: needed('<token>', 'its UUID or name', { ...text, completion: { of: 'tokens' } }) },
  options: { reason: needed('--reason <text>', 'why; it is in the log for ever', text), yes: yesPart, ...immediateParts },
  examples: [{ line: "blockledger token revoke ci --reason 'no longer used' --yes", does: 'worth nothing from the next request on' }],
  run: async ({ token, reason, yes, ...how }, { client }, io) => {
    const uuid = await tokenNamed(client, token);
    if (E.isLeft(uuid)) return uuid;
    const asked = how.plan ? E.right(undefined) : await confirmed(io, yes, `The token ${token} ends for good. Go on?`);
    if (E.isLeft(asked)) return asked;
    const { query, ...key } = immediately(how);
    const answered = await client.revokeToken({ path: { token: uuid.right }, query: { reason, ...query }, ...key });
    return planOr(answered, (body) => E.right({ json: body, show: (screen) => marked(screen, 'ok', `token ${clean(body.token.name)}: ${body.token.status}`) }));
  },
});

const tokenWhoAmI = serviceCommand({
  words: 'token whoami',
  summary: 'Tell who the service takes you for',
  shows: 'report',
  takes: {},
  options: {},
  examples: [{ line: 'blockledger token whoami', does: 'name, role and tenant' }],
  run: async (_given, { client, url }) => {
    const answered = orEnd(await client.whoAmI());
    if (E.isLeft(answered)) return answered;
    const { body } = answered.right;
    const { name, role, tenant } = body.principal;
    return E.right({ json: body, show: (screen) => wrapped(screen, `${clean(name)}, ${role}, ${tenant === null ? 'all tenants' : `tenant ${clean(tenant)}`}, at ${url}`) });
  },
});

export const tokenCommands: readonly CliCommand[] = [tokenIssue, tokenList, tokenRevoke, tokenWhoAmI];
