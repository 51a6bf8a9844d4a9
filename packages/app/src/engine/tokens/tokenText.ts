/** The text of an access token: `blk_`, 32 random bytes and their checksum. Made here, shown once, kept nowhere. */
import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { TokenHash } from '@blockledger/domain';

/** What every token begins with, so that people and scanners of source code recognise one. */
export const TOKEN_PREFIX = 'blk_';

const SECRET_BYTES = 32;
const CHECKSUM_BYTES = 4;
/** 36 bytes are 48 characters of base64url, without padding. */
const SHAPE = /^blk_[A-Za-z0-9_-]{48}$/;

const checksumOf = (secret: Uint8Array): Buffer => {
  const checksum = Buffer.alloc(CHECKSUM_BYTES);
  checksum.writeUInt32BE(crc32(secret));
  return checksum;
};

/** A new token with 256 random bits. */
export const mintToken = (): string => {
  const secret = randomBytes(SECRET_BYTES);
  return `${TOKEN_PREFIX}${Buffer.concat([secret, checksumOf(secret)]).toString('base64url')}`;
};

/**
 * True for a text that is an access token by its form and checksum, whether or not one of that text was ever issued:
 * for scanners of logs and source code, where a false alarm costs more than a look.
 *
 * @example
 * import { isTokenText } from '@blockledger/app';
 * isTokenText('blk_not-a-token'); // => false
 */
export const isTokenText = (text: string): boolean => {
  if (!SHAPE.test(text)) return false;
  const bytes = Buffer.from(text.slice(TOKEN_PREFIX.length), 'base64url');
  return checksumOf(bytes.subarray(0, SECRET_BYTES)).equals(bytes.subarray(SECRET_BYTES));
};

/** What is stored of a token: SHA-256 of its text, prefix included. */
export const hashOfToken = (text: string): TokenHash => createHash('sha256').update(text).digest('hex') as TokenHash;
