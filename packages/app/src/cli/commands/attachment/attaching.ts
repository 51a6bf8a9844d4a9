/** `blockledger attachment reserve`, `connect`, `complete`. */
import * as E from 'fp-ts/lib/Either.js';
import { PURPOSES } from '../../../api/bodies/attachment.ts';
import type { ApiClient } from '../../../client/index.ts';
import { ending, type Ending } from '../../exit.ts';
import { flag, maybe, needed, several, type Values } from '../../frame/parts.ts';
import { oneOf, text } from '../../frame/readers.ts';
import { attachmentArgument, attachmentRef, ATTACHMENT_TEXT, uuidText } from '../../service/attachmentRefs.ts';
import type { ChangeCall } from '../../service/changing.ts';
import { fileIsFree, secretParts } from '../../service/connection.ts';
import { refOf, resolveRef, type Ref } from '../../service/refs.ts';
import { verbCommand } from '../../service/verb.ts';
import { given } from '../../show/given.ts';
import { tellAttachment } from './telling.ts';

type Request = Promise<E.Either<Ending, ChangeCall>>;

/** What a host says of itself. */
const connectorParts = {
  initiator: maybe('--initiator <iqn>', 'its IQN, as /etc/iscsi/initiatorname.iscsi has it', text),
  wwpns: several('--wwpn <wwn>', 'one of its WWNs, for Fibre Channel; may be given several times', text),
  ip: maybe('--ip <address>', 'its address', text),
  host: maybe('--host <name>', 'what the machine that gets the volume is called; no gateway', text),
  multipath: flag('--multipath', 'it comes in by several portals at once'),
} as const;

interface Connector {
  readonly initiator?: string;
  readonly wwpns?: readonly string[];
  readonly ip?: string;
  readonly host?: string;
  readonly multipath?: boolean;
}

const connectorOf = ({ initiator, wwpns, ip, host, multipath }: Values<typeof connectorParts>): Connector => ({
  ...given({ initiator, ip, host }),
  ...(wwpns.length === 0 ? {} : { wwpns }),
  ...(multipath ? { multipath } : {}),
});

const modePart = maybe('--mode <mode>', 'rw (the default) or ro: kept and told, not enforced', oneOf('rw', 'ro'));
const instancePart = maybe('--instance <instance>', 'the instance that it is for, such as the UUID of a virtual machine', text);

/** The access path of a connection by the same request; undefined without one. */
const pathOf = async (client: ApiClient, { path, initiator, wwpns }: { readonly path: string | undefined; readonly initiator: string | undefined; readonly wwpns: readonly string[] }): Promise<E.Either<Ending, Ref | undefined>> => {
  const hasInitiator = initiator !== undefined || wwpns.length > 0;
  if (path === undefined) return hasInitiator ? E.left(ending('usage', 'an initiator was given, and no access path', 'name it with --path')) : E.right(undefined);
  return hasInitiator ? resolveRef(client, 'path', path) : E.left(ending('usage', 'an access path was given, and no initiator', 'name it with --initiator, or with --wwpn for Fibre Channel'));
};

export const attachmentReserve = verbCommand({
  kind: 'volume',
  words: 'attachment reserve',
  summary: 'Keep a volume for one user, and connect his host by the same request',
  about: 'Of two who ask at once one is told no, unless both say --shared. With --path and --initiator it is reserved and connected, or neither; what is told of the connection is that of `attachment connect`.',
  options: {
    uuid: maybe('--uuid <uuid>', 'the UUID that it is to have; asked again with it, it is the same attachment', uuidText),
    shared: flag('--shared', 'others may have the volume, too; all of them must say so'),
    purpose: maybe('--purpose <purpose>', 'host (the default), or backup, clone or migration, which hold a volume without a connection', oneOf(...PURPOSES)),
    mode: modePart,
    instance: instancePart,
    path: maybe('--path <path>', 'the access path by which the host is to see it', refOf('path')),
    ...connectorParts,
    ...secretParts,
  },
  examples: [
    { line: 'blockledger attachment reserve data-2 --instance vm-2', does: 'nobody else gets data-2 now' },
    { line: 'blockledger attachment reserve data-2 --instance vm-2 --path gold --initiator iqn.1994-05.com.redhat:node2 --wait', does: 'node2 sees it by gold, too' },
  ],
  adding: (asked, secrets) => tellAttachment(asked, secrets),
  call: async (client, volume, { uuid, shared, purpose, mode, instance, path, chapSecretFile, showChapSecret, ...connector }): Request => {
    const free = fileIsFree({ chapSecretFile, showChapSecret });
    if (E.isLeft(free)) return free;
    const ref = await pathOf(client, { path, ...connector });
    if (E.isLeft(ref)) return ref;
    const fields = { ...given({ uuid, purpose, mode, instance, host: connector.host, access_path_id: ref.right }), ...(shared ? { shared } : {}), ...(ref.right === undefined ? {} : { connector: connectorOf(connector) }) };
    return E.right((how) => client.createAttachment({ path: { volume }, body: { attachment: fields }, ...how }));
  },
});

const takes = { attachment: needed('<attachment>', ATTACHMENT_TEXT, attachmentArgument) } as const;

export const attachmentConnect = verbCommand({
  kind: 'volume',
  words: 'attachment connect',
  summary: 'Let the host of a reserved attachment see the volume, and tell where it finds it',
  about: 'It is done when every host of the access path that can be reached shows the volume. Asked again for the same initiator it does nothing. With --wait, or where it is connected already, targets, portals, LUN and account are told; the secret of the account only where it is asked for, with --json, too.',
  takes,
  options: { path: needed('--path <path>', 'the access path by which the host is to see it', refOf('path')), ...connectorParts, ...secretParts },
  examples: [{ line: 'blockledger attachment connect data-2 vm-1 --path gold --initiator iqn.1994-05.com.redhat:node1 --multipath --wait', does: 'node1 sees it by every portal of gold' }],
  adding: (asked, secrets) => tellAttachment(asked, secrets),
  call: async (client, volume, { attachment, path, chapSecretFile, showChapSecret, ...connector }): Request => {
    const free = fileIsFree({ chapSecretFile, showChapSecret });
    if (E.isLeft(free)) return free;
    const ref = await resolveRef(client, 'path', path);
    if (E.isLeft(ref)) return ref;
    const named = await attachmentRef(client, volume, attachment);
    if (E.isLeft(named)) return named;
    return E.right((how) => client.connectAttachment({ path: { volume, attachment: named.right }, body: { connection: { access_path_id: ref.right, connector: connectorOf(connector) } }, ...how }));
  },
});

export const attachmentComplete = verbCommand({
  kind: 'volume',
  words: 'attachment complete',
  summary: 'Say that the host has the volume, and as what',
  about: 'What is not given stays. Said of an attachment that was about to be detached, it stays attached.',
  takes,
  options: {
    instance: instancePart,
    host: maybe('--host <name>', 'what the machine that has the volume is called; no gateway', text),
    mountPoint: maybe('--mount-point <path>', 'what the volume is there, such as /dev/vdb', text),
    mode: modePart,
  },
  examples: [{ line: 'blockledger attachment complete data-2 vm-1 --mount-point /dev/vdb', does: 'vm-1 has it as /dev/vdb' }],
  adding: (asked) => tellAttachment(asked),
  call: async (client, volume, { attachment, instance, host, mountPoint, mode }): Request => {
    const named = await attachmentRef(client, volume, attachment);
    if (E.isLeft(named)) return named;
    return E.right((how) => client.completeAttachment({ path: { volume, attachment: named.right }, body: { attachment: given({ instance, host, mode, mount_point: mountPoint }) }, ...how }));
  },
});
