/** Access tokens, and who asks. */
import { MAX_TOKEN_NAME_LENGTH } from '@blockledger/domain';
import * as t from 'io-ts';
import { closed } from '../closed.ts';
import { Moment, nullable, Text, UuidText, wordOf } from '../fields.ts';
import { described, named } from '../schema.ts';

export const ROLES = ['reader', 'operator', 'admin'] as const;
export const TOKEN_STATUSES = ['active', 'expired', 'revoked'] as const;
const RoleWord = wordOf(...ROLES);

/** The domain has the rules; the document tells them. */
const TokenName = described(t.refinement(Text, () => true, Text.name), { type: 'string', minLength: 1, maxLength: MAX_TOKEN_NAME_LENGTH, pattern: '^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$' });

/** `POST /tokens`. Without `tenant` it is for the tenant of who asks; null is all tenants. Without `expires_at` it lives until it is revoked. */
export const NewToken = named('NewToken', closed({ name: TokenName, role: RoleWord }, { tenant: nullable(Text), expires_at: nullable(Moment) }));
export type NewToken = t.TypeOf<typeof NewToken>;

/** The resource inside `token`: neither its text nor its hash. `last_used_at` is null where it was not used since the service started. */
export const TokenBody = named(
  'Token',
  closed(
    {
      uuid: UuidText,
      name: Text,
      role: RoleWord,
      tenant: nullable(Text),
      status: wordOf(...TOKEN_STATUSES),
      issued_at: nullable(Moment),
      issued_by: Text,
      expires_at: nullable(Moment),
      revoked: nullable(closed({ at: nullable(Moment), by: Text, reason: Text }, {})),
      last_used_at: nullable(Moment),
    },
    {},
  ),
);
export type TokenBody = t.TypeOf<typeof TokenBody>;

/** Who asks. `token` is null for a token of the configuration file. */
export const PrincipalBody = named('Principal', closed({ name: Text, role: RoleWord, tenant: nullable(Text), token: nullable(UuidText) }, {}));
export type PrincipalBody = t.TypeOf<typeof PrincipalBody>;
