/** The secrets of webhooks: kept as long as a webhook signs with them. */
import type { SecretRef, WebhookFields } from '@blockledger/domain';
import type { WebhookQueries } from '../../queries/webhooks.ts';
import type { Engine } from '../parts.ts';
import { makeKeptSecrets, ownerOf, type KeptSecrets } from '../secrets/kept.ts';

const refsOf = (webhook: WebhookFields | undefined): readonly SecretRef[] => {
  if (webhook === undefined) return [];
  const { secretRef, previousSecret } = webhook;
  return previousSecret === null ? [secretRef] : [secretRef, previousSecret.secretRef];
};

export const makeWebhookSecrets = (engine: Pick<Engine, 'secrets' | 'logger' | 'store' | 'exclusive'>, webhooks: Pick<WebhookQueries, 'fieldsOf'>): KeptSecrets =>
  makeKeptSecrets(engine, 'webhook', (ref) => refsOf(webhooks.fieldsOf(ownerOf(ref))).includes(ref));
