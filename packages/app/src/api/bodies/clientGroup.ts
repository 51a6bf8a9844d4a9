/** Client groups: initiators that see the same volumes (S0-87, S0-93). */
import * as t from 'io-ts';
import { closed } from '../closed.ts';
import { Flag, Id, Moment, nullable, Text, UuidText, wordOf } from '../fields.ts';
import { named } from '../schema.ts';
import { ActionStatusWord, LinkBody } from './common.ts';
import { AccessTypeWord, ChapSecret, ChapUser } from './paths.ts';
import { DescriptionField, NameField } from './volume.ts';

/** An initiator: an IQN or an IP address, a WWN with Fibre Channel (S0-93, X-6). */
const ClientCode = named('Client', closed({ code: Text }, {}));
const Clients = t.readonlyArray(ClientCode);
/** The account by which targets prove themselves (S0-87). */
const mutual = { chap: Flag, iname: ChapUser, isecret: ChapSecret } as const;

/** `POST /client-groups`. `chap: true` goes with `iname` and `isecret`. */
export const NewClientGroup = named('NewClientGroup', closed({ name: NameField, clients: Clients }, { description: DescriptionField, type: AccessTypeWord, ...mutual }));
export type NewClientGroup = t.TypeOf<typeof NewClientGroup>;

/** `PATCH /client-groups/{client_group}` (S0-87). `clients` takes the place of all of them. */
export const ClientGroupPatch = named('ClientGroupPatch', closed({}, { name: NameField, description: DescriptionField, clients: Clients, ...mutual }));
export type ClientGroupPatch = t.TypeOf<typeof ClientGroupPatch>;

const CLIENT_GROUP_STATUSES = ['creating', 'active', 'deleted', 'refused'] as const;

/** The resource inside `client_group`; its secret is nowhere. */
export const ClientGroupBody = named(
  'ClientGroup',
  closed(
    {
      id: nullable(Id),
      uuid: UuidText,
      name: Text,
      description: Text,
      type: AccessTypeWord,
      status: wordOf(...CLIENT_GROUP_STATUSES),
      action_status: ActionStatusWord,
      clients: Clients,
      chap: Flag,
      iname: nullable(Text),
      mapping_groups: t.readonlyArray(closed({ id: nullable(Id), uuid: UuidText, access_path: LinkBody }, {})),
      operation: nullable(UuidText),
      tenant: Text,
      create: nullable(Moment),
      update: nullable(Moment),
    },
    {},
  ),
);
export type ClientGroupBody = t.TypeOf<typeof ClientGroupBody>;
