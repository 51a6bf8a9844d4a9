/** Why an access token refuses. */
import type { Refusal } from '../kernel/refusal.ts';
import { refusalsOf } from '../kernel/refusals.ts';

/** Every reason for which an access token refuses: the rule, where it is written, and the way out. */
export const tokenRefusals = {
  TokenNotFound: { rule: 'tokenExists', spec: 'S0-16', remedy: 'check the id of the token' },
  TokenAlreadyExists: { rule: 'tokenIsNew', spec: 'S0-16', remedy: 'use a new command id for a new token' },
  TokenNameIsNotAllowed: { rule: 'validTokenName', spec: 'S0-11', remedy: 'use 1 to 64 letters, digits, dots, dashes and underscores, with a letter or digit at both ends' },
  TenantIsNotAllowed: { rule: 'validTenant', spec: 'S0-11', remedy: 'use 1 to 128 printable characters, or null for all tenants' },
  ExpiryOutOfRange: { rule: 'expiryInRange', spec: 'S0-16', remedy: 'choose a moment that is to come, within ten years, or none' },
  ReasonIsTooLong: { rule: 'reasonFits', spec: 'S0-16', remedy: 'give a shorter reason' },
} as const;

/** The names of an access token's refusals. */
export type TokenRefusalTag = keyof typeof tokenRefusals;
/** A refusal by an access token. */
export type TokenRefusal = Refusal & { readonly _tag: TokenRefusalTag };

/**
 * Makes a refusal by an access token: its tag, the sentence that says the fact, and the values compared.
 *
 * @example
 * import { refuseToken } from '@blockledger/domain';
 * refuseToken('TokenNotFound', 'there is no token 7').rule; // => 'tokenExists'
 */
export const refuseToken = refusalsOf<TokenRefusalTag>(tokenRefusals);
