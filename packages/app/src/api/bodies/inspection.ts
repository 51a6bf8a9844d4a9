/** What operators look at: the past, the actions taken, what differs from the backends, what to know. */
import * as t from 'io-ts';
import { closed } from '../closed.ts';
import { AnyObject, Flag, Moment, nullable, Text, UuidText, Whole, wordOf } from '../fields.ts';
import { ProblemBody } from '../problem.ts';
import { named } from '../schema.ts';
import { eventFields } from './event.ts';
import { ACTION_SUBJECTS } from './subjects.ts';

/** One event of a resource, as it is stored. */
export const EventBody = named(
  'Event',
  closed({ ...eventFields, revision: Whole, stream: Text, at: nullable(Moment) }, {}),
);
export type EventBody = t.TypeOf<typeof EventBody>;

/** What an action is about; a backend is known by its name. */
const ActionSubjectBody = named('ActionSubject', closed({ resource_type: wordOf(...ACTION_SUBJECTS), resource_id: Text }, {}));

const actionFields = {
  command_id: UuidText,
  action: Text,
  status: wordOf('accepted', 'refused'),
  user: Text,
  tenant: Text,
  correlation_id: Text,
  client_ip: nullable(Text),
  resource_type: nullable(wordOf(...ACTION_SUBJECTS)),
  // A backend has its name.
  resource_id: nullable(Text),
  related_resources: t.readonlyArray(ActionSubjectBody),
  parameter: t.unknown,
  events: t.readonlyArray(Text),
  told: t.readonlyArray(closed({ type: Text, data: AnyObject }, {})),
  message: nullable(Text),
  problem: nullable(ProblemBody),
  start: nullable(Moment),
  finish: nullable(Moment),
} as const;

/**
 * One command and what came of it (S0-136). `parameter` and `client_ip` are null where a crash or age took them away; `told` is what the log
 * says of it, secrets masked, and is empty where it was refused before anything was written down. `message` says why it was refused.
 */
export const ActionBody = named('Action', closed(actionFields, {}));
export type ActionBody = t.TypeOf<typeof ActionBody>;

/**
 * The same with its resource as it was before and as it was afterwards, the end of its work included. Null where it was not there, where
 * nothing changed it, and for what is no volume, snapshot or pool.
 */
export const ActionDetailBody = named('ActionDetail', closed({ ...actionFields, old_data: nullable(AnyObject), new_data: nullable(AnyObject) }, {}));
export type ActionDetailBody = t.TypeOf<typeof ActionDetailBody>;

/** Something that differs between the log and a backend, in a `pool` or on a `host`; `mend` is the request that would mend it, null where a person must look. */
export const DriftBody = named(
  'Drift',
  closed(
    { kind: wordOf('unexpected', 'missing', 'differing'), backend_name: Text, message: Text, mend: nullable(AnyObject) },
    { pool: UuidText, host: UuidText, access_path: UuidText, vip_group: UuidText, block_volume: UuidText, block_snapshot: UuidText, field: Text, expected: t.unknown, found: t.unknown },
  ),
);
export type DriftBody = t.TypeOf<typeof DriftBody>;

export const DriftReportBody = named(
  'DriftReport',
  closed(
    { drifts: t.readonlyArray(DriftBody), unseen: t.readonlyArray(closed({ code: Text, message: Text }, { pool: UuidText, host: UuidText })), busy: t.readonlyArray(Text) },
    {},
  ),
);
export type DriftReportBody = t.TypeOf<typeof DriftReportBody>;

/** What rebuilding a lost log wrote down (I-27). */
export const RebuildBody = named(
  'Rebuild',
  closed(
    {
      block_volumes: t.readonlyArray(UuidText),
      block_snapshots: t.readonlyArray(UuidText),
      skipped: t.readonlyArray(closed({ pool: UuidText, backend_name: Text, why: Text }, {})),
    },
    {},
  ),
);
export type RebuildBody = t.TypeOf<typeof RebuildBody>;

/** Something an operator should know. */
export const WarningBody = named('Warning', closed({ code: Text, message: Text, since: nullable(Moment) }, { pool: UuidText, host: UuidText, vip_group: UuidText }));
export type WarningBody = t.TypeOf<typeof WarningBody>;

/** Yes, it was done. */
export const DoneBody = named('Done', closed({ done: Flag }, {}));
