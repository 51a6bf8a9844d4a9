/** An access path as its own stream tells it: plain JSON, folded by `evolve`. */
import type { AccessPathId, ClientGroupId, HostId, MappingGroupId, OperationId, VipGroupId, VolumeId } from '../kernel/ids.ts';
import type { PortError } from '../kernel/portError.ts';
import type { Bytes, TimestampMs } from '../kernel/quantities.ts';
import type { StoredRefusal } from '../kernel/settlement.ts';
import { noTroubles, type Troubles } from '../kernel/troubles.ts';
import type { Qos, VolumeRef } from '../ports/blockBackend.ts';
import type { AccessType, ChapAccount, Portal, TargetRef } from '../ports/targetBackend.ts';
import type { HostPortal, PortalChoice, Serving, TargetScope, VipStage } from './messages.ts';

/** An attachment that has a volume by a LUN, and whether its volume knows that this stands. */
export interface LunHolder {
  readonly connectionId: OperationId;
  readonly attachmentId: string;
  readonly told: boolean;
}

/** One volume of a mapping group. It stands in targets while it is `mapped`; its volume knows of it from `reserved` on, until all hosts let it go. */
export interface MappedLun {
  readonly volumeId: VolumeId;
  readonly mappingId: string;
  readonly lun: number;
  readonly operationId: OperationId;
  readonly stage: 'reserving' | 'reserved' | 'mapped' | 'leaving';
  /** It was asked for as one that other client groups may see. */
  readonly shared: boolean;
  /** Initiators are fenced when it goes (I-21). */
  readonly force: boolean;
  /** What the volume says of itself, and how new that is; null until it has. */
  readonly shape: number;
  readonly volume: VolumeRef | null;
  readonly sizeBytes: Bytes;
  readonly qos: Qos | null;
  /** Attachments that have it, in a mapping group for an initiator; the LUN goes with the last. */
  readonly holders: readonly LunHolder[];
}

/** Volumes that one client group sees by this path (S0-98). */
export interface MappingGroup {
  readonly mappingGroupId: MappingGroupId;
  readonly number: number | null;
  readonly operationId: OperationId;
  readonly clientGroupId: ClientGroupId;
  /** The codes of the initiator whose attachments it is for; null for one that was made by hand. */
  readonly initiators: readonly string[] | null;
  /** Volumes were asked for as shared at least once; what counts for a volume stands in its LUN. */
  readonly shared: boolean;
  readonly stage: 'joining' | 'reserved' | 'active' | 'leaving';
  readonly force: boolean;
  readonly shape: number;
  readonly clients: readonly string[];
  readonly mutual: ChapAccount | null;
  readonly luns: readonly MappedLun[];
}

/** What stands, or may stand, on a host under one key: the version of it that was confirmed, −1 for none. */
export type Standing = Readonly<Record<string, number>>;

/** The path's targets on one host. `shape` is −1 until the host has shown itself. */
export interface TargetHost {
  readonly hostId: HostId;
  readonly backend: string;
  readonly operationId: OperationId;
  readonly stage: 'joining' | 'used' | 'serving' | 'leaving';
  readonly force: boolean;
  readonly shape: number;
  readonly name: string;
  /** Its gateway addresses; portals where these are given. */
  readonly portals: readonly HostPortal[];
  readonly portalChoice: PortalChoice;
  /** Portals of its own, as it reported them last; none before its first target stood (S1-20). */
  readonly ownPortals: readonly Portal[];
  readonly off: boolean;
  /** It was off since it last did what it was told. */
  readonly wasOff: boolean;
  readonly standing: Standing;
  /** How often the host had to open its LUNs anew, and which of these it knows to be done here (I-21). */
  readonly opening: number;
  readonly openingTold: number;
  /** The version of targets that were opened since. */
  readonly openedAt: number;
  /** Targets that have to go before they are made again: what they have open may be locked out by the storage. */
  readonly stale: readonly string[];
  /** Targets that were left as they were when the host opened its LUNs anew, since no virtual IP led to them: they are stale as soon as one does. */
  readonly unopened: readonly string[];
  /** Since when and why it cannot be reached; null while it can (I-20). */
  readonly unreachable: { readonly error: PortError; readonly since: TimestampMs } | null;
}

/** Virtual IPs that the path's targets are offered on. `told` is the shape that the VIP group knows to stand. */
export interface PathVips {
  readonly vipGroupId: VipGroupId;
  readonly shape: number;
  readonly stage: VipStage;
  readonly ips: readonly string[];
  readonly told: number;
  /** What is sure to be served and which hosts are off, how often that changed, which of these changes it knows, and which its hosts go by. */
  readonly serving: readonly Serving[];
  readonly off: readonly HostId[];
  readonly serves: number;
  readonly servingTold: number;
  readonly servingKnown: number;
  /** The latest change that took something away: nothing is taken away before the hosts go by that. */
  readonly lowered: number;
  /** The version that has these portals. */
  readonly version: number;
}

/** The version from which on targets are to be as they are wanted now, and the operation that made it so. */
export interface Since {
  readonly version: number;
  readonly operationId: OperationId;
}

/**
 * An operation under way. It ends when hosts have confirmed the version; `version` is null while others are still to be told. Where each volume has a
 * target of its own, it waits for those in `targets` only; null for all.
 */
export interface PathOperation {
  readonly operationId: OperationId;
  readonly kind: 'create' | 'update' | 'delete' | 'redeploy' | 'addTarget' | 'removeTarget' | 'createGroup' | 'deleteGroup' | 'map' | 'unmap';
  readonly about: string | null;
  readonly version: number | null;
  readonly targets: readonly string[] | null;
}

/** What is known of an access path. `number` is its REST integer and XDC's atid, null until it is reserved. */
export interface AccessPathFields {
  readonly accessPathId: AccessPathId;
  readonly number: number | null;
  readonly name: string;
  readonly description: string;
  readonly tenant: string;
  readonly accessType: AccessType;
  readonly iqnPrefix: string;
  readonly chap: ChapAccount | null;
  readonly scope: TargetScope;
  readonly hosts: readonly TargetHost[];
  readonly groups: readonly MappingGroup[];
  readonly vips: readonly PathVips[];
  /** It may be counted among the paths that have virtual IPs (S0-69). */
  readonly countsAsVipPath: boolean;
  /** LUN numbers that rest, and until when (I-19). */
  readonly resting: readonly { readonly lun: number; readonly until: TimestampMs }[];
  readonly createdAt: TimestampMs;
  readonly updatedAt: TimestampMs;
}

/** A volume that is not mapped any more, and whose attachments have ended by it; `mappingId` null where others have the LUN still. */
export interface LunRelease {
  readonly volumeId: VolumeId;
  readonly mappingId: string | null;
  readonly ends: readonly LunHolder[];
  /** Why it never came to be; null where it did. */
  readonly refusal: StoredRefusal | null;
}

/** What is still to be given back; a target on a host that was given up while it was off goes when that returns (I-20). */
export interface PathDue {
  readonly operationId: OperationId;
  readonly due: string;
  readonly gives: { readonly name: string } | { readonly hostId: HostId } | { readonly clientGroupId: ClientGroupId; readonly mappingGroupId: MappingGroupId } | LunRelease | { readonly target: TargetRef };
}

/** An access path's folded stream. `version` counts what targets should be: each host confirms how far it is (decision 13). */
export interface AccessPathState {
  readonly lifecycle: 'absent' | 'creating' | 'active' | 'deleting' | 'refused' | 'deleted';
  readonly path: AccessPathFields | null;
  readonly version: number;
  /** The operation that the latest version belongs to. */
  readonly latest: OperationId | null;
  /** What changed last for all targets, and for single ones since: a change of one volume makes no other target owed again where each volume has its own. */
  readonly since: { readonly all: Since | null; readonly only: Readonly<Record<string, Since>> };
  readonly operations: readonly PathOperation[];
  /** What an update with another name brings when the name is reserved. */
  readonly rename: { readonly operationId: OperationId; readonly name: string; readonly description: string; readonly chap: ChapAccount | null } | null;
  readonly troubles: Troubles;
  readonly dues: readonly PathDue[];
  readonly refused: readonly { readonly operationId: OperationId; readonly refusal: StoredRefusal }[];
}

/** The state before the first event. */
export const noAccessPath: AccessPathState = {
  lifecycle: 'absent',
  path: null,
  version: 0,
  latest: null,
  since: { all: null, only: {} },
  operations: [],
  rename: null,
  troubles: noTroubles,
  dues: [],
  refused: [],
};

/**
 * The mapping group of an id, or nothing.
 *
 * @example
 * import { mappingGroupOf } from '@blockledger/domain';
 * mappingGroupOf({ groups: [] } as never, 'g'); // => undefined
 */
export const mappingGroupOf = (path: AccessPathFields, id: string): MappingGroup | undefined => path.groups.find(({ mappingGroupId }) => mappingGroupId === id);

/**
 * LUNs of a group at one stage, by the operation that asked for them.
 *
 * @example
 * import { lunsByOperation } from '@blockledger/domain';
 * const lun = { operationId: 'op', stage: 'reserving', lun: 0 };
 * lunsByOperation({ luns: [lun] } as never, 'reserving').map(([of]) => of); // => ['op']
 */
export const lunsByOperation = ({ luns }: MappingGroup, stage: MappedLun['stage']): readonly (readonly [OperationId, readonly MappedLun[]])[] => {
  const found = luns.filter((lun) => lun.stage === stage);
  return [...new Set(found.map(({ operationId }) => operationId))].map((of) => [of, found.filter(({ operationId }) => operationId === of)]);
};

/**
 * Hosts that an operator declared off.
 *
 * @example
 * import { offHosts } from '@blockledger/domain';
 * offHosts({ hosts: [{ hostId: 'gw1', off: true }, { hostId: 'gw2', off: false }] } as never); // => ['gw1']
 */
export const offHosts = ({ hosts }: AccessPathFields): readonly HostId[] => hosts.filter(({ off }) => off).map(({ hostId }) => hostId);

/**
 * Hosts whose confirmation is waited for when something is added: those that can be reached. Others are debts (R-13, I-20).
 *
 * @example
 * import { reachableHosts } from '@blockledger/domain';
 * reachableHosts({ hosts: [{ stage: 'serving', off: true, unreachable: null }] } as never); // => []
 */
export const reachableHosts = (path: AccessPathFields): readonly TargetHost[] => path.hosts.filter(({ stage, off, unreachable }) => stage === 'serving' && !off && unreachable === null);
