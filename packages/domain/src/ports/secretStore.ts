/** Where secrets are kept: events, replies and logs only ever carry a reference (I-24). */
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import * as t from 'io-ts';
import type { Secret } from '../kernel/secret.ts';

/** What tells `SecretRef` from any other text, for the compiler only. */
export interface SecretRefBrand {
  readonly SecretRef: unique symbol;
}

const REF = /^[a-z]+\/[\w.-]{1,64}\/[\w-]{16,64}$/;

/** Names one secret of one owner: `kind/id/fingerprint`. The fingerprint is keyed: without the store's key nothing can be learned from it. */
export type SecretRef = t.Branded<string, SecretRefBrand>;
/** The codec of `SecretRef`. */
export const SecretRef = t.brand(t.string, (text): text is SecretRef => REF.test(text), 'SecretRef');

/**
 * - `Unavailable`: the store cannot be read or written just now.
 * - `Unreadable`: what is kept cannot be opened with the keys at hand, or is damaged.
 */
export type SecretError = { readonly _tag: 'Unavailable' | 'Unreadable'; readonly message: string };

/** Who a secret belongs to: `{ kind: 'webhook', id: '<uuid>' }`. */
export interface SecretOwner {
  /** Lower-case letters. */
  readonly kind: string;
  /** A UUID, or another name of letters, digits, `.`, `_` and `-`. */
  readonly id: string;
}

/** Keeps secrets. Messages of its errors hold none. */
export interface SecretStore {
  /** Keeps a secret; the same secret of the same owner has the same reference, so a repeat changes nothing. Durable when it resolves. */
  readonly put: (owner: SecretOwner, secret: Secret) => TaskEither<SecretError, SecretRef>;
  /** Undefined for a reference that is not kept. */
  readonly get: (ref: SecretRef) => TaskEither<SecretError, Secret | undefined>;
  /** Forgets a secret; one that is not kept is forgotten already. */
  readonly remove: (ref: SecretRef) => TaskEither<SecretError, void>;
  /** References of all secrets whose owner is of this kind. */
  readonly refs: (kind: string) => TaskEither<SecretError, readonly SecretRef[]>;
}
