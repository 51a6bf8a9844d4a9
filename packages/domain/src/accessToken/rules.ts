/** What must hold before an access token accepts a command. */
import type { TimestampMs } from '../kernel/quantities.ts';
import { refuseToken, type TokenRefusal } from './errors.ts';
import { MAX_REASON_LENGTH, MAX_TENANT_LENGTH, MAX_TOKEN_LIFETIME_MS, MAX_TOKEN_NAME_LENGTH } from './limits.ts';

/** A name stands in logs, in `token:<name>` and on command lines: nothing in it can be taken for something else. */
export const validTokenName = (name: string): TokenRefusal | undefined => {
  if (name.length > MAX_TOKEN_NAME_LENGTH) {
    return refuseToken('TokenNameIsNotAllowed', `the name has ${name.length} characters, ${MAX_TOKEN_NAME_LENGTH} are allowed`, { value: name.length, limit: MAX_TOKEN_NAME_LENGTH });
  }
  return /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(name)
    ? undefined
    : refuseToken('TokenNameIsNotAllowed', `the name ${JSON.stringify(name)} is not allowed`, { value: name });
};

/** What people can read and a line of a log can hold. */
const PRINTABLE = /^[^\p{C}\p{Zl}\p{Zp}]+$/u;

export const validTenant = (tenant: string | null): TokenRefusal | undefined =>
  tenant === null || (tenant.length <= MAX_TENANT_LENGTH && PRINTABLE.test(tenant))
    ? undefined
    : refuseToken('TenantIsNotAllowed', `the tenant is not 1 to ${MAX_TENANT_LENGTH} printable characters`, { value: tenant.slice(0, MAX_TENANT_LENGTH), limit: MAX_TENANT_LENGTH });

export const expiryInRange = (expiresAt: TimestampMs | null, nowMs: TimestampMs): TokenRefusal | undefined => {
  if (expiresAt === null) return undefined;
  if (expiresAt <= nowMs) return refuseToken('ExpiryOutOfRange', `the token would have expired ${nowMs - expiresAt} ms ago`, { value: expiresAt, limit: nowMs });
  const last = nowMs + MAX_TOKEN_LIFETIME_MS;
  return expiresAt > last ? refuseToken('ExpiryOutOfRange', `the token would live ${expiresAt - nowMs} ms, ${MAX_TOKEN_LIFETIME_MS} are allowed`, { value: expiresAt, limit: last }) : undefined;
};

export const reasonFits = (reason: string): TokenRefusal | undefined =>
  reason.length <= MAX_REASON_LENGTH
    ? undefined
    : refuseToken('ReasonIsTooLong', `the reason has ${reason.length} characters, ${MAX_REASON_LENGTH} are allowed`, { value: reason.length, limit: MAX_REASON_LENGTH });
