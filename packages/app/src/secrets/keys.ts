/** Where the keys of the secret store come from: given, or a file of its own that only its owner can read. */
import { randomBytes } from 'node:crypto';
import { open, readFile, stat } from 'node:fs/promises';
import type { SecretError } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { codeOf, unavailable, unreadable } from './errors.ts';
import { messageOf } from '../system/thrown.ts';
import { KEY_BYTES, keyOf, type Key } from './seal.ts';

/** The first seals; the others only open what is still sealed with them. */
export type Keys = readonly [Key, ...Key[]];

const OTHERS = 0o077;

/** Reads keys: Base64 of 32 bytes each, apart by blanks, lines or commas. `where` is for messages. */
export const parseKeys = (text: string, where: string): E.Either<SecretError, Keys> => {
  const given = text.split(/[\s,]+/).filter((one) => one !== '');
  const keys = given.map((one) => Buffer.from(one, 'base64'));
  const [first, ...rest] = keys.map(keyOf);
  if (first === undefined || keys.some(({ length }) => length !== KEY_BYTES)) {
    return E.left(unreadable(`${where} does not hold keys of ${KEY_BYTES} bytes in Base64`));
  }
  return E.right([first, ...rest]);
};

const makeFile = async (path: string): Promise<E.Either<SecretError, Keys>> => {
  const bytes = randomBytes(KEY_BYTES);
  // Exclusive: two processes that start at once do not overwrite each other's key.
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(`${bytes.toString('base64')}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  return E.right([keyOf(bytes)]);
};

/** The keys of a file that others cannot read, as ssh wants it. Where there is none, `create` makes one with a fresh key. */
export const keysOfFile = async (path: string, create: boolean): Promise<E.Either<SecretError, Keys>> => {
  try {
    const { mode } = await stat(path);
    if ((mode & OTHERS) !== 0) return E.left(unreadable(`the key file ${path} can be read by others: chmod 600 it, and change the key`));
    return parseKeys(await readFile(path, 'utf8'), `the key file ${path}`);
  } catch (thrown) {
    if (codeOf(thrown) !== 'ENOENT') return E.left(unavailable(`the key file ${path} cannot be read: ${messageOf(thrown)}`));
  }
  if (!create) return E.left(unreadable(`the key file ${path} is gone: restore it from a backup, or give the secrets again`));
  try {
    return await makeFile(path);
  } catch (thrown) {
    return codeOf(thrown) === 'EEXIST' ? keysOfFile(path, false) : E.left(unavailable(`the key file ${path} cannot be made: ${messageOf(thrown)}`));
  }
};
