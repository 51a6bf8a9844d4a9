/** Events as they leave the service. */
import * as t from 'io-ts';
import type { EventMessage } from '../../queries/eventMessage.ts';
import { closed } from '../closed.ts';
import { AnyObject, Id, Moment, nullable, Text, UuidText, Whole, wordOf } from '../fields.ts';
import { named } from '../schema.ts';
import { EVENT_SUBJECTS } from './subjects.ts';

/** What every event says, wherever it is shown. `request` is what a caller asked for; null where work reports its end. */
export const eventFields = {
  position: Whole,
  event_id: UuidText,
  type: Text,
  data: AnyObject,
  issued_by: Text,
  tenant: Text,
  command_id: UuidText,
  correlation_id: Text,
  request: nullable(Text),
};

/** One event of a stream. */
export const EventMessageBody: t.Type<EventMessage, unknown> = named(
  'EventMessage',
  closed(
    {
      ...eventFields,
      resource_type: wordOf(...EVENT_SUBJECTS),
      // A backend has its name.
      resource_id: Text,
      resource_number: nullable(Id),
      at: Moment,
    },
    {},
  ),
);

/** After which event to begin: `start`, `now`, or its position. */
export const FromField = t.union([t.literal('start'), t.literal('now'), t.refinement(t.number, (n) => Number.isSafeInteger(n) && n >= -1, 'a position from −1')], 'start, now, or a position from −1');
