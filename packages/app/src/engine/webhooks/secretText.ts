/** Signing secrets as Standard Webhooks writes them: `whsec_` and the Base64 of 24 to 64 random bytes. */
import { randomBytes } from 'node:crypto';
import { MIN_SECRET_BYTES } from '@blockledger/domain';

const PREFIX = 'whsec_';
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * A fresh signing secret. The receiver needs the same one; nothing shows it again.
 *
 * @example
 * import { newWebhookSecret } from '@blockledger/app';
 * /^whsec_[A-Za-z0-9+/]{32}$/.test(newWebhookSecret()); // => true
 */
export const newWebhookSecret = (): string => `${PREFIX}${randomBytes(MIN_SECRET_BYTES).toString('base64')}`;

/** How many bytes a secret's key has; 0 for a text that is no Base64. */
export const secretBytesOf = (text: string): number => {
  const base64 = text.startsWith(PREFIX) ? text.slice(PREFIX.length) : text;
  return BASE64.test(base64) ? Buffer.from(base64, 'base64').length : 0;
};
