/** Webhooks, and how their deliveries fared. */
import { MAX_FILTER_ENTRIES, MAX_URL_LENGTH } from '@blockledger/domain';
import * as t from 'io-ts';
import { closed } from '../closed.ts';
import { Flag, Moment, nullable, Text, UuidText, Whole, wordOf } from '../fields.ts';
import { described, named } from '../schema.ts';
import { FromField } from './event.ts';
import { DELIVERABLE_SUBJECTS } from './subjects.ts';

export const WEBHOOK_STATUSES = ['active', 'failing', 'disabled', 'removed'] as const;

/** The domain has the rules; the document tells them. */
const Url = described(t.refinement(Text, () => true, Text.name), { type: 'string', format: 'uri', maxLength: MAX_URL_LENGTH });
const SigningSecret = described(t.refinement(Text, () => true, Text.name), { type: 'string', writeOnly: true, description: '`whsec_` and the Base64 of 24 to 64 random bytes.' });
const someOf = <C extends t.Any>(codec: C): t.ReadonlyArrayC<C> => t.readonlyArray(codec, `a list of at most ${MAX_FILTER_ENTRIES}`);

/** Which events are delivered. What is left out does not filter. */
const NewFilter = named('WebhookFilter', closed({}, { kinds: someOf(wordOf(...DELIVERABLE_SUBJECTS)), ids: someOf(UuidText), types: someOf(Text), tenant: Text }));
export type NewFilter = t.TypeOf<typeof NewFilter>;

/** `POST /webhooks`. */
export const NewWebhook = named('NewWebhook', closed({ name: Text, url: Url, secret: SigningSecret }, { filter: NewFilter, from: FromField }));
export type NewWebhook = t.TypeOf<typeof NewWebhook>;

/** `PATCH /webhooks/{webhook}`. A filter takes the place of the whole one; `from` skips events, or delivers them again. */
export const WebhookPatch = named('WebhookPatch', closed({}, { url: Url, filter: NewFilter, enabled: Flag, from: FromField }));
export type WebhookPatch = t.TypeOf<typeof WebhookPatch>;

/** `POST /webhooks/{webhook}:rotate-secret`. */
export const NewSecret = closed({ secret: SigningSecret }, {});

const Position = described(t.refinement(t.number, Number.isSafeInteger, 'a position from −1'), { type: 'integer', minimum: -1 });
const Status = described(t.refinement(t.number, Number.isSafeInteger, 'an HTTP status'), { type: 'integer' });

/** The resource inside `webhook`; its secret is nowhere. */
export const WebhookBody = named(
  'Webhook',
  closed(
    {
      uuid: UuidText,
      name: Text,
      tenant: Text,
      url: Text,
      filter: closed({ kinds: nullable(someOf(wordOf(...DELIVERABLE_SUBJECTS))), ids: nullable(someOf(UuidText)), types: nullable(someOf(Text)), tenant: nullable(Text) }, {}),
      status: wordOf(...WEBHOOK_STATUSES),
      disabled: nullable(closed({ because: wordOf('asked', 'failing', 'gone'), message: Text, at: nullable(Moment) }, {})),
      failing: nullable(closed({ position: Position, status: nullable(Status), message: Text, since: nullable(Moment) }, {})),
      position: Position,
      delivered_num: Whole,
      previous_secret_until: nullable(Moment),
      create: nullable(Moment),
      update: nullable(Moment),
    },
    {},
  ),
);
export type WebhookBody = t.TypeOf<typeof WebhookBody>;

/** How one event fared; `position` is null for a test. */
export const DeliveryBody = named(
  'Delivery',
  closed(
    {
      event_id: UuidText,
      type: Text,
      position: nullable(Position),
      outcome: wordOf('delivered', 'failing', 'gone'),
      status: nullable(Status),
      message: nullable(Text),
      attempts: Whole,
      at: nullable(Moment),
      duration_ms: Whole,
    },
    {},
  ),
);
export type DeliveryBody = t.TypeOf<typeof DeliveryBody>;
