/** The secrets of webhooks: put before the command that names them, and removed when no webhook does. One thing at a time for each webhook. */
import { secret as wrap, type Refusal, type Secret, type SecretRef, type WebhookFields } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { WebhookQueries } from '../../queries/webhooks.ts';
import { makeStreamQueue } from '../commands/streamQueue.ts';
import type { Engine } from '../parts.ts';
import { refuseEngine } from '../refusals.ts';

const KIND = 'webhook';

/** A secret on its way to a webhook. */
export interface GivenSecret {
  readonly id: string;
  readonly secret: Secret | string;
}

export interface WebhookSecrets {
  /** Keeps a secret and asks with its reference. A secret whose command is refused is forgotten, unless a webhook names it already. */
  readonly give: <A>(given: GivenSecret, ask: (ref: SecretRef) => Promise<E.Either<Refusal, A>>) => Promise<E.Either<Refusal, A>>;
  /** Removes what was kept for a webhook and is not named by it any more. */
  readonly sweep: (id: string) => Promise<void>;
  /** The same for all of them. */
  readonly sweepAll: () => Promise<void>;
}

const refsOf = (webhook: WebhookFields | undefined): readonly SecretRef[] => {
  if (webhook === undefined) return [];
  const { secretRef, previousSecret } = webhook;
  return previousSecret === null ? [secretRef] : [secretRef, previousSecret.secretRef];
};

const ownerOf = (ref: SecretRef): string => ref.split('/')[1] ?? '';

export const makeWebhookSecrets = ({ secrets, logger }: Pick<Engine, 'secrets' | 'logger'>, webhooks: Pick<WebhookQueries, 'fieldsOf'>): WebhookSecrets => {
  // What is kept and not named yet must not look like what is not named any more.
  const queue = makeStreamQueue();
  const isNamed = (ref: SecretRef): boolean => refsOf(webhooks.fieldsOf(ownerOf(ref))).includes(ref);

  const unnamed = async (): Promise<readonly SecretRef[]> => {
    const kept = await secrets.refs(KIND)();
    if (E.isRight(kept)) return kept.right.filter((ref) => !isNamed(ref));
    logger.warn({ error: kept.left }, 'the secrets of webhooks cannot be listed');
    return [];
  };
  const forget = async (ref: SecretRef): Promise<void> => {
    const removed = await secrets.remove(ref)();
    if (E.isLeft(removed)) logger.warn({ error: removed.left }, 'a secret that nothing refers to could not be removed');
  };
  const sweep: WebhookSecrets['sweep'] = (id) =>
    queue.run(id, async () => {
      for (const ref of await unnamed()) if (ownerOf(ref) === id) await forget(ref);
    });

  return {
    give: ({ id, secret }, ask) =>
      queue.run(id, async () => {
        const kept = await secrets.put({ kind: KIND, id }, typeof secret === 'string' ? wrap(secret) : secret)();
        if (E.isLeft(kept)) return E.left(refuseEngine('SecretStoreUnavailable', kept.left.message));
        const answer = await ask(kept.right);
        if (E.isLeft(answer) && !isNamed(kept.right)) await forget(kept.right);
        return answer;
      }),
    sweep,
    sweepAll: async () => {
      const owners = new Set((await unnamed()).map(ownerOf));
      await Promise.all([...owners].map(sweep));
    },
  };
};
