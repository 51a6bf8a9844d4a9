/** Everything a VIP group can be told and everything that can have happened to it. */
import * as t from 'io-ts';
import { Serving } from '../accessPath/messages.ts';
import { NetworkSegment } from '../kernel/addresses.ts';
import { AccessPathId, HostId, NetworkAddressId, OperationId, VipGroupId, VipId } from '../kernel/ids.ts';
import { PortError } from '../kernel/portError.ts';
import { Count, TimestampMs } from '../kernel/quantities.ts';
import { settlementCommandsOf, StoredRefusal, troubleEvents } from '../kernel/settlement.ts';
import { tagged } from '../kernel/tagged.ts';
import { HeardAdvert, NetworkInterface, NotReady, VipResult, Vrid, VrrpState } from '../ports/vipBackend.ts';

const id = { vipGroupId: VipGroupId };

/** A virtual IP as it is asked for: the address, its prefix, and the host's address that is preferred to hold it (S0-67). */
export const VipWish = t.readonly(t.strict({ vipId: VipId, ip: t.string, mask: Count, networkAddressId: NetworkAddressId }), 'VipWish');
/** A value of the codec `VipWish`. */
export type VipWish = t.TypeOf<typeof VipWish>;

/** One host that the addresses move between: by which of its own addresses, on which device. */
export const VipMember = t.readonly(
  t.strict({ networkAddressId: NetworkAddressId, hostId: HostId, host: t.string, backend: t.string, ip: t.string, interface: NetworkInterface }),
  'VipMember',
);
/** A value of the codec `VipMember`. */
export type VipMember = t.TypeOf<typeof VipMember>;

/** What an instance was seen doing, and why it may not hold its address; absent from one that may. */
export const SeenVip = t.readonly(
  t.intersection([t.strict({ vipId: VipId, networkAddressId: NetworkAddressId, state: VrrpState, holds: t.boolean }), t.partial({ notReady: NotReady })]),
  'SeenVip',
);
/** A value of the codec `SeenVip`. */
export type SeenVip = t.TypeOf<typeof SeenVip>;

const settlement = settlementCommandsOf(VipResult);

/** Everything that a VIP group can be told. `PortalsStand` and `ShowServing` come from its access path, `ReportVips` from rounds, the last four from drivers. */
export const VipGroupCommand = tagged('VipGroupCommand', {
  /** Virtual IPs for an access path; every host that has a gateway address in the network and a target of the path takes part (S0-67). */
  CreateVipGroup: { ...id, accessPathId: AccessPathId, network: t.string, preempt: t.boolean, vips: t.readonlyArray(VipWish), force: t.boolean },
  /** Whether a preferred host takes its addresses back when it returns (S0-134). */
  UpdateVipGroup: { ...id, preempt: t.boolean },
  AddVip: { ...id, vip: VipWish },
  /** The last one cannot go (S0-79). */
  RemoveVip: { ...id, vipId: VipId },
  AddVipMember: { ...id, networkAddressId: NetworkAddressId },
  /** The host yields first, and another one was seen to hold what it held before anything of it goes. */
  RemoveVipMember: { ...id, networkAddressId: NetworkAddressId },
  /** Physical portals stand before the virtual ones go. Without `force` refused while somebody is logged in by them. */
  DeleteVipGroup: { ...id, force: t.boolean },
  /** Every instance is looked at and made what it should be (S0-134). */
  RedeployVipGroup: id,
  RetryOperation: { ...id, operationId: OperationId },
  PortalsStand: { ...id, shape: Count },
  /** What hosts are sure to serve: they check it before they hold an address. Those that were declared off are not waited for. */
  ShowServing: { ...id, serves: Count, serving: t.readonlyArray(Serving), off: t.readonlyArray(HostId) },
  /** `heard` is null where nobody listened. */
  ReportVips: { ...id, seen: t.readonlyArray(SeenVip), heard: t.union([t.null, t.readonlyArray(HeardAdvert)]) },
  ConfirmWork: { ...id, ...settlement.ConfirmWork },
  RefuseWork: { ...id, ...settlement.RefuseWork },
  FailWork: { ...id, ...settlement.FailWork },
  DelayWork: { ...id, ...settlement.DelayWork },
});
/** A value of the codec `VipGroupCommand`. */
export type VipGroupCommand = t.TypeOf<typeof VipGroupCommand>;

const op = { operationId: OperationId, at: TimestampMs };

const VipGroupEventTable = {
  VipGroupRequested: {
    ...op,
    ...id,
    accessPathId: AccessPathId,
    tenant: t.string,
    network: t.string,
    segment: NetworkSegment,
    preempt: t.boolean,
    members: t.readonlyArray(VipMember),
    vips: t.readonlyArray(VipWish),
  },
  /** Addresses and a place on the access path are held. */
  VipGroupReserved: { ...op, number: Count },
  VipGroupRefused: { ...op, refusal: StoredRefusal },
  VipGroupCreated: op,
  VipGroupUpdateRequested: { ...op, preempt: t.boolean },
  VipGroupUpdated: op,
  VipGroupRedeployRequested: op,
  VipGroupRedeployed: op,
  VipGroupDeletionRequested: op,
  VipGroupDeleted: op,
  VipRequested: { ...op, vip: VipWish },
  VipReserved: { ...op, vipId: VipId, number: Count },
  VipRefused: { ...op, vipId: VipId, refusal: StoredRefusal },
  VipAdded: { ...op, vipId: VipId },
  VipRemovalRequested: { ...op, vipId: VipId },
  VipRemoved: { ...op, vipId: VipId },
  VipMemberRequested: { ...op, member: VipMember },
  VipMemberAdded: { ...op, networkAddressId: NetworkAddressId },
  VipMemberRemovalRequested: { ...op, networkAddressId: NetworkAddressId },
  VipMemberRemoved: { ...op, networkAddressId: NetworkAddressId },
  /** Reserved in the log; the wire is listened to next. */
  VridReserved: { ...op, vipId: VipId, vrid: Vrid },
  /** Somebody else of ours has it: the next one is tried. */
  VridTaken: { ...op, vipId: VipId, vrid: Vrid },
  /** Nobody but this group speaks for its virtual router ids. */
  VridsHeardFree: op,
  /** Somebody speaks for this id who is none of the group: it moves on to the next one (R-16, I-23). */
  VridConflictDetected: { vipId: VipId, vrid: Vrid, heard: t.readonlyArray(HeardAdvert), at: TimestampMs },
  /** The access path has the portals as this `shape` of the group wants them. */
  VipPortalsStood: { shape: Count, at: TimestampMs },
  PathShownVips: { shape: Count, at: TimestampMs },
  /** One instance runs on the host as this version wants it. */
  VipInstanceConfirmed: { vipId: VipId, networkAddressId: NetworkAddressId, version: Count, at: TimestampMs },
  VipInstanceGone: { vipId: VipId, networkAddressId: NetworkAddressId, at: TimestampMs },
  /** A debt: tried on and on, and replayed when the host returns (I-20). */
  VipHostUnreachable: { networkAddressId: NetworkAddressId, error: PortError, at: TimestampMs },
  /** What hosts must serve before they hold an address, and which of them were declared off. */
  VipServingShown: { serves: Count, serving: t.readonlyArray(Serving), off: t.readonlyArray(HostId), at: TimestampMs },
  /** The access path knows that its hosts go by it. */
  VipServingTold: { serves: Count, at: TimestampMs },
  /** A host may hold nothing before it is admitted, or admitted again since it may have been fenced (I-21). */
  VipHostNotAdmitted: { networkAddressId: NetworkAddressId, at: TimestampMs },
  /** The host was asked to have itself admitted, which it does when all its targets were opened anew. */
  VipAdmissionAsked: { networkAddressId: NetworkAddressId, at: TimestampMs },
  /** It was admitted, or had just been when it was asked. */
  VipHostAdmitted: { networkAddressId: NetworkAddressId, at: TimestampMs },
  /** Another host holds the address than before; null: nobody does. */
  VipMoved: { vipId: VipId, to: t.union([t.null, NetworkAddressId]), at: TimestampMs },
  /** Several hosts hold the address at once. */
  SplitBrainDetected: { vipId: VipId, holders: t.readonlyArray(NetworkAddressId), at: TimestampMs },
  SplitBrainEnded: { vipId: VipId, at: TimestampMs },
  /** Nobody else is heard any more to speak for the id of an address in use. */
  VridConflictEnded: { vipId: VipId, at: TimestampMs },
  /** What it asked for was taken back by a later command before it was done. */
  OperationSuperseded: op,
  DueSettled: { ...op, due: t.string },
  ...troubleEvents,
} as const;
/** Everything that can have happened to a VIP group, as it is stored; docs/events.md lists the fields. */
export const VipGroupEvent = tagged('VipGroupEvent', VipGroupEventTable);
/** A value of the codec `VipGroupEvent`. */
export type VipGroupEvent = t.TypeOf<typeof VipGroupEvent>;

/**
 * The stream of a VIP group.
 *
 * @example
 * import { vipGroupStream, type VipGroupId } from '@blockledger/domain';
 * vipGroupStream('0b9d7a3e-0000-4000-8000-000000000001' as VipGroupId).startsWith('vipGroup-'); // => true
 */
export const vipGroupStream = (vipGroupId: VipGroupId): string => `vipGroup-${vipGroupId}`;
