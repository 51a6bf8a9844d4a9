/**
 * What readers see of hosts, client groups, access paths and VIP groups, and of what they are made of: plain JSON, without secrets. Parts have
 * integers of their own, as in the source (S0-66), and belong to the resource that they are a part of.
 */
import type { AccessType, AddressRole, NotReady, PortError, Portal, Qos, TargetScope, VipStage, VrrpState } from '@blockledger/domain';
import type { ActionStatus, FailureView, GoneFilters, GoneStatus, ResourceRef } from './views.ts';

/** Another resource by both of its names; number and name are null where they are not known (I-29). */
export interface ResourceLink {
  readonly id: string;
  readonly number: number | null;
  readonly name: string | null;
}

/** What somebody owes a host, or a host owes: work that waits until it can be reached again (I-20). Moments in ms since 1970. */
export interface HostDebtView {
  /** Whose targets, or whose virtual IPs, are not there as they should be. */
  readonly kind: 'accessPath' | 'vipGroup';
  readonly id: string;
  readonly number: number | null;
  readonly name: string | null;
  /** Why the host cannot be reached; null where it was declared off. */
  readonly error: PortError | null;
  /** Since when it cannot be reached; null where it was declared off. */
  readonly since: number | null;
}

/** An operation under way on a resource that allows several at once; its id is its task's. */
export interface OperationView {
  readonly operationId: string;
  /** `create`, `map`, `addVip`. */
  readonly kind: string;
}

/** Where a part is in its life: `adding` until it counts, `removing` until it is gone everywhere. */
export type PartStatus = 'adding' | 'active' | 'removing';

/** An address of a host. Initiators come in by those of the role `gateway` (S0-66). */
export interface NetworkAddressView {
  readonly kind: 'networkAddress';
  readonly id: string;
  /** Null until it is reserved. */
  readonly number: number | null;
  readonly host: ResourceLink;
  readonly ip: string;
  readonly prefix: number;
  readonly interface: string;
  /** What hears the same broadcasts: the scope of virtual router ids. */
  readonly segment: string;
  readonly role: AddressRole;
  readonly status: PartStatus;
  /** VIP groups whose addresses may come here. */
  readonly vipGroupIds: readonly string[];
}

/** Where a host is in its life. */
export type HostStatus = 'registering' | 'active' | 'retired' | 'refused';

/** A gateway host, or an array that has its own targets. Everybody's, like a pool. Moments in ms since 1970. */
export interface HostView {
  readonly kind: 'host';
  readonly id: string;
  readonly number: number | null;
  /** By which its backends know it. */
  readonly name: string;
  readonly status: HostStatus;
  /** The backend of its targets; null where it has none. */
  readonly targets: string | null;
  /** The backend of its virtual IPs; null where it has none. */
  readonly vips: string | null;
  /** This process has the backends that it names. */
  readonly backendsPresent: boolean;
  /** Why its work is kept and not run; null while it runs. */
  readonly paused: string | null;
  /** Why it was declared off; null while it counts as there. */
  readonly off: string | null;
  /** Whether it may hold virtual IPs: `asked` until all its targets were opened anew; null before anybody asked (I-21). */
  readonly admission: 'asked' | 'admitted' | null;
  readonly addresses: readonly NetworkAddressView[];
  /** Access paths that have a target on it; a tenant sees its own. */
  readonly accessPaths: readonly ResourceLink[];
  /** What waits for it to be reached again. */
  readonly debts: readonly HostDebtView[];
  readonly createdAt: number;
}

/** Where a client group is in its life. */
export type ClientGroupStatus = 'creating' | 'active' | 'deleted' | 'refused';

/** Initiators that see the same volumes (S0-93). Moments in ms since 1970. */
export interface ClientGroupView {
  readonly kind: 'clientGroup';
  readonly id: string;
  readonly number: number | null;
  readonly name: string;
  readonly description: string;
  readonly tenant: string;
  readonly status: ClientGroupStatus;
  readonly actionStatus: ActionStatus;
  readonly operationId: string | null;
  readonly accessType: AccessType;
  /** IQNs or IP addresses, WWNs with Fibre Channel. */
  readonly clients: readonly string[];
  /** The account by which targets prove themselves to these initiators (S0-87); null while mutual CHAP is off. Never its secret. */
  readonly mutual: { readonly user: string } | null;
  /** Where it sees volumes. */
  readonly mappingGroups: readonly { readonly id: string; readonly number: number | null; readonly accessPath: ResourceLink }[];
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A volume as one client group sees it by one access path. */
export interface LunView {
  readonly volume: ResourceLink;
  /** How the volume knows of it. */
  readonly mappingId: string;
  /** The LUN number, the same on all hosts of the access path. */
  readonly lun: number;
  /** What initiators see as the serial number (S0-18); null until the volume has agreed. */
  readonly serial: string | null;
  /** Null until the volume has agreed. */
  readonly sizeBytes: number | null;
  /** Null until the volume has agreed. */
  readonly qos: Qos | null;
  readonly status: PartStatus;
}

/** The volumes that one client group sees by one access path (S0-98). */
export interface MappingGroupView {
  readonly kind: 'mappingGroup';
  readonly id: string;
  readonly number: number | null;
  readonly tenant: string;
  readonly accessPath: ResourceLink;
  readonly clientGroup: ResourceLink;
  readonly status: PartStatus;
  /** Volumes in it may be seen by others, too. */
  readonly shared: boolean;
  readonly luns: readonly LunView[];
}

/** What an access path has on one host: one target, or several where the backend cannot mask. */
export interface TargetView {
  readonly kind: 'target';
  /** A UUID made of the access path's and the host's. */
  readonly id: string;
  /** The access path's number times a million plus the host's; null while one of them has none. */
  readonly number: number | null;
  readonly tenant: string;
  readonly accessPath: ResourceLink;
  readonly host: ResourceLink;
  /** The name of the backend that runs it. */
  readonly backend: string;
  readonly status: PartStatus;
  /** IQNs of the targets that should be there. */
  readonly iqns: readonly string[];
  /** Where initiators connect. */
  readonly portals: readonly Portal[];
  /** The version of the configuration that is wanted, and the one that the host has confirmed; null before the first (decision 13). */
  readonly wantedVersion: number;
  readonly confirmedVersion: number | null;
  /** Everything is there as it is wanted, and nothing else. */
  readonly isConfirmed: boolean;
  /** The host was declared off. */
  readonly off: boolean;
  /** Since when and why it cannot be reached, in ms since 1970; null while it can (I-20). */
  readonly unreachable: { readonly error: PortError; readonly since: number } | null;
}

/** Where an access path is in its life. */
export type AccessPathStatus = 'creating' | 'active' | 'deleting' | 'deleted' | 'refused';

/** An access path: targets on hosts, and the volumes that client groups see by them (S0-98). Moments in ms since 1970. */
export interface AccessPathView {
  readonly kind: 'accessPath';
  readonly id: string;
  readonly number: number | null;
  readonly name: string;
  readonly description: string;
  readonly tenant: string;
  readonly status: AccessPathStatus;
  readonly actionStatus: ActionStatus;
  readonly operations: readonly OperationView[];
  readonly failure: FailureView | null;
  readonly accessType: AccessType;
  /** What the IQNs of its targets begin with (S0-90). */
  readonly iqnPrefix: string;
  /** What one target stands for, by its backend. */
  readonly scope: TargetScope;
  /** The account that initiators present (S0-86); null without CHAP. Never its secret. */
  readonly chap: { readonly user: string } | null;
  /** Counts what its targets should be; each target says how far it is. */
  readonly version: number;
  readonly targets: readonly TargetView[];
  readonly mappingGroups: readonly MappingGroupView[];
  readonly vipGroups: readonly { readonly id: string; readonly number: number | null; readonly stage: VipStage; readonly ips: readonly string[] }[];
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A virtual IP on one host (S0-134). */
export interface VipInstanceView {
  readonly networkAddressId: string;
  /** Null where it is not known (I-29). */
  readonly networkAddressNumber: number | null;
  readonly host: ResourceLink;
  /** The host's own address, which its adverts come from. */
  readonly source: string;
  readonly interface: string;
  /** The highest one that is ready holds the address; 101 for the preferred host (S0-77). */
  readonly priority: number;
  /** It runs as it should; what is to be removed is gone when it is not listed any more. */
  readonly isConfirmed: boolean;
  /** What it was doing when it was last looked at; null where this process has not looked. */
  readonly state: VrrpState | null;
  /** Whether the address was on the host when it was last looked at; null where this process has not looked. */
  readonly holds: boolean | null;
  /** Why it might not hold the address when it was last looked at; null where it might, and where this process has not looked. */
  readonly notReady: NotReady | null;
  /** In ms since 1970. */
  readonly seenAt: number | null;
  /** Since when and why its host cannot be reached; null while it can. */
  readonly unreachable: { readonly error: PortError; readonly since: number } | null;
}

/** A virtual IP. */
export interface VipView {
  readonly kind: 'vip';
  readonly id: string;
  readonly number: number | null;
  readonly tenant: string;
  readonly vipGroup: { readonly id: string; readonly number: number | null };
  readonly accessPath: ResourceLink;
  readonly ip: string;
  /** The length of its prefix: 32, as a rule (S0-76). */
  readonly mask: number;
  /** Its virtual router id; null until one is reserved (S0-134). */
  readonly vrid: number | null;
  readonly status: PartStatus;
  /** The network address that is preferred to hold it (S0-67). */
  readonly preferredAddressId: string;
  readonly preferredAddressNumber: number | null;
  /** Who was last seen holding it, as the log says; null: nobody. */
  readonly holder: { readonly networkAddressId: string; readonly networkAddressNumber: number | null; readonly host: ResourceLink } | null;
  /** Several hosts were seen holding it at once (I-23). */
  readonly isSplit: boolean;
  /** Somebody who is none of the group was heard to speak for its virtual router id (I-23). */
  readonly isContested: boolean;
  readonly instances: readonly VipInstanceView[];
}

/** A host that the addresses of a VIP group may move to. */
export interface VipMemberView {
  readonly networkAddressId: string;
  readonly networkAddressNumber: number | null;
  readonly host: ResourceLink;
  readonly ip: string;
  readonly interface: string;
  readonly status: 'active' | 'removing';
  /** The host was declared off. */
  readonly off: boolean;
  /** Since when it is known that the host may hold nothing before it is admitted, in ms since 1970; null where it may (I-21). */
  readonly awaitsAdmissionSince: number | null;
  readonly unreachable: { readonly error: PortError; readonly since: number } | null;
}

/** Where a VIP group is in its life. */
export type VipGroupStatus = 'creating' | 'active' | 'deleting' | 'deleted' | 'refused';

/** Virtual IPs that move between the hosts of an access path (S0-67, S0-134). Moments in ms since 1970. */
export interface VipGroupView {
  readonly kind: 'vipGroup';
  readonly id: string;
  readonly number: number | null;
  readonly tenant: string;
  readonly status: VipGroupStatus;
  readonly actionStatus: ActionStatus;
  readonly operations: readonly OperationView[];
  readonly failure: FailureView | null;
  readonly accessPath: ResourceLink;
  readonly network: string;
  readonly segment: string;
  /** A preferred host takes its addresses back when it returns. */
  readonly preempt: boolean;
  /** How its portals stand with the physical ones. */
  readonly stage: VipStage;
  readonly members: readonly VipMemberView[];
  readonly vips: readonly VipView[];
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A part of a resource that has an id and an integer of its own; `kind` tells which. */
export type PartView = NetworkAddressView | TargetView | MappingGroupView | VipView;
/** The kinds of parts. */
export type PartKindName = PartView['kind'];

/** Which hosts a list holds; what is left out does not filter. */
export interface HostFilter {
  readonly name?: string;
  readonly status?: Exclude<HostStatus, GoneStatus | 'refused'>;
  /** The name of a backend that reaches it. */
  readonly backend?: string;
  /** Part of the name or of an address, or the beginning of the UUID. */
  readonly q?: string;
}

/** Which client groups a list holds; what is left out does not filter. */
export interface ClientGroupFilter {
  readonly name?: string;
  readonly status?: Exclude<ClientGroupStatus, GoneStatus | 'refused'>;
  readonly accessType?: AccessType;
  /** An initiator that is in it. */
  readonly client?: string;
  readonly tenant?: string;
  /** Part of the name, the description or an initiator, or the beginning of the UUID. */
  readonly q?: string;
}

/** Which access paths a list holds; what is left out does not filter. */
export interface AccessPathFilter {
  readonly name?: string;
  readonly status?: Exclude<AccessPathStatus, GoneStatus | 'refused'>;
  readonly accessType?: AccessType;
  /** With a target on this host. */
  readonly host?: ResourceRef;
  /** By which this client group sees volumes. */
  readonly clientGroup?: ResourceRef;
  /** By which this volume is seen. */
  readonly volume?: ResourceRef;
  readonly tenant?: string;
  /** Part of the name or description, or the beginning of the UUID. */
  readonly q?: string;
}

/** Which VIP groups a list holds; what is left out does not filter (S0-66). */
export interface VipGroupFilter {
  readonly accessPath?: ResourceRef;
  readonly status?: Exclude<VipGroupStatus, GoneStatus | 'refused'>;
  /** `10.252.1.0/24`. */
  readonly network?: string;
  readonly tenant?: string;
  /** Part of the network or of a virtual IP, or the beginning of the UUID. */
  readonly q?: string;
}

/** Which network addresses a list holds; what is left out does not filter (S0-66). */
export interface NetworkAddressFilter {
  readonly host?: ResourceRef;
  /** Where the addresses of this VIP group may come. */
  readonly vipGroup?: ResourceRef;
  readonly role?: AddressRole;
  readonly segment?: string;
  readonly ip?: string;
}

/** Which mapping groups a list holds; what is left out does not filter. */
export interface MappingGroupFilter {
  readonly accessPath?: ResourceRef;
  readonly clientGroup?: ResourceRef;
  /** With this volume in it. */
  readonly volume?: ResourceRef;
  readonly tenant?: string;
}

/** Which targets a list holds; what is left out does not filter. */
export interface TargetFilter {
  readonly accessPath?: ResourceRef;
  readonly host?: ResourceRef;
  readonly tenant?: string;
}

/** Which virtual IPs a list holds; what is left out does not filter. */
export interface VipFilter {
  readonly vipGroup?: ResourceRef;
  readonly accessPath?: ResourceRef;
  readonly ip?: string;
  readonly tenant?: string;
}

/** Which hosts that are gone to list. */
export interface GoneHostFilter extends Omit<GoneFilters, 'tenant'> {
  readonly status?: 'retired';
}

/** Which client groups that are gone to list. */
export interface GoneClientGroupFilter extends GoneFilters {
  readonly status?: 'deleted';
}

/** Which access paths that are gone to list. */
export interface GoneAccessPathFilter extends GoneFilters {
  readonly status?: 'deleted';
}

/** Which VIP groups that are gone to list; `name` is the network that it had. */
export interface GoneVipGroupFilter extends GoneFilters {
  readonly status?: 'deleted';
  readonly accessPath?: ResourceRef;
}
