/** What must hold before a webhook accepts a command. */
import { nameFault } from '../kernel/names.ts';
import { refuseWebhook, type WebhookRefusal } from './errors.ts';
import type { WebhookDecisionFacts } from './facts.ts';
import { MAX_FILTER_ENTRIES, MAX_SECRET_BYTES, MAX_URL_LENGTH, MAX_WEBHOOKS, MIN_SECRET_BYTES } from './limits.ts';
import type { WebhookFilter } from './messages.ts';

type Answer = WebhookRefusal | undefined;

export const validName = (name: string): Answer => {
  const fault = nameFault(name);
  return fault === undefined ? undefined : refuseWebhook('NameIsNotAllowed', `the name ${JSON.stringify(name)} is not allowed: ${fault}`, { value: name });
};

export const roomForWebhook = ({ registered }: WebhookDecisionFacts): Answer =>
  registered < MAX_WEBHOOKS ? undefined : refuseWebhook('TooManyWebhooks', `there are ${registered} webhooks already`, { value: registered, limit: MAX_WEBHOOKS });

/** What is wrong with an address. An answer must not repeat it where it holds a password. */
const urlFault = (url: string, { url: parsed, plainHttpAllowed }: WebhookDecisionFacts): string | undefined => {
  if (url.length > MAX_URL_LENGTH) return `it has ${url.length} characters, ${MAX_URL_LENGTH} are allowed`;
  if (parsed === null) return 'it cannot be read as an address';
  if (parsed.hasCredentials) return 'it holds a user or password, which would be kept with it for ever';
  if (parsed.protocol === 'https:') return undefined;
  if (parsed.protocol !== 'http:') return `it is neither https nor http, but ${parsed.protocol}`;
  return parsed.isLoopback || plainHttpAllowed ? undefined : 'plain http would show every event to whoever listens on the way';
};

export const urlAllowed = (url: string, facts: WebhookDecisionFacts): Answer => {
  const fault = urlFault(url, facts);
  if (fault === undefined) return undefined;
  const shown = facts.url?.hasCredentials === true ? {} : { value: url.slice(0, MAX_URL_LENGTH) };
  return refuseWebhook('UrlIsNotAllowed', `the address is not allowed: ${fault}`, shown);
};

const unknownIn = (given: readonly string[] | null, known: readonly string[]): string | undefined => given?.find((one) => !known.includes(one));

export const filterKnown = ({ kinds, ids, types }: WebhookFilter, facts: WebhookDecisionFacts): Answer => {
  const longest = Math.max(kinds?.length ?? 0, ids?.length ?? 0, types?.length ?? 0);
  if (longest > MAX_FILTER_ENTRIES) {
    return refuseWebhook('FilterIsInvalid', `a list of the filter has ${longest} entries`, { value: longest, limit: MAX_FILTER_ENTRIES });
  }
  const kind = unknownIn(kinds, facts.kinds);
  if (kind !== undefined) return refuseWebhook('FilterIsInvalid', `there are no events of the kind ${JSON.stringify(kind)} to deliver`, { value: kind, limit: facts.kinds });
  const type = unknownIn(types, facts.types);
  return type === undefined ? undefined : refuseWebhook('FilterIsInvalid', `there are no events of the type ${JSON.stringify(type)} to deliver`, { value: type });
};

export const secretInRange = ({ secretBytes }: WebhookDecisionFacts): Answer => {
  if (secretBytes === null) return refuseWebhook('SecretIsMissing', 'the secret store does not have the secret that signs');
  return secretBytes >= MIN_SECRET_BYTES && secretBytes <= MAX_SECRET_BYTES
    ? undefined
    : refuseWebhook('SecretLengthOutOfRange', `the secret has ${secretBytes} bytes, between ${MIN_SECRET_BYTES} and ${MAX_SECRET_BYTES} are allowed`, {
        value: secretBytes,
        limit: secretBytes < MIN_SECRET_BYTES ? MIN_SECRET_BYTES : MAX_SECRET_BYTES,
      });
};
