/** Everything an access path can be told and everything that can have happened to it. */
import * as t from 'io-ts';
import { AccessPathId, ClientGroupId, HostId, MappingGroupId, NetworkAddressId, OperationId, Uuid, VipGroupId, VolumeId } from '../kernel/ids.ts';
import { PortError } from '../kernel/portError.ts';
import { Bytes, Count, TimestampMs } from '../kernel/quantities.ts';
import { settlementCommandsOf, StoredRefusal, troubleEvents } from '../kernel/settlement.ts';
import { tagged } from '../kernel/tagged.ts';
import { Qos, VolumeRef } from '../ports/blockBackend.ts';
import { AccessType, ChapAccount, Portal, TargetResult } from '../ports/targetBackend.ts';

const orNull = <C extends t.Mixed>(codec: C) => t.union([t.null, codec]);
const id = { accessPathId: AccessPathId };
const group = { mappingGroupId: MappingGroupId };
/** A connection of an attachment of a volume, by the operation that asked for it. */
const connection = { connectionId: OperationId, attachmentId: Uuid };

/** What one target stands for: a capability of the backend, kept with the access path from its beginning. */
export const TargetScope = t.keyof({ accessPath: null, clientGroup: null, volume: null }, 'TargetScope');
/** A value of the codec `TargetScope`. */
export type TargetScope = t.TypeOf<typeof TargetScope>;

/** A physical portal: an address of a host. */
export const HostPortal = t.readonly(t.strict({ ip: t.string, networkAddressId: NetworkAddressId }), 'HostPortal');
/** A value of the codec `HostPortal`. */
export type HostPortal = t.TypeOf<typeof HostPortal>;

/** Who chooses the portals of a host's targets: we do, or its backend, which reports them (S1-20). A capability, kept from the beginning. */
export const PortalChoice = t.keyof({ given: null, fixed: null }, 'PortalChoice');
/** A value of the codec `PortalChoice`. */
export type PortalChoice = t.TypeOf<typeof PortalChoice>;

/** A LUN as it is asked for: which volume, under which number, under which id the volume knows of it. */
export const LunWish = t.readonly(t.strict({ volumeId: VolumeId, mappingId: Uuid, lun: Count }), 'LunWish');
/** A value of the codec `LunWish`. */
export type LunWish = t.TypeOf<typeof LunWish>;

/** What hosts of an access path are sure to serve: targets that stand there, and LUNs that nobody is about to take away. */
export const Serving = t.readonly(
  t.strict({ hostIds: t.readonlyArray(HostId), targets: t.readonlyArray(t.readonly(t.strict({ iqn: t.string, luns: t.readonlyArray(Count) }))) }),
  'Serving',
);
/** A value of the codec `Serving`. */
export type Serving = t.TypeOf<typeof Serving>;

/** How portals of virtual IPs stand with the physical ones: beside them, alone, or about to go. */
export const VipStage = t.keyof({ beside: null, alone: null, leaving: null }, 'VipStage');
/** A value of the codec `VipStage`. */
export type VipStage = t.TypeOf<typeof VipStage>;

/** Changes of one update; absent = stays as it is. `chap` null turns CHAP off (S0-86). */
export const AccessPathChanges = t.readonly(t.partial({ name: t.string, description: t.string, chap: orNull(ChapAccount) }), 'AccessPathChanges');
/** A value of the codec `AccessPathChanges`. */
export type AccessPathChanges = t.TypeOf<typeof AccessPathChanges>;

const settlement = settlementCommandsOf(TargetResult);
const volumes = { volumeIds: t.readonlyArray(VolumeId) };

/** Everything that an access path can be told: by callers, by hosts, client groups, volumes and VIP groups, and by drivers. */
export const AccessPathCommand = tagged('AccessPathCommand', {
  /** Targets on these hosts. `iqnPrefix` is what their IQNs begin with (S0-90). */
  CreateAccessPath: { ...id, name: t.string, description: t.string, accessType: AccessType, iqnPrefix: t.string, chap: orNull(ChapAccount), hostIds: t.readonlyArray(HostId) },
  UpdateAccessPath: { ...id, changes: AccessPathChanges },
  /** Refused while it has mapping groups or VIP groups. */
  DeleteAccessPath: id,
  AddTarget: { ...id, hostId: HostId },
  /** Without `force` refused while somebody is logged in there (S0-138). */
  RemoveTarget: { ...id, hostId: HostId, force: t.boolean },
  CreateMappingGroup: { ...id, ...group, clientGroupId: ClientGroupId, ...volumes, shared: t.boolean },
  /** A set: what is mapped already stays as it is. `shared` allows a volume that another client group sees. */
  AddVolumes: { ...id, ...group, ...volumes, shared: t.boolean },
  /**
   * A set: what is not mapped is left out. Without `force` refused while there is IO; with it initiators are fenced (I-21). By
   * `loggedOut` somebody vouches that initiators are out: it counts where the backend shows no sessions, so that nobody could see it.
   */
  RemoveVolumes: { ...id, ...group, ...volumes, force: t.boolean, loggedOut: t.boolean },
  DeleteMappingGroup: { ...id, ...group, force: t.boolean, loggedOut: t.boolean },
  /** Every target is looked at and made what it should be. */
  RedeployAccessPath: id,
  /** From a volume: the initiator with these codes is to see it, in a client group of its own that is made with the first of its volumes (S4-3). */
  AttachVolume: { ...id, ...connection, volumeId: VolumeId, clientGroupId: ClientGroupId, clients: t.readonlyArray(t.string), shared: t.boolean },
  /** From a volume: no more. With `force` the initiator is fenced (I-21). */
  DetachVolume: { ...id, connectionId: OperationId, force: t.boolean },
  RetryOperation: { ...id, operationId: OperationId },
  ShowHost: { ...id, hostId: HostId, shape: Count, name: t.string, portals: t.readonlyArray(HostPortal), off: t.boolean, opening: Count },
  ShowClients: { ...id, ...group, shape: Count, clients: t.readonlyArray(t.string), mutual: orNull(ChapAccount) },
  ShowVolume: { ...id, mappingId: Uuid, shape: Count, volume: VolumeRef, sizeBytes: Bytes, qos: Qos },
  /** Its addresses move between these hosts. */
  JoinVipGroup: { ...id, vipGroupId: VipGroupId, hostIds: t.readonlyArray(HostId) },
  ShowVips: { ...id, vipGroupId: VipGroupId, shape: Count, stage: VipStage, ips: t.readonlyArray(t.string) },
  /** Hosts hold its addresses only where this is served. */
  ServingKnown: { ...id, vipGroupId: VipGroupId, serves: Count },
  LeaveVipGroup: { ...id, vipGroupId: VipGroupId },
  ConfirmWork: { ...id, ...settlement.ConfirmWork },
  RefuseWork: { ...id, ...settlement.RefuseWork },
  FailWork: { ...id, ...settlement.FailWork },
  DelayWork: { ...id, ...settlement.DelayWork },
});
/** A value of the codec `AccessPathCommand`. */
export type AccessPathCommand = t.TypeOf<typeof AccessPathCommand>;

const op = { operationId: OperationId, at: TimestampMs };
/** Where a target is asked for: the host, and the backend by which it is reached. `portals` stands there where they are not given. */
const TargetWish = t.readonly(t.exact(t.intersection([t.type({ hostId: HostId, backend: t.string }), t.partial({ portals: PortalChoice })])), 'TargetWish');

const AccessPathEventTable = {
  AccessPathRequested: {
    ...op,
    ...id,
    name: t.string,
    description: t.string,
    tenant: t.string,
    accessType: AccessType,
    iqnPrefix: t.string,
    chap: orNull(ChapAccount),
    scope: TargetScope,
    targets: t.readonlyArray(TargetWish),
  },
  /** Name, REST integer and hosts are held. */
  AccessPathReserved: { ...op, number: Count },
  AccessPathRefused: { ...op, refusal: StoredRefusal },
  AccessPathCreated: op,
  AccessPathUpdateRequested: { ...op, description: t.string, chap: orNull(ChapAccount), rename: orNull(t.string) },
  AccessPathRenamed: { ...op, name: t.string },
  AccessPathUpdateRefused: { ...op, refusal: StoredRefusal },
  AccessPathUpdated: op,
  AccessPathDeletionRequested: op,
  AccessPathDeleted: op,
  AccessPathRedeployRequested: op,
  AccessPathRedeployed: op,

  TargetRequested: { ...op, target: TargetWish },
  /** The host knows that the access path uses it; it shows itself next. */
  TargetHostUsed: { ...op, hostId: HostId },
  TargetRefused: { ...op, hostId: HostId, refusal: StoredRefusal },
  TargetAdded: { ...op, hostId: HostId },
  TargetRemovalRequested: { ...op, hostId: HostId, force: t.boolean },
  TargetRemoved: { ...op, hostId: HostId },
  /** What a host says of itself: its name, its gateway addresses, whether it was declared off, how often its LUNs had to be opened anew (I-21). */
  TargetHostShown: { ...op, hostId: HostId, shape: Count, name: t.string, portals: t.readonlyArray(HostPortal), off: t.boolean, opening: Count },
  /** The host knows that its targets here were opened anew. */
  TargetsReopenedTold: { hostId: HostId, opening: Count, at: TimestampMs },
  /** One target stands on the host as this version wants it. */
  TargetConfirmed: { hostId: HostId, target: t.string, version: Count, at: TimestampMs },
  /** Portals of the host's own, as it reported them with a target: how initiators come in from now on (S1-20). */
  TargetPortalsShown: { hostId: HostId, portals: t.readonlyArray(Portal), at: TimestampMs },
  /** A target that is not wanted any more is gone from the host. */
  TargetGone: { hostId: HostId, target: t.string, at: TimestampMs },
  /** A debt: what is owed there is tried on and on, and replayed when it returns (I-20). */
  TargetHostUnreachable: { hostId: HostId, error: PortError, at: TimestampMs },

  MappingGroupRequested: { ...op, ...group, clientGroupId: ClientGroupId, shared: t.boolean, luns: t.readonlyArray(LunWish) },
  MappingGroupReserved: { ...op, ...group, number: Count },
  MappingGroupRefused: { ...op, ...group, refusal: StoredRefusal },
  MappingGroupCreated: { ...op, ...group },
  VolumesMappingRequested: { ...op, ...group, shared: t.boolean, luns: t.readonlyArray(LunWish) },
  /** Every volume has agreed to be mapped. */
  VolumesMappingReserved: { ...op, ...group },
  /** One volume would not be mapped: none of the operation's is. */
  VolumesMappingRefused: { ...op, ...group, refusal: StoredRefusal },
  VolumesMapped: { ...op, ...group },
  VolumesUnmappingRequested: { ...op, ...group, ...volumes, force: t.boolean },
  /** Verified on every host: no target has them any more. */
  VolumesUnmapped: { ...op, ...group, ...volumes },
  MappingGroupDeletionRequested: { ...op, ...group, force: t.boolean },
  MappingGroupDeleted: { ...op, ...group },
  /** The mapping group is for the attachments of one initiator, which has these codes: it goes with the last of them. */
  MappingGroupMadeForInitiator: { ...group, clients: t.readonlyArray(t.string), at: TimestampMs },
  /** Another volume is attached before the last one's mapping group is gone. */
  MappingGroupKept: { ...op, ...group },
  /** An attachment has the volume by this LUN. */
  LunHeld: { ...group, ...connection, mappingId: Uuid, at: TimestampMs },
  /** Others of the same initiator have it still. */
  LunLetGo: { ...op, ...group, ...connection, mappingId: Uuid },
  /** The volume knows that the LUN stands on every host that can be reached. */
  ConnectionTold: { ...group, ...connection, mappingId: Uuid, at: TimestampMs },
  ClientsShown: { ...op, ...group, shape: Count, clients: t.readonlyArray(t.string), mutual: orNull(ChapAccount) },
  MappedVolumeShown: { ...op, mappingId: Uuid, shape: Count, volume: VolumeRef, sizeBytes: Bytes, qos: Qos },

  VipGroupJoined: { vipGroupId: VipGroupId, at: TimestampMs },
  VipsShown: { ...op, vipGroupId: VipGroupId, shape: Count, stage: VipStage, ips: t.readonlyArray(t.string) },
  /** The VIP group knows that the portals stand as it wants them. */
  VipPortalsTold: { vipGroupId: VipGroupId, shape: Count, at: TimestampMs },
  /** The VIP group knows what is served, and which hosts were declared off. */
  VipServingTold: { vipGroupId: VipGroupId, serves: Count, at: TimestampMs },
  /** Its hosts that can be reached ask no more than that. */
  VipServingKnown: { vipGroupId: VipGroupId, serves: Count, at: TimestampMs },
  /** It is counted among the paths that have virtual IPs, or not any more (S0-69). */
  VipPathCounted: { ...op, counts: t.boolean },
  VipGroupLeft: { ...op, vipGroupId: VipGroupId },
  DueSettled: { ...op, due: t.string },
  /** What it asked for was taken back by a later command before it was done. */
  OperationSuperseded: op,
  ...troubleEvents,
} as const;
/** Everything that can have happened to an access path, as it is stored; docs/events.md lists the fields. */
export const AccessPathEvent = tagged('AccessPathEvent', AccessPathEventTable);
/** A value of the codec `AccessPathEvent`. */
export type AccessPathEvent = t.TypeOf<typeof AccessPathEvent>;

/**
 * The stream of an access path.
 *
 * @example
 * import { accessPathStream, type AccessPathId } from '@blockledger/domain';
 * accessPathStream('0b9d7a3e-0000-4000-8000-000000000001' as AccessPathId).startsWith('accessPath-'); // => true
 */
export const accessPathStream = (accessPathId: AccessPathId): string => `accessPath-${accessPathId}`;
