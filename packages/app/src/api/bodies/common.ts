/** What bodies of all kinds share. */
import * as t from 'io-ts';
import { closed } from '../closed.ts';
import { Flag, Id, Moment, nullable, Text, UuidText, Whole, wordOf } from '../fields.ts';
import { described, named } from '../schema.ts';

/** A resource by both of its names. `id` is null where the integer is not known. */
export const LinkBody = named('Link', closed({ id: nullable(Id), uuid: UuidText }, { name: nullable(Text) }));

/** The source's second state field (S0-5): `active` where nothing is being done, `error` where failed work waits for somebody. */
export const ActionStatusWord = named(
  'ActionStatus',
  wordOf('active', 'creating', 'updating', 'resizing', 'flattening', 'migrating', 'rolling_back', 'deleting', 'restoring', 'disowning', 'error'),
);

/** Failed work that waits for a retry or to be abandoned; `task` is what to retry. */
export const FailureBody = named('Failure', closed({ task: UuidText, step: Text, code: Text, message: Text, since: nullable(Moment) }, {}));
export type FailureBody = t.TypeOf<typeof FailureBody>;

/** The source's paging fields (S0-4). */
export const PagingBody = named(
  'Paging',
  closed(
    {
      count: Whole,
      limit: described(t.refinement(t.number, Number.isSafeInteger, 'a whole number from −1'), { type: 'integer', minimum: -1 }),
      offset: Whole,
      next: nullable(Text),
      total_count: Whole,
      truncated: Flag,
    },
    {},
  ),
);
export type PagingBody = t.TypeOf<typeof PagingBody>;
