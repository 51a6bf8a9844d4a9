/** The file of sealed secrets: read whole, written whole, so that it is either the old or the new one whatever happens. */
import { open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { SecretError } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { codeOf, unavailable, unreadable } from './errors.ts';
import { messageOf } from '../system/thrown.ts';
import { Sealed } from './seal.ts';

/** What the file holds. `fingerprint`: the sealed key of the references. */
export const SecretFile = t.readonly(t.strict({ version: t.literal(1), fingerprint: Sealed, secrets: t.record(t.string, Sealed) }), 'SecretFile');
export type SecretFile = t.TypeOf<typeof SecretFile>;

/** Undefined where there is no file yet. */
export const readSecretFile = async (path: string): Promise<E.Either<SecretError, SecretFile | undefined>> => {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (thrown) {
    return codeOf(thrown) === 'ENOENT' ? E.right(undefined) : E.left(unavailable(`the secrets in ${path} cannot be read: ${messageOf(thrown)}`));
  }
  const file = E.chainW(SecretFile.decode)(E.tryCatch((): unknown => JSON.parse(text), messageOf));
  return E.isLeft(file) ? E.left(unreadable(`${path} is not a file of secrets, or is damaged`)) : file;
};

/** Durable when it resolves. */
export const writeSecretFile = async (path: string, file: SecretFile): Promise<E.Either<SecretError, void>> => {
  const fresh = `${path}.new`;
  try {
    const handle = await open(fresh, 'w', 0o600);
    try {
      await handle.writeFile(`${JSON.stringify(file)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(fresh, path);
    const folder = await open(dirname(path), 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
    return E.right(undefined);
  } catch (thrown) {
    return E.left(unavailable(`the secrets in ${path} cannot be written: ${messageOf(thrown)}`));
  }
};
