/** Access paths, and what they are made of: targets and mapping groups (S0-86, S0-96, S0-98). */
import * as t from 'io-ts';
import { closed } from '../closed.ts';
import { Flag, Id, Moment, nullable, Ref, Text, UuidText, Whole, wordOf } from '../fields.ts';
import { named } from '../schema.ts';
import { ActionStatusWord, FailureBody, LinkBody } from './common.ts';
import { AccessTypeWord, ChapSecret, ChapUser, OperationBody, PartStatusWord, UnreachableBody } from './paths.ts';
import { QosField } from './qos.ts';
import { DescriptionField, NameField } from './volume.ts';

/** The account that initiators present (S0-86). */
const forward = { chap: Flag, tname: ChapUser, tsecret: ChapSecret } as const;

/** `POST /access-paths`: a target on each of the hosts. `chap: true` goes with `tname` and `tsecret`. */
export const NewAccessPath = named(
  'NewAccessPath',
  closed({ name: NameField, host_ids: t.readonlyArray(Ref) }, { description: DescriptionField, type: AccessTypeWord, iqn_prefix: Text, ...forward }),
);
export type NewAccessPath = t.TypeOf<typeof NewAccessPath>;

/** `PATCH /access-paths/{access_path}` (S0-86). */
export const AccessPathPatch = named('AccessPathPatch', closed({}, { name: NameField, description: DescriptionField, ...forward }));
export type AccessPathPatch = t.TypeOf<typeof AccessPathPatch>;

/** `POST /targets`: the access path on another host. */
export const NewTarget = named('NewTarget', closed({ access_path_id: Ref, host_id: Ref }, {}));

const Volumes = t.readonlyArray(Ref);

/** `POST /mapping-groups`. */
export const NewMappingGroup = named('NewMappingGroup', closed({ access_path_id: Ref, client_group_id: Ref }, { block_volume_ids: Volumes, shared: Flag }));
export type NewMappingGroup = t.TypeOf<typeof NewMappingGroup>;

/** `POST /mapping-groups/{mapping_group}/block-volumes` (S0-97). */
export const AddedVolumes = named('AddedBlockVolumes', closed({ block_volume_ids: Volumes }, { shared: Flag }));
/** `DELETE /mapping-groups/{mapping_group}/block-volumes` (S0-96). */
export const RemovedVolumes = named('RemovedBlockVolumes', closed({ block_volume_ids: Volumes }, {}));

const PortalBody = named('Portal', closed({ ip: Text, port: Whole }, {}));

/**
 * The resource inside `target`: what an access path has on one host. It is `confirmed` when everything is there as the wanted version says;
 * `confirmed_version` is null before the first.
 */
export const TargetBody = named(
  'Target',
  closed(
    {
      id: nullable(Id),
      uuid: UuidText,
      access_path: LinkBody,
      host: LinkBody,
      backend: Text,
      status: PartStatusWord,
      iqns: t.readonlyArray(Text),
      portals: t.readonlyArray(PortalBody),
      wanted_version: Whole,
      confirmed_version: nullable(Whole),
      confirmed: Flag,
      off: Flag,
      unreachable: nullable(UnreachableBody),
      tenant: Text,
    },
    {},
  ),
);
export type TargetBody = t.TypeOf<typeof TargetBody>;

/** A volume as one client group sees it. `sn`, `size` and `qos` are null until the volume has agreed. */
const LunBody = named(
  'Lun',
  closed({ lun_id: Whole, block_volume: LinkBody, mapping: UuidText, sn: nullable(Text), size: nullable(Whole), qos: nullable(QosField), status: PartStatusWord }, {}),
);

/** The resource inside `mapping_group`: what one client group sees by one access path (S0-98). */
export const MappingGroupBody = named(
  'MappingGroup',
  closed(
    { id: nullable(Id), uuid: UuidText, access_path: LinkBody, client_group: LinkBody, status: PartStatusWord, shared: Flag, luns: t.readonlyArray(LunBody), tenant: Text },
    {},
  ),
);
export type MappingGroupBody = t.TypeOf<typeof MappingGroupBody>;

/** How portals of virtual IPs stand with the physical ones: beside them, alone, or about to go. */
export const VipStageWord = wordOf('beside', 'alone', 'leaving');

const ACCESS_PATH_STATUSES = ['creating', 'active', 'deleting', 'deleted', 'refused'] as const;

/** The resource inside `access_path`; its secret is nowhere. `target_scope` is what one target stands for, by its backend. */
export const AccessPathBody = named(
  'AccessPath',
  closed(
    {
      id: nullable(Id),
      uuid: UuidText,
      name: Text,
      description: Text,
      type: AccessTypeWord,
      status: wordOf(...ACCESS_PATH_STATUSES),
      action_status: ActionStatusWord,
      chap: Flag,
      tname: nullable(Text),
      iqn_prefix: Text,
      target_scope: wordOf('access_path', 'client_group', 'volume'),
      version: Whole,
      targets: t.readonlyArray(TargetBody),
      mapping_groups: t.readonlyArray(MappingGroupBody),
      vip_groups: t.readonlyArray(closed({ id: nullable(Id), uuid: UuidText, stage: VipStageWord, ips: t.readonlyArray(Text) }, {})),
      operations: t.readonlyArray(OperationBody),
      failure: nullable(FailureBody),
      tenant: Text,
      create: nullable(Moment),
      update: nullable(Moment),
    },
    {},
  ),
);
export type AccessPathBody = t.TypeOf<typeof AccessPathBody>;
