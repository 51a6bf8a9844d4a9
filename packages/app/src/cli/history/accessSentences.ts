/** What happened to tokens and webhooks, in sentences. */
import type { TokenEvent, WebhookEvent } from '@blockledger/domain';
import { numberIn, objectIn, textIn } from './data.ts';
import type { Sentences } from './sentence.ts';
import { momentIn } from './words.ts';

const BECAUSE: Readonly<Record<string, string>> = { asked: 'somebody asked for it', failing: 'it had failed for too long', gone: 'the receiver said that it is gone' };

export const token: Sentences<TokenEvent> = {
  AccessTokenIssued: (data, words) => `It was issued for ${textIn(data, 'name')}, ${textIn(data, 'role')}, ${data['tenant'] === null ? 'all tenants' : `tenant ${textIn(data, 'tenant')}`}${numberIn(data, 'expiresAt') === undefined ? '' : `, until ${momentIn(words, data, 'expiresAt')}`}`,
  AccessTokenRevoked: (data) => `It was revoked: ${textIn(data, 'reason')}`,
};

export const webhook: Sentences<WebhookEvent> = {
  WebhookRegistered: (data) => `The webhook ${textIn(data, 'name')} was registered, to ${textIn(data, 'url')}`,
  WebhookUpdated: (data) => `It sends to ${textIn(data, 'url')} now, or other events than before`,
  WebhookMoved: (data) => `It goes on behind position ${numberIn(data, 'position') ?? '?'}`,
  WebhookEnabled: () => 'It sends again',
  WebhookDisabled: (data) => `It sends nothing any more, since ${BECAUSE[textIn(data, 'because')] ?? textIn(data, 'because')}: ${textIn(data, 'message')}`,
  WebhookSecretRotated: (data, words) => `It signs with another secret, and with the one before, too, until ${momentIn(words, objectIn(data, 'previous'), 'until')}`,
  DeliveriesRecorded: (data) => `It has delivered ${numberIn(data, 'count') ?? '?'} more, up to position ${numberIn(data, 'position') ?? '?'}`,
  DeliveryFailing: (data) => `The event at position ${numberIn(data, 'position') ?? '?'} was not taken and is sent again: ${textIn(data, 'message')}`,
  WebhookRemoved: () => 'It was removed',
};
