/** The embedded secret store: one file of sealed secrets, and a key beside it or from outside. */
import { randomBytes } from 'node:crypto';
import { secret as wrap, reveal, type SecretError, type SecretRef, type SecretStore } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { makeStreamQueue } from '../engine/commands/streamQueue.ts';
import { unreadable } from './errors.ts';
import { readSecretFile, writeSecretFile, type SecretFile } from './file.ts';
import { keysOfFile, parseKeys, type Keys } from './keys.ts';
import { isOfKind, refOf } from './references.ts';
import { KEY_BYTES, seal, unseal, type Key, type Sealed } from './seal.ts';

/** Where secrets are kept, and with which key. */
export interface FileSecretStoreOptions {
  /** The file of sealed secrets. */
  readonly path: string;
  /** Keys of 32 bytes in Base64, apart by commas or blanks: the first seals, the others still open. Goes before `keyFile`. */
  readonly key?: string;
  /** Default: `path` with `.key`. Made at the first use, readable by its owner only; a file that others can read is refused. */
  readonly keyFile?: string;
}

/** An opened file. */
interface Opened {
  readonly keys: Keys;
  readonly fingerprintKey: Buffer;
  readonly file: SecretFile;
}

const FINGERPRINT = 'fingerprint';

const openSealed = (keys: Keys, name: string, sealed: Sealed): E.Either<SecretError, string> => {
  const key = keys.find(({ id }) => id === sealed.key);
  if (key === undefined) return E.left(unreadable(`a secret is sealed with the key ${sealed.key}, which is not among those given`));
  return E.fromNullable(unreadable(`the secret ${name} is damaged`))(unseal(key, name, sealed));
};

/** Everything under the first key; the same file where it is already. */
const resealed = (keys: Keys, file: SecretFile): E.Either<SecretError, SecretFile> => {
  const [current] = keys;
  const again = (key: Key, name: string, sealed: Sealed): E.Either<SecretError, Sealed> =>
    sealed.key === key.id ? E.right(sealed) : E.map((text: string) => seal(key, name, text))(openSealed(keys, name, sealed));
  const fingerprint = again(current, FINGERPRINT, file.fingerprint);
  if (E.isLeft(fingerprint)) return fingerprint;
  const secrets: Record<string, Sealed> = {};
  for (const [ref, sealed] of Object.entries(file.secrets)) {
    const one = again(current, ref, sealed);
    if (E.isLeft(one)) return one;
    secrets[ref] = one.right;
  }
  return E.right({ version: 1, fingerprint: fingerprint.right, secrets });
};

const isSealedWith = ({ id }: Key, { fingerprint, secrets }: SecretFile): boolean => fingerprint.key === id && Object.values(secrets).every(({ key }) => key === id);

/** Reads file and keys; seals with the first key what was sealed with another. Undefined where nothing is kept yet. */
const openFile = async ({ path, key, keyFile = `${path}.key` }: FileSecretStoreOptions, create: boolean): Promise<E.Either<SecretError, Opened | undefined>> => {
  const read = await readSecretFile(path);
  if (E.isLeft(read)) return read;
  if (read.right === undefined && !create) return E.right(undefined);
  const keys = key === undefined ? await keysOfFile(keyFile, read.right === undefined) : parseKeys(key, 'the key given');
  if (E.isLeft(keys)) return keys;
  const [current] = keys.right;
  const fresh = (): SecretFile => ({ version: 1, fingerprint: seal(current, FINGERPRINT, randomBytes(KEY_BYTES).toString('base64')), secrets: {} });
  const file = read.right === undefined ? E.right(fresh()) : resealed(keys.right, read.right);
  if (E.isLeft(file)) return file;
  const text = openSealed(keys.right, FINGERPRINT, file.right.fingerprint);
  if (E.isLeft(text)) return text;
  if (read.right !== undefined && !isSealedWith(current, read.right)) {
    const written = await writeSecretFile(path, file.right);
    if (E.isLeft(written)) return written;
  }
  return E.right({ keys: keys.right, fingerprintKey: Buffer.from(text.right, 'base64'), file: file.right });
};

/**
 * Secrets in a file, sealed with AES-256-GCM. The file is made at the first `put`. To change the key, put the new one before the old one
 * (in `key`, or as the first line of the key file) and start again: everything is sealed anew at the first use, and the old key can go.
 * One process owns the file.
 *
 * @example
 * import { mkdtemp } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { fileSecretStore } from '@blockledger/app';
 * import { secret } from '@blockledger/domain';
 * const secrets = fileSecretStore({ path: join(await mkdtemp(join(tmpdir(), 'secrets-')), 'blockledger.secrets') });
 * const kept = await secrets.put({ kind: 'example', id: 'one' }, secret('1qaz2wsx'))();
 * kept._tag === 'Right' && /^example[/]one[/]/.test(kept.right); // => true
 */
export const fileSecretStore = (options: FileSecretStoreOptions): SecretStore => {
  const { path } = options;
  const queue = makeStreamQueue();
  let opened: Opened | undefined;

  const ready = async (create: boolean): Promise<E.Either<SecretError, Opened | undefined>> => {
    if (opened !== undefined) return E.right(opened);
    const found = await openFile(options, create);
    if (E.isRight(found)) opened = found.right;
    return found;
  };

  const write = async (from: Opened, secrets: Readonly<Record<string, Sealed>>): Promise<E.Either<SecretError, void>> => {
    const file: SecretFile = { ...from.file, secrets: { ...secrets } };
    const written = await writeSecretFile(path, file);
    if (E.isRight(written)) opened = { ...from, file };
    return written;
  };

  return {
    put: (owner, secret) => () =>
      queue.run(path, async () => {
        const found = await ready(true);
        if (E.isLeft(found)) return found;
        if (found.right === undefined) return E.left(unreadable(`${path} cannot be made`));
        const ref = refOf(found.right.fingerprintKey, owner, secret);
        if (ref === undefined) return E.left(unreadable(`a secret cannot belong to ${owner.kind}/${owner.id}`));
        if (Object.hasOwn(found.right.file.secrets, ref)) return E.right(ref);
        const written = await write(found.right, { ...found.right.file.secrets, [ref]: seal(found.right.keys[0], ref, reveal(secret)) });
        return E.map(() => ref)(written);
      }),
    get: (ref) => () =>
      queue.run(path, async () => {
        const found = await ready(false);
        if (E.isLeft(found)) return found;
        const sealed = found.right?.file.secrets[ref];
        if (found.right === undefined || sealed === undefined) return E.right(undefined);
        return E.map(wrap)(openSealed(found.right.keys, ref, sealed));
      }),
    remove: (ref) => () =>
      queue.run(path, async () => {
        const found = await ready(false);
        if (E.isLeft(found)) return found;
        if (found.right === undefined || !Object.hasOwn(found.right.file.secrets, ref)) return E.right(undefined);
        return write(found.right, Object.fromEntries(Object.entries(found.right.file.secrets).filter(([key]) => key !== ref)));
      }),
    refs: (kind) => () =>
      queue.run(path, async () =>
        E.map((found: Opened | undefined) => Object.keys(found?.file.secrets ?? {}).filter((ref): ref is SecretRef => isOfKind(ref, kind)))(await ready(false)),
      ),
  };
};
