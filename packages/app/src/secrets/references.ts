/** References of secrets: who owns it, and a keyed fingerprint that tells one secret of an owner from another. */
import { createHmac } from 'node:crypto';
import { reveal, SecretRef, type Secret, type SecretOwner } from '@blockledger/domain';

/** The reference of a secret. The same secret of the same owner has the same one; without the key nothing can be learned from it. */
export const refOf = (fingerprintKey: Uint8Array, { kind, id }: SecretOwner, secret: Secret): SecretRef | undefined => {
  const fingerprint = createHmac('sha256', fingerprintKey).update(`${kind}/${id}/${reveal(secret)}`).digest('base64url');
  const ref = `${kind}/${id}/${fingerprint}`;
  return SecretRef.is(ref) ? ref : undefined;
};

/** Whether the owner of a reference is of this kind. */
export const isOfKind = (ref: string, kind: string): boolean => ref.startsWith(`${kind}/`);
