/** Everything a host can be told and everything that can have happened to it. */
import * as t from 'io-ts';
import { NetworkSegment } from '../kernel/addresses.ts';
import { AccessPathId, HostId, NetworkAddressId, OperationId, Uuid } from '../kernel/ids.ts';
import { Count, TimestampMs } from '../kernel/quantities.ts';
import { settlementCommandsOf, StoredRefusal, troubleEvents } from '../kernel/settlement.ts';
import { tagged } from '../kernel/tagged.ts';
import { NetworkInterface, VipResult } from '../ports/vipBackend.ts';

const orNull = <C extends t.Mixed>(codec: C) => t.union([t.null, codec]);
const id = { hostId: HostId };
const settlement = settlementCommandsOf(VipResult);

/** What an address is for. Initiators come in by `gateway` addresses (S0-66). */
export const AddressRole = t.keyof({ gateway: null, admin: null, public: null, private: null }, 'AddressRole');
/** A value of the codec `AddressRole`. */
export type AddressRole = t.TypeOf<typeof AddressRole>;

/** One address of a host: on which device, of a network with how long a prefix, on which segment. */
export const NetworkAddress = t.readonly(
  t.strict({ networkAddressId: NetworkAddressId, ip: t.string, prefix: Count, interface: NetworkInterface, segment: NetworkSegment, role: AddressRole }),
  'NetworkAddress',
);
/** A value of the codec `NetworkAddress`. */
export type NetworkAddress = t.TypeOf<typeof NetworkAddress>;

/** Everything that a host can be told. `UseHost`, `ReleaseHost` and `TargetsReopened` come from access paths, `AskAdmission` from VIP groups, the last four from drivers. */
export const HostCommand = tagged('HostCommand', {
  /** `targets` and `vips` name the backends that reach it; its own name is the one by which they know it. */
  RegisterHost: { ...id, name: t.string, targets: orNull(t.string), vips: orNull(t.string), addresses: t.readonlyArray(NetworkAddress) },
  AddNetworkAddress: { ...id, address: NetworkAddress },
  RemoveNetworkAddress: { ...id, networkAddressId: NetworkAddressId },
  /** Work for it is kept, not run. */
  PauseHost: { ...id, reason: t.string },
  ResumeHost: id,
  /** An operator says that it is switched off and serves nobody: what waits for it need not wait (I-20, I-21). */
  DeclareHostOff: { ...id, reason: t.string },
  /** It may serve again, after it has been made what it should be. */
  DeclareHostBack: id,
  /** Takes it out of service; refused while an access path has a target on it. */
  RetireHost: id,
  UseHost: { ...id, accessPathId: AccessPathId },
  ReleaseHost: { ...id, accessPathId: AccessPathId },
  /** It says itself that it may hold no virtual IP before it is admitted (I-21). */
  AskAdmission: id,
  /** The access path has opened its LUNs there anew, or had none open. */
  TargetsReopened: { ...id, accessPathId: AccessPathId, opening: Count },
  ConfirmWork: { ...id, ...settlement.ConfirmWork },
  RefuseWork: { ...id, ...settlement.RefuseWork },
  FailWork: { ...id, ...settlement.FailWork },
  DelayWork: { ...id, ...settlement.DelayWork },
});
/** A value of the codec `HostCommand`. */
export type HostCommand = t.TypeOf<typeof HostCommand>;

const op = { operationId: OperationId, at: TimestampMs };

const HostEventTable = {
  HostRequested: { ...op, ...id, name: t.string, tenant: t.string, targets: orNull(t.string), vips: orNull(t.string) },
  HostRegistered: { ...op, number: Count },
  HostRefused: { ...op, refusal: StoredRefusal },
  /** The wish; the address counts when it is reserved. */
  NetworkAddressRequested: { ...op, address: NetworkAddress },
  NetworkAddressAdded: { ...op, networkAddressId: NetworkAddressId, number: Count },
  NetworkAddressRefused: { ...op, networkAddressId: NetworkAddressId, refusal: StoredRefusal },
  NetworkAddressRemoved: { ...op, networkAddressId: NetworkAddressId },
  HostPaused: { reason: t.string, at: TimestampMs },
  HostResumed: { at: TimestampMs },
  HostDeclaredOff: { reason: t.string, at: TimestampMs },
  HostDeclaredBack: { at: TimestampMs },
  HostUsed: { accessPathId: AccessPathId, at: TimestampMs },
  HostReleased: { accessPathId: AccessPathId, at: TimestampMs },
  /** An access path knows the host as it was at this `shape`. */
  HostShown: { accessPathId: AccessPathId, shape: Count, at: TimestampMs },
  /** Its targets are to be opened anew, and then it is admitted with this token (I-21). */
  HostAdmissionAsked: { ...op, opening: Count, token: Uuid },
  /** One access path has opened its targets there. */
  HostTargetsReopened: { accessPathId: AccessPathId, opening: Count, at: TimestampMs },
  /** It may hold virtual IPs again. */
  HostAdmitted: { ...op, opening: Count },
  HostRetired: op,
  DueSettled: { ...op, due: t.string },
  WorkDelayed: troubleEvents.WorkDelayed,
  WorkFailed: troubleEvents.WorkFailed,
} as const;
/** Everything that can have happened to a host, as it is stored; docs/events.md lists the fields. */
export const HostEvent = tagged('HostEvent', HostEventTable);
/** A value of the codec `HostEvent`. */
export type HostEvent = t.TypeOf<typeof HostEvent>;

/**
 * The stream of a host.
 *
 * @example
 * import { hostStream, type HostId } from '@blockledger/domain';
 * hostStream('0b9d7a3e-0000-4000-8000-000000000001' as HostId).startsWith('host-'); // => true
 */
export const hostStream = (hostId: HostId): string => `host-${hostId}`;
