/** Backends: what pools live on, and whether their work runs. */
import * as t from 'io-ts';
import { closed } from '../closed.ts';
import { AnyObject, Flag, Id, Moment, nullable, Text, UuidText, Whole } from '../fields.ts';
import { named } from '../schema.ts';

const CallBody = closed({ task: UuidText, step: Text, attempts: Whole }, {});

/**
 * The resource inside `backend`. `type` is null where this process does not have it. `capabilities` are about volumes, those of `targets` about
 * offering them to initiators: null where it does not do that. `calls` are under way.
 */
export const BackendBody = named(
  'Backend',
  closed(
    {
      name: Text,
      type: nullable(Text),
      present: Flag,
      capabilities: nullable(AnyObject),
      targets: nullable(closed({ type: Text, capabilities: AnyObject }, {})),
      paused: nullable(closed({ reason: Text, since: nullable(Moment) }, {})),
      pools: t.readonlyArray(closed({ id: nullable(Id), uuid: UuidText, name: Text }, {})),
      calls: t.readonlyArray(CallBody),
      queued: Whole,
      waiting: Whole,
    },
    {},
  ),
);
export type BackendBody = t.TypeOf<typeof BackendBody>;
