/** Snapshots as the source writes them (S0-60, S0-132). */
import type * as t from 'io-ts';
import { closed } from '../closed.ts';
import { Flag, Id, Moment, nullable, Ref, Text, UuidText, Whole, wordOf } from '../fields.ts';
import { named } from '../schema.ts';
import { ActionStatusWord, FailureBody, LinkBody } from './common.ts';
import { DescriptionField, NameField } from './volume.ts';

/** `POST /block-snapshots` (S0-60). */
export const NewSnapshot = named('NewBlockSnapshot', closed({ block_volume_id: Ref, name: NameField }, { description: DescriptionField }));
export type NewSnapshot = t.TypeOf<typeof NewSnapshot>;

const SNAPSHOT_STATUSES = ['creating', 'active', 'deleting', 'deleted', 'error'] as const;

/** The resource inside `block_snapshot`. `reserved`: an internal one, such as a rollback's backup (S0-132). */
export const SnapshotBody = named(
  'BlockSnapshot',
  closed(
    {
      id: nullable(Id),
      uuid: UuidText,
      name: Text,
      description: Text,
      status: wordOf(...SNAPSHOT_STATUSES),
      action_status: ActionStatusWord,
      block_volume_id: nullable(Id),
      block_volume: LinkBody,
      pool_id: nullable(Id),
      size: nullable(Whole),
      allocated_size: nullable(Whole),
      protected: Flag,
      reserved: Flag,
      expire: nullable(Moment),
      cloned_block_volume_num: Whole,
      block_volume_group_snapshot: nullable(UuidText),
      operation: nullable(UuidText),
      failure: nullable(FailureBody),
      tenant: Text,
      create: nullable(Moment),
    },
    {},
  ),
);
export type SnapshotBody = t.TypeOf<typeof SnapshotBody>;
