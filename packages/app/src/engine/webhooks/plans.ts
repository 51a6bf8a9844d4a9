/** Dry runs of what is asked about webhooks. A planned secret is kept nowhere. */
import { reveal, Uuid, type Secret, type SecretRef, type WebhookFields } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { States } from '../../queries/states.ts';
import type { WebhookQueries } from '../../queries/webhooks.ts';
import type { Callers } from '../commands/callers.ts';
import type { FactSources } from '../commands/facts.ts';
import type { AdminPlans, PlanWish } from '../commands/plan.ts';
import type { Engine } from '../parts.ts';
import { secretBytesOf } from './secretText.ts';
import { registerWish, removeWish, rotateWish, updateWish, webhookNotFound } from './wishes.ts';

export interface WebhookPlanParts {
  readonly engine: Pick<Engine, 'ids' | 'secrets'>;
  readonly callers: Pick<Callers, 'named'>;
  readonly states: Pick<States, 'head'>;
  readonly webhooks: Pick<WebhookQueries, 'fieldsOf'>;
  readonly facts: Pick<FactSources, 'webhooks'>;
}

const textOf = (given: Secret | string): string => (typeof given === 'string' ? given : reveal(given));

/** Stands for the reference that a secret will have. */
const unkept = (id: string): SecretRef => `webhook/${id}/not-kept-for-a-plan` as SecretRef;

export const webhookPlans = (planWish: PlanWish, { engine: { ids, secrets }, callers, states, webhooks, facts }: WebhookPlanParts): Pick<AdminPlans, 'registerWebhook' | 'updateWebhook' | 'rotateWebhookSecret' | 'removeWebhook'> => {
  /** The facts of a command that names a secret as if it were kept. */
  const knowing = (ref: SecretRef, given: Secret | string): Pick<FactSources, 'webhooks'> => ({
    webhooks: { ...facts.webhooks, secretBytes: (asked) => (asked === ref ? Promise.resolve(secretBytesOf(textOf(given))) : facts.webhooks.secretBytes(asked)) },
  });
  /** The secret that signs now keeps its reference. */
  const refOf = async (id: string, given: Secret | string, webhook: WebhookFields | undefined): Promise<SecretRef> => {
    if (webhook === undefined) return unkept(id);
    const present = await secrets.get(webhook.secretRef)();
    return E.isRight(present) && present.right !== undefined && reveal(present.right) === textOf(given) ? webhook.secretRef : unkept(id);
  };

  return {
    registerWebhook: async ({ input: { secret, ...input } }, options) => {
      const named = callers.named(options);
      if (E.isLeft(named)) return named;
      const id = ids.derive(named.right.commandId, 'webhook');
      const secretRef = unkept(id);
      return planWish(registerWish(states, { id, secretRef, input }), named.right.options, knowing(secretRef, secret));
    },
    updateWebhook: async ({ id, input }, options) => {
      const wish = updateWish(states, id, input);
      return E.isLeft(wish) ? wish : planWish(wish.right, options);
    },
    rotateWebhookSecret: async ({ id, secret }, options) => {
      if (!Uuid.is(id)) return E.left(webhookNotFound(id));
      const secretRef = await refOf(id, secret, webhooks.fieldsOf(id));
      return planWish(rotateWish(id, secretRef), options, knowing(secretRef, secret));
    },
    removeWebhook: async ({ id }, options) => {
      const wish = removeWish(id);
      return E.isLeft(wish) ? wish : planWish(wish.right, options);
    },
  };
};
