/** VIP groups and virtual IPs (S0-67, S0-83, S0-134). */
import * as t from 'io-ts';
import { closed } from '../closed.ts';
import { Flag, Id, Moment, nullable, Ref, Text, UuidText, Whole, wordOf } from '../fields.ts';
import { named } from '../schema.ts';
import { VipStageWord } from './accessPath.ts';
import { ActionStatusWord, FailureBody, LinkBody } from './common.ts';
import { MaskField } from './host.ts';
import { OperationBody, PartStatusWord, UnreachableBody } from './paths.ts';

export const VIP_RESOURCE_TYPES = ['access_path'] as const;
const ResourceTypeWord = wordOf(...VIP_RESOURCE_TYPES);

/** `network_address_id` is the host's address that is preferred to hold the virtual one (S0-67). */
const vipFields = { ip: Text, network_address_id: Ref } as const;
const GroupVip = named('NewGroupVip', closed(vipFields, { mask: MaskField }));

/** `POST /vip-groups` (S0-67). */
export const NewVipGroup = named('NewVipGroup', closed({ network: Text, resource_id: Ref, resource_type: ResourceTypeWord, vips: t.readonlyArray(GroupVip) }, { preempt: Flag }));
export type NewVipGroup = t.TypeOf<typeof NewVipGroup>;

/** `PATCH /vip-groups/{vip_group}` (S0-134). */
export const VipGroupPatch = named('VipGroupPatch', closed({ preempt: Flag }, {}));

/** `POST /vips` (S0-83). */
export const NewVip = named('NewVip', closed({ vip_group_id: Ref, ...vipFields }, { mask: MaskField }));
export type NewVip = t.TypeOf<typeof NewVip>;

/** `POST /vip-groups/{vip_group}/network-addresses` (S0-78). */
export const NewMember = closed({ network_address_id: Ref }, {});

/** A virtual IP on one host. `state`, `holds`, `not_ready` (why it might not hold it) and `seen` tell what was seen last; null where this service has not looked. */
const VipInstanceBody = named(
  'VipInstance',
  closed(
    {
      network_address: LinkBody,
      host: LinkBody,
      source: Text,
      interface: Text,
      priority: Whole,
      status: PartStatusWord,
      action_status: ActionStatusWord,
      confirmed: Flag,
      state: nullable(Text),
      holds: nullable(Flag),
      not_ready: nullable(wordOf('admission', 'service', 'yielding')),
      seen: nullable(Moment),
      unreachable: nullable(UnreachableBody),
    },
    {},
  ),
);

/** The resource inside `vip`. `virtual_router_id` is null until one is reserved, `holder` where nobody was seen holding it. */
export const VipBody = named(
  'Vip',
  closed(
    {
      id: nullable(Id),
      uuid: UuidText,
      vip_group: LinkBody,
      access_path: LinkBody,
      ip: Text,
      mask: MaskField,
      virtual_router_id: nullable(Whole),
      status: PartStatusWord,
      action_status: ActionStatusWord,
      network_address: LinkBody,
      holder: nullable(closed({ network_address: LinkBody, host: LinkBody }, {})),
      split: Flag,
      contested: Flag,
      instances: t.readonlyArray(VipInstanceBody),
      tenant: Text,
    },
    {},
  ),
);
export type VipBody = t.TypeOf<typeof VipBody>;

/** A host that the addresses may move to. `awaits_admission`: since when it is known that it may hold nothing before it is admitted (I-21). */
const MemberBody = named(
  'VipMember',
  closed({ network_address: LinkBody, host: LinkBody, ip: Text, interface: Text, status: PartStatusWord, off: Flag, awaits_admission: nullable(Moment), unreachable: nullable(UnreachableBody) }, {}),
);

const VIP_GROUP_STATUSES = ['creating', 'active', 'deleting', 'deleted', 'refused'] as const;

/** The resource inside `vip_group`. */
export const VipGroupBody = named(
  'VipGroup',
  closed(
    {
      id: nullable(Id),
      uuid: UuidText,
      resource_type: ResourceTypeWord,
      resource_id: nullable(Id),
      access_path: LinkBody,
      network: Text,
      segment: Text,
      preempt: Flag,
      status: wordOf(...VIP_GROUP_STATUSES),
      action_status: ActionStatusWord,
      stage: VipStageWord,
      network_addresses: t.readonlyArray(MemberBody),
      vips: t.readonlyArray(VipBody),
      operations: t.readonlyArray(OperationBody),
      failure: nullable(FailureBody),
      tenant: Text,
      create: nullable(Moment),
      update: nullable(Moment),
    },
    {},
  ),
);
export type VipGroupBody = t.TypeOf<typeof VipGroupBody>;
