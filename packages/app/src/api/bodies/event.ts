/** Events as they leave the service. */
import * as t from 'io-ts';
import type { EventMessage } from '../../queries/eventMessage.ts';
import { closed } from '../closed.ts';
import { AnyObject, Id, Moment, nullable, Text, UuidText, Whole, wordOf } from '../fields.ts';
import { named } from '../schema.ts';

/** What events can be about. The last three only admins see. */
export const EVENT_SUBJECTS = ['block_volume', 'block_snapshot', 'pool', 'backend', 'token', 'webhook', 'reservation'] as const;

/** One event of a stream. */
export const EventMessageBody: t.Type<EventMessage, unknown> = named(
  'EventMessage',
  closed(
    {
      position: Whole,
      event_id: UuidText,
      type: Text,
      resource_type: wordOf(...EVENT_SUBJECTS),
      // A backend has its name.
      resource_id: Text,
      resource_number: nullable(Id),
      data: AnyObject,
      at: Moment,
      issued_by: Text,
      tenant: Text,
      command_id: UuidText,
      correlation_id: Text,
      request: nullable(Text),
    },
    {},
  ),
);

/** After which event to begin: `start`, `now`, or its position. */
export const FromField = t.union([t.literal('start'), t.literal('now'), t.refinement(t.number, (n) => Number.isSafeInteger(n) && n >= -1, 'a position from −1')], 'start, now, or a position from −1');
