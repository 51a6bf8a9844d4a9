/** An access token, and who asks, as JSON. */
import type { PrincipalBody, TokenBody } from '../../api/bodies/token.ts';
import type { Principal, TokenView } from '../../queries/views.ts';
import { moment } from './common.ts';

/** The resource inside `token`. */
export const tokenBody = ({ id, name, role, tenant, status, issuedAt, issuedBy, expiresAt, revoked, lastUsedAt }: TokenView): TokenBody => ({
  uuid: id,
  name,
  role,
  tenant,
  status,
  issued_at: moment(issuedAt),
  issued_by: issuedBy,
  expires_at: moment(expiresAt),
  revoked: revoked === null ? null : { at: moment(revoked.at), by: revoked.by, reason: revoked.reason },
  last_used_at: moment(lastUsedAt),
});

/** Who asks. */
export const principalBody = ({ name, role, tenant, tokenId }: Principal): PrincipalBody => ({ name, role, tenant, token: tokenId });
