/** Hosts and their network addresses (S0-66, S0-98). */
import * as t from 'io-ts';
import { closed } from '../closed.ts';
import { Flag, Id, Moment, nullable, Ref, Text, UuidText, Whole, wordOf } from '../fields.ts';
import { described, named } from '../schema.ts';
import { LinkBody } from './common.ts';
import { PartStatusWord } from './paths.ts';
import { NameField } from './volume.ts';

export const ADDRESS_ROLES = ['gateway', 'admin', 'public', 'private'] as const;
const RoleWord = wordOf(...ADDRESS_ROLES);

/** The length of a prefix. */
export const MaskField = described(t.refinement(Whole, () => true, Whole.name), { type: 'integer', minimum: 0, maximum: 32 });

const addressFields = { ip: Text, mask: MaskField, interface: Text } as const;
const addressOptions = { segment: Text, role: RoleWord } as const;

/** An address of a host. `segment` is what hears the same broadcasts; left out, it is the address's network. */
export const HostAddress = named('HostAddress', closed(addressFields, addressOptions));
export type HostAddress = t.TypeOf<typeof HostAddress>;

/** `POST /hosts`. `name` is the one by which its backends know it. */
export const NewHost = named('NewHost', closed({ name: NameField }, { target_backend: nullable(Text), vip_backend: nullable(Text), network_addresses: t.readonlyArray(HostAddress) }));
export type NewHost = t.TypeOf<typeof NewHost>;

/** `POST /network-addresses`. */
export const NewNetworkAddress = named('NewNetworkAddress', closed({ host_id: Ref, ...addressFields }, addressOptions));
export type NewNetworkAddress = t.TypeOf<typeof NewNetworkAddress>;

/** Why a host is paused, or said to be off. */
export const ReasonBody = named('Reason', closed({ reason: Text }, {}));

/** The resource inside `network_address`. `vip_groups` are those whose addresses may come here. */
export const NetworkAddressBody = named(
  'NetworkAddress',
  closed(
    {
      id: nullable(Id),
      uuid: UuidText,
      host: LinkBody,
      ip: Text,
      mask: MaskField,
      interface: Text,
      segment: Text,
      role: RoleWord,
      status: PartStatusWord,
      vip_groups: t.readonlyArray(UuidText),
    },
    {},
  ),
);
export type NetworkAddressBody = t.TypeOf<typeof NetworkAddressBody>;

/** What waits for a host to be reached again. `error` and `since` are null where it was said to be off. */
const DebtBody = named(
  'HostDebt',
  closed({ resource_type: wordOf('access_path', 'vip_group'), resource: LinkBody, error: nullable(closed({ code: Text, message: Text }, {})), since: nullable(Moment) }, {}),
);

const HOST_STATUSES = ['registering', 'active', 'retired', 'refused'] as const;

/** The resource inside `host`. `paused` and `off` say why; null where it is not. `admission`: whether it may hold virtual IPs; null before anybody asked (I-21). */
export const HostBody = named(
  'Host',
  closed(
    {
      id: nullable(Id),
      uuid: UuidText,
      name: Text,
      status: wordOf(...HOST_STATUSES),
      target_backend: nullable(Text),
      vip_backend: nullable(Text),
      backends_present: Flag,
      paused: nullable(Text),
      off: nullable(Text),
      admission: nullable(wordOf('asked', 'admitted')),
      network_addresses: t.readonlyArray(NetworkAddressBody),
      access_paths: t.readonlyArray(LinkBody),
      debts: t.readonlyArray(DebtBody),
      create: nullable(Moment),
    },
    {},
  ),
);
export type HostBody = t.TypeOf<typeof HostBody>;
