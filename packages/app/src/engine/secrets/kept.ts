/** Secrets of one kind of owner: put before the command that names them, and removed when nothing does. One thing at a time for each owner. */
import { secret as wrap, type Refusal, type Secret, type SecretRef } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import { makeStreamQueue } from '../commands/streamQueue.ts';
import type { Engine } from '../parts.ts';
import { refuseEngine } from '../refusals.ts';

/** A secret on its way to its owner. */
export interface GivenSecret {
  readonly id: string;
  readonly secret: Secret | string;
}

export interface KeptSecrets {
  /** Keeps a secret and asks with its reference. What nothing names then is forgotten: its command was refused, or repeats one whose secret has been changed since. */
  readonly give: <A>(given: GivenSecret, ask: (ref: SecretRef) => Promise<E.Either<Refusal, A>>) => Promise<E.Either<Refusal, A>>;
  /** Removes what was kept for an owner and is not named any more. */
  readonly sweep: (id: string) => Promise<void>;
  /** The same for all of them. */
  readonly sweepAll: () => Promise<void>;
}

/** The owner that a reference tells. */
export const ownerOf = (ref: SecretRef): string => ref.split('/')[1] ?? '';

/** `kind` is that of the owners: `webhook`. `isNamed` tells whether anything in the log needs a secret. */
export const makeKeptSecrets = ({ secrets, logger, store, exclusive }: Pick<Engine, 'secrets' | 'logger' | 'store' | 'exclusive'>, kind: string, isNamed: (ref: SecretRef) => boolean): KeptSecrets => {
  // Another process may have kept a secret that is not named in the log yet, or not in what is folded here: only what was given here is removed here.
  const isShared = !exclusive && store.registers !== undefined;
  // What is kept and not named yet must not look like what is not named any more.
  const queue = makeStreamQueue();

  const unnamed = async (): Promise<readonly SecretRef[]> => {
    const kept = await secrets.refs(kind)();
    if (E.isRight(kept)) return kept.right.filter((ref) => !isNamed(ref));
    logger.warn({ kind, error: kept.left }, 'kept secrets cannot be listed');
    return [];
  };
  const forget = async (ref: SecretRef): Promise<void> => {
    const removed = await secrets.remove(ref)();
    if (E.isLeft(removed)) logger.warn({ error: removed.left }, 'a secret that nothing refers to could not be removed');
  };
  const sweep: KeptSecrets['sweep'] = (id) =>
    queue.run(id, async () => {
      if (isShared) return;
      for (const ref of await unnamed()) if (ownerOf(ref) === id) await forget(ref);
    });

  return {
    give: ({ id, secret }, ask) =>
      queue.run(id, async () => {
        const kept = await secrets.put({ kind, id }, typeof secret === 'string' ? wrap(secret) : secret)();
        if (E.isLeft(kept)) return E.left(refuseEngine('SecretStoreUnavailable', kept.left.message));
        const answer = await ask(kept.right);
        if (!isNamed(kept.right)) await forget(kept.right);
        return answer;
      }),
    sweep,
    sweepAll: async () => {
      if (isShared) return;
      const owners = new Set((await unnamed()).map(ownerOf));
      await Promise.all([...owners].map(sweep));
    },
  };
};
