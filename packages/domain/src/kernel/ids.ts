/** Identifiers. Aggregates are named by UUIDs, which never change and never return; REST integers and display names are separate things. */
import * as t from 'io-ts';

const SERIAL = /^[0-9a-f]{16}$/;

const UUID_LENGTH = 36;
/** What each character of a UUID is: 1 for a hex digit, 2 for a hyphen. */
const WANTED = Uint8Array.from('xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx', (character) => (character === '-' ? 2 : 1));
const KINDS = new Uint8Array(128);
for (const character of '0123456789abcdef') KINDS[character.charCodeAt(0)] = 1;
KINDS['-'.charCodeAt(0)] = 2;

/** Every event has several UUIDs. Digits of random text come in no order that a processor could guess: without a branch for each this takes a third of a RegExp's time. */
const isUuid = (text: string): boolean => {
  if (text.length !== UUID_LENGTH) return false;
  let flaws = 0;
  for (let at = 0; at < UUID_LENGTH; at += 1) flaws |= (KINDS[text.charCodeAt(at)] ?? 0) ^ (WANTED[at] ?? 0);
  return flaws === 0;
};

/** What tells `VolumeId` from any other text, for the compiler only. */
export interface VolumeIdBrand {
  readonly VolumeId: unique symbol;
}
/** What tells `SnapshotId` from any other text, for the compiler only. */
export interface SnapshotIdBrand {
  readonly SnapshotId: unique symbol;
}
/** What tells `PoolId` from any other text, for the compiler only. */
export interface PoolIdBrand {
  readonly PoolId: unique symbol;
}
/** What tells `TokenId` from any other text, for the compiler only. */
export interface TokenIdBrand {
  readonly TokenId: unique symbol;
}
/** What tells `WebhookId` from any other text, for the compiler only. */
export interface WebhookIdBrand {
  readonly WebhookId: unique symbol;
}
/** What tells `HostId` from any other text, for the compiler only. */
export interface HostIdBrand {
  readonly HostId: unique symbol;
}
/** What tells `NetworkAddressId` from any other text, for the compiler only. */
export interface NetworkAddressIdBrand {
  readonly NetworkAddressId: unique symbol;
}
/** What tells `AccessPathId` from any other text, for the compiler only. */
export interface AccessPathIdBrand {
  readonly AccessPathId: unique symbol;
}
/** What tells `MappingGroupId` from any other text, for the compiler only. */
export interface MappingGroupIdBrand {
  readonly MappingGroupId: unique symbol;
}
/** What tells `ClientGroupId` from any other text, for the compiler only. */
export interface ClientGroupIdBrand {
  readonly ClientGroupId: unique symbol;
}
/** What tells `VipGroupId` from any other text, for the compiler only. */
export interface VipGroupIdBrand {
  readonly VipGroupId: unique symbol;
}
/** What tells `VipId` from any other text, for the compiler only. */
export interface VipIdBrand {
  readonly VipId: unique symbol;
}
/** What tells `CommandId` from any other text, for the compiler only. */
export interface CommandIdBrand {
  readonly CommandId: unique symbol;
}
/** What tells `OperationId` from any other text, for the compiler only. */
export interface OperationIdBrand {
  readonly OperationId: unique symbol;
}
/** What tells `SerialNumber` from any other text, for the compiler only. */
export interface SerialNumberBrand {
  readonly SerialNumber: unique symbol;
}

/** Names one volume for ever; the image on the backend is named after it. */
export type VolumeId = t.Branded<string, VolumeIdBrand>;
/** The codec of `VolumeId`: a UUID in lower case. */
export const VolumeId = t.brand(t.string, (s): s is VolumeId => isUuid(s), 'VolumeId');

/** Names one snapshot for ever; the snapshot on the backend is named after it. */
export type SnapshotId = t.Branded<string, SnapshotIdBrand>;
/** The codec of `SnapshotId`: a UUID in lower case. */
export const SnapshotId = t.brand(t.string, (s): s is SnapshotId => isUuid(s), 'SnapshotId');

/** Names one registered pool. */
export type PoolId = t.Branded<string, PoolIdBrand>;
/** The codec of `PoolId`: a UUID in lower case. */
export const PoolId = t.brand(t.string, (s): s is PoolId => isUuid(s), 'PoolId');

/** Names one access token; says nothing of its secret. */
export type TokenId = t.Branded<string, TokenIdBrand>;
/** The codec of `TokenId`: a UUID in lower case. */
export const TokenId = t.brand(t.string, (s): s is TokenId => isUuid(s), 'TokenId');

/** Names one webhook for ever. */
export type WebhookId = t.Branded<string, WebhookIdBrand>;
/** The codec of `WebhookId`: a UUID in lower case. */
export const WebhookId = t.brand(t.string, (s): s is WebhookId => isUuid(s), 'WebhookId');

/** Names one gateway host, or one array that has its own targets. */
export type HostId = t.Branded<string, HostIdBrand>;
/** The codec of `HostId`: a UUID in lower case. */
export const HostId = t.brand(t.string, (s): s is HostId => isUuid(s), 'HostId');

/** Names one address of a host. */
export type NetworkAddressId = t.Branded<string, NetworkAddressIdBrand>;
/** The codec of `NetworkAddressId`: a UUID in lower case. */
export const NetworkAddressId = t.brand(t.string, (s): s is NetworkAddressId => isUuid(s), 'NetworkAddressId');

/** Names one access path for ever. */
export type AccessPathId = t.Branded<string, AccessPathIdBrand>;
/** The codec of `AccessPathId`: a UUID in lower case. */
export const AccessPathId = t.brand(t.string, (s): s is AccessPathId => isUuid(s), 'AccessPathId');

/** Names one mapping group: the volumes that one client group sees by one access path (S0-98). */
export type MappingGroupId = t.Branded<string, MappingGroupIdBrand>;
/** The codec of `MappingGroupId`: a UUID in lower case. */
export const MappingGroupId = t.brand(t.string, (s): s is MappingGroupId => isUuid(s), 'MappingGroupId');

/** Names one client group for ever. */
export type ClientGroupId = t.Branded<string, ClientGroupIdBrand>;
/** The codec of `ClientGroupId`: a UUID in lower case. */
export const ClientGroupId = t.brand(t.string, (s): s is ClientGroupId => isUuid(s), 'ClientGroupId');

/** Names one group of virtual IPs for ever. */
export type VipGroupId = t.Branded<string, VipGroupIdBrand>;
/** The codec of `VipGroupId`: a UUID in lower case. */
export const VipGroupId = t.brand(t.string, (s): s is VipGroupId => isUuid(s), 'VipGroupId');

/** Names one virtual IP for ever. */
export type VipId = t.Branded<string, VipIdBrand>;
/** The codec of `VipId`: a UUID in lower case. */
export const VipId = t.brand(t.string, (s): s is VipId => isUuid(s), 'VipId');

/** Names one command. Sending the same command again with the same id returns the first answer. */
export type CommandId = t.Branded<string, CommandIdBrand>;
/** The codec of `CommandId`: a UUID in lower case. */
export const CommandId = t.brand(t.string, (s): s is CommandId => isUuid(s), 'CommandId');

/** Names one piece of long work (a task, S0-6). It equals the id of the command that asked for it. */
export type OperationId = t.Branded<string, OperationIdBrand>;
/** The codec of `OperationId`: a UUID in lower case. */
export const OperationId = t.brand(t.string, (s): s is OperationId => isUuid(s), 'OperationId');

/** Sixteen lower-case hex digits that hosts see as the disk's serial number (S0-18). A duplicate would make multipath merge two disks. */
export type SerialNumber = t.Branded<string, SerialNumberBrand>;
/** The codec of `SerialNumber`: sixteen lower-case hex digits (S0-18). */
export const SerialNumber = t.brand(t.string, (s): s is SerialNumber => SERIAL.test(s), 'SerialNumber');

/** Another aggregate of a later kind (access path, attachment, group) that holds on to a volume. Any UUID. */
export const Uuid = t.refinement(t.string, isUuid, 'Uuid');

/**
 * The operation that a command begins, named after the command.
 *
 * @example
 * import { CommandId, operationOf } from '@blockledger/domain';
 * const id = '0b9d7a3e-0000-4000-8000-000000000001' as CommandId;
 * operationOf(id); // => '0b9d7a3e-0000-4000-8000-000000000001'
 */
export const operationOf = (commandId: CommandId): OperationId => commandId as string as OperationId;
