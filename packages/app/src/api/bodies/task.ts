/** Tasks (S0-6, S0-135). */
import type * as t from 'io-ts';
import { closed } from '../closed.ts';
import { Finite, Id, Moment, nullable, Text, UuidText, Whole, wordOf } from '../fields.ts';
import { ProblemBody } from '../problem.ts';
import { named } from '../schema.ts';
import { LinkBody } from './common.ts';

export const TASK_TYPES = [
  'CreateBlockVolume',
  'CloneBlockVolume',
  'UpdateBlockVolume',
  'RollBackBlockVolume',
  'FlattenBlockVolume',
  'MigrateBlockVolume',
  'DeleteBlockVolume',
  'RestoreBlockVolume',
  'AdoptBlockVolume',
  'DisownBlockVolume',
  'RecoverBlockVolume',
  'AttachBlockVolume',
  'DetachBlockVolume',
  'CreateBlockSnapshot',
  'DeleteBlockSnapshot',
  'CreatePool',
  'DeletePool',
  'CreateHost',
  'DeleteHost',
  'AdmitHost',
  'AddNetworkAddress',
  'RemoveNetworkAddress',
  'CreateClientGroup',
  'UpdateClientGroup',
  'DeleteClientGroup',
  'CreateAccessPath',
  'UpdateAccessPath',
  'DeleteAccessPath',
  'RedeployAccessPath',
  'CreateTarget',
  'DeleteTarget',
  'CreateMappingGroup',
  'UpdateMappingGroup',
  'DeleteMappingGroup',
  'CreateVIPGroup',
  'UpdateVIPGroup',
  'DeleteVIPGroup',
  'RedeployVIPGroup',
  'CreateVIP',
  'DeleteVIP',
  'VIPGroupAddNetworkAddress',
  'VIPGroupRemoveNetworkAddress',
] as const;
export const TASK_STATUSES = ['queued', 'running', 'waiting', 'succeeded', 'failed', 'cancelled', 'refused'] as const;

const ProgressBody = closed({ done: Finite, total: Finite, unit: wordOf('percent', 'bytes'), percent: Finite }, {});

/** The resource inside `task`. `data` is written as the source writes it, with the id of the resource itself. */
export const TaskBody = named(
  'Task',
  closed(
    {
      id: Id,
      uuid: UuidText,
      type: wordOf(...TASK_TYPES),
      status: wordOf(...TASK_STATUSES),
      data: closed({}, { block_volume: LinkBody, block_snapshot: LinkBody, pool: LinkBody, host: LinkBody, client_group: LinkBody, access_path: LinkBody, vip_group: LinkBody }),
      step: nullable(Text),
      attempts: Whole,
      progress: nullable(ProgressBody),
      error_msg: nullable(Text),
      error: nullable(closed({ code: Text, message: Text }, { refusal: ProblemBody })),
      issued_by: Text,
      tenant: Text,
      correlation_id: Text,
      execute: nullable(Moment),
      finish: nullable(Moment),
    },
    {},
  ),
);
/** A task as it is sent (S0-135). */
export type TaskBody = t.TypeOf<typeof TaskBody>;
