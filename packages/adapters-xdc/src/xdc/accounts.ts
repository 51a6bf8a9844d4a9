/** Accounts with their secrets, opened before anything is touched. */
import * as E from 'fp-ts/lib/Either.js';
import { type ChapAccount, permanent, type PortError, reveal, type Secret } from '@blockledger/domain';
import type { SealedAccount } from './parse.ts';
import type { Eventually, Session } from './session.ts';
import { secretTrouble, type Wanted } from './wanted.ts';

/** An account that can be given. */
export interface Opened {
  readonly user: string;
  readonly secret: Secret;
  readonly seal: string;
}

/** The wanted accounts, opened; by the reference of their secret. */
export type Keys = ReadonlyMap<string, Opened>;

export const keyOf = ({ user, secretRef }: ChapAccount): string => `${secretRef} ${user}`;

/** Opens every secret that is wanted. */
export async function openAll({ openSecret, seal }: Session, { chap, clients }: Wanted): Eventually<Keys> {
  const keys = new Map<string, Opened>();
  const accounts = [chap, ...clients.map(({ mutual }) => mutual)].filter((account) => account !== undefined);
  for (const account of accounts) {
    if (keys.has(keyOf(account))) continue;
    const secret: E.Either<PortError, Secret> = openSecret === undefined ? E.left(permanent('NoSecrets', 'no secrets can be opened here')) : await openSecret(account.secretRef)();
    if (E.isLeft(secret)) return secret;
    const text = reveal(secret.right);
    const trouble = secretTrouble(text);
    if (trouble !== undefined) return E.left(trouble);
    keys.set(keyOf(account), { user: account.user, secret: secret.right, seal: seal(text) });
  }
  return E.right(keys);
}

/** Whether an account stands as wanted, secret and all. */
export const isRight = (shown: SealedAccount | undefined, wanted: Opened | undefined): boolean => shown?.user === wanted?.user && shown?.seal === wanted?.seal;
