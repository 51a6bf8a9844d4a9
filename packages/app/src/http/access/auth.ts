/** Who asks: the token is checked before anything else is looked at (S0-16), and is read from headers only. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Role } from '@blockledger/domain';
import type { AccessTokens } from '../../engine/controlPlane.ts';
import type { Principal } from '../../queries/views.ts';
import { refuseService, type ServiceRefusal } from '../refusing/refusals.ts';
import { staticTokens, type Tokens } from './staticTokens.ts';

/** Whose request it is; `Missing`: it carries no token; `Wrong`: it carries one that is nobody's, or nobody's any more. */
export type Authentication =
  | { readonly _tag: 'Known'; readonly principal: Principal }
  | { readonly _tag: 'Missing' }
  | { readonly _tag: 'Wrong'; readonly presented: string };

/** Reads the headers of a request. */
export type Authenticate = (headers: IncomingHttpHeaders) => Authentication;

/** The source's header goes first (S0-11); a URL may end in logs and histories, so `?token=` is not read. */
const presentedIn = (headers: IncomingHttpHeaders): string | undefined => {
  const own = headers['xms-auth-token'];
  if (typeof own === 'string') return own;
  return /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
};

/**
 * Checks tokens of the configuration and, where `issued` is given, those that the control plane has issued. Both are asked whatever the
 * other says, in a time that does not tell how much of a token was right.
 *
 * @example
 * import { authenticator } from '@blockledger/app/http';
 * const authenticate = authenticator({ ci: 'secret' });
 * const found = authenticate({ authorization: 'Bearer secret' });
 * found._tag === 'Known' && found.principal.name; // => 'token:ci'
 */
export const authenticator = (tokens: Tokens, issued?: Pick<AccessTokens, 'verify'>, nowMs: () => number = Date.now): Authenticate => {
  const verifyStatic = staticTokens(tokens, nowMs);
  return (headers) => {
    const presented = presentedIn(headers);
    if (presented === undefined) return { _tag: 'Missing' };
    const [own, logged] = [verifyStatic(presented), issued?.verify(presented)];
    const principal = own ?? logged;
    return principal === undefined ? { _tag: 'Wrong', presented } : { _tag: 'Known', principal };
  };
};

const RANK: Readonly<Record<Role, number>> = { reader: 0, operator: 1, admin: 2 };

/** Each role may do what the one before it may: reader, operator, admin. The refusal where `principal`'s does not reach `wanted`. */
export const insufficient = ({ role }: Pick<Principal, 'role'>, wanted: Role): ServiceRefusal | undefined =>
  RANK[role] >= RANK[wanted] ? undefined : refuseService('RoleIsInsufficient', `this takes the role ${wanted}, and the token has the role ${role}`, { value: role, limit: wanted });
