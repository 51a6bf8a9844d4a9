/** Secrets in memory, for tests and for embedders who keep nothing. */
import { randomBytes } from 'node:crypto';
import type { Secret, SecretRef, SecretStore } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { unreadable } from './errors.ts';
import { isOfKind, refOf } from './references.ts';
import { KEY_BYTES } from './seal.ts';

/**
 * A secret store that forgets everything with the process.
 *
 * @example
 * import { memorySecretStore } from '@blockledger/app';
 * import { reveal, secret } from '@blockledger/domain';
 * const secrets = memorySecretStore();
 * const kept = await secrets.put({ kind: 'example', id: 'one' }, secret('1qaz2wsx'))();
 * const found = kept._tag === 'Right' ? await secrets.get(kept.right)() : kept;
 * found._tag === 'Right' && found.right !== undefined && reveal(found.right); // => '1qaz2wsx'
 */
export const memorySecretStore = (): SecretStore => {
  const fingerprintKey = randomBytes(KEY_BYTES);
  const kept = new Map<SecretRef, Secret>();
  return {
    put: (owner, secret) => () => {
      const ref = refOf(fingerprintKey, owner, secret);
      if (ref === undefined) return Promise.resolve(E.left(unreadable(`a secret cannot belong to ${owner.kind}/${owner.id}`)));
      kept.set(ref, secret);
      return Promise.resolve(E.right(ref));
    },
    get: (ref) => () => Promise.resolve(E.right(kept.get(ref))),
    remove: (ref) => () => Promise.resolve(E.right(void kept.delete(ref))),
    refs: (kind) => () => Promise.resolve(E.right([...kept.keys()].filter((ref) => isOfKind(ref, kind)))),
  };
};
