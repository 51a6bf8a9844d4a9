/** Attachments of volumes (R-28, S4-8). */
import * as t from 'io-ts';
import { closed } from '../closed.ts';
import { Flag, Moment, nullable, Ref, Text, UuidText, Whole, wordOf } from '../fields.ts';
import { named } from '../schema.ts';
import { LinkBody } from './common.ts';
import { AccessTypeWord } from './paths.ts';

export const PURPOSES = ['host', 'backup', 'clone', 'migration'] as const;
export const STAGES = ['reserved', 'connecting', 'connected', 'attached', 'detaching', 'disconnecting', 'disconnected'] as const;
const PurposeWord = wordOf(...PURPOSES);
const ModeWord = wordOf('rw', 'ro');
const Wwpns = t.readonlyArray(Text);

/** What a host says of itself (S1-34): `initiator` for iSCSI, `wwpns` for Fibre Channel (S4-3). */
export const ConnectorField = named('NewConnector', closed({}, { initiator: nullable(Text), wwpns: Wwpns, ip: nullable(Text), host: nullable(Text), multipath: Flag }));

/** `POST /block-volumes/{volume}/attachments`: `access_path_id` and `connector` together connect it by the same request (S4-8). */
export const NewAttachment = named(
  'NewAttachment',
  closed({}, { uuid: UuidText, shared: Flag, purpose: PurposeWord, mode: ModeWord, instance: nullable(Text), host: nullable(Text), access_path_id: Ref, connector: ConnectorField }),
);
export type NewAttachment = t.TypeOf<typeof NewAttachment>;

/** `POST …/attachments/{attachment}:connect` (S4-3). */
export const NewConnection = named('NewConnection', closed({ access_path_id: Ref, connector: ConnectorField }, {}));

/** `POST …/attachments/{attachment}:complete` (S4-4). */
export const CompletedAttachment = named('CompletedAttachment', closed({}, { instance: nullable(Text), host: nullable(Text), mount_point: nullable(Text), mode: ModeWord }));

/** The resource inside `attachment`: one user of a volume. `connector` and what follows it are null while it is not connected. */
export const AttachmentBody = named(
  'Attachment',
  closed(
    {
      uuid: UuidText,
      block_volume: LinkBody,
      purpose: PurposeWord,
      shared: Flag,
      mode: ModeWord,
      stage: wordOf(...STAGES),
      task: nullable(UuidText),
      instance: nullable(Text),
      host: nullable(Text),
      mount_point: nullable(Text),
      connector: nullable(named('Connector', closed({ initiator: nullable(Text), wwpns: Wwpns, ip: nullable(Text), host: nullable(Text), multipath: Flag }, {}))),
      access_path: nullable(LinkBody),
      client_group: nullable(LinkBody),
      mapping_group: nullable(UuidText),
      lun_id: nullable(Whole),
      force: Flag,
      releasing: Flag,
      tenant: Text,
      create: nullable(Moment),
    },
    {},
  ),
);
export type AttachmentBody = t.TypeOf<typeof AttachmentBody>;

/** Where a host finds its volume, and the account that it presents; `tsecret` is told to operators, here and nowhere else. */
export const ConnectionInfoBody = named(
  'ConnectionInfo',
  closed(
    {
      block_volume: UuidText,
      attachment: UuidText,
      type: AccessTypeWord,
      mode: ModeWord,
      multipath: Flag,
      sn: Text,
      lun_id: Whole,
      targets: t.readonlyArray(
        named('ConnectionTarget', closed({ host: LinkBody, iqn: Text, portals: t.readonlyArray(named('ConnectionPortal', closed({ ip: Text, port: Whole }, {}))), lun_id: Whole, reachable: Flag }, {})),
      ),
      chap: Flag,
      tname: nullable(Text),
      tsecret: nullable(Text),
    },
    {},
  ),
);
export type ConnectionInfoBody = t.TypeOf<typeof ConnectionInfoBody>;
