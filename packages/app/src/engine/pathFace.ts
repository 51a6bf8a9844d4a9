/** The part of the library face that is about hosts, client groups, access paths and VIP groups. */
import type { Refusal } from '@blockledger/domain';
import type { Either } from 'fp-ts/lib/Either.js';
import type {
  AccessPathFilter,
  AccessPathView,
  ClientGroupFilter,
  ClientGroupView,
  GoneAccessPathFilter,
  GoneClientGroupFilter,
  GoneHostFilter,
  GoneVipGroupFilter,
  HostFilter,
  HostView,
  MappingGroupFilter,
  MappingGroupView,
  NetworkAddressFilter,
  NetworkAddressView,
  TargetFilter,
  TargetView,
  VipFilter,
  VipGroupFilter,
  VipGroupView,
  VipView,
} from '../queries/pathViews.ts';
import type {
  AccessPathSortField,
  ClientGroupSortField,
  HostSortField,
  MappingGroupSortField,
  NetworkAddressSortField,
  Sorted,
  TargetSortField,
  VipGroupSortField,
  VipSortField,
} from '../queries/sortViews.ts';
import type { Page, PageQuery, ResourceRef } from '../queries/views.ts';
import type { Answer } from './answer.ts';
import type { Accepted, Resources } from './controlPlane.ts';
import type {
  AddVolumesInput,
  CreateAccessPathInput,
  CreateClientGroupInput,
  CreateMappingGroupInput,
  CreateVipGroupInput,
  ForceInput,
  NetworkAddressInput,
  RegisterHostInput,
  RemoveVolumesInput,
  UnmapInput,
  UpdateAccessPathInput,
  UpdateClientGroupInput,
  VipInput,
} from './pathRequests.ts';
import type { RequestOptions } from './requests.ts';

/** Reading parts of resources: what belongs to them and has an id and an integer of its own. From memory. */
export interface Parts<V, F> {
  /** One, by UUID or number; undefined when it is not there, or gone. */
  readonly get: (ref: ResourceRef) => V | undefined;
  /** The UUID of what is named, there or gone; undefined for what was never heard of. */
  readonly idOf: (ref: ResourceRef) => string | undefined;
  /** Those that are there and have their number. */
  readonly list: (query?: PageQuery & F) => Page<V>;
  /** The same for a query from outside: `QueryIsInvalid` or `CursorIsForeign` where it is not well formed. */
  readonly page: (query?: PageQuery & F) => Either<Refusal, Page<V>>;
}

/** Reading hosts, client groups, access paths and VIP groups, and what they are made of. */
export interface PathLists {
  readonly hosts: Resources<HostView, HostFilter & Sorted<HostSortField>, GoneHostFilter>;
  readonly clientGroups: Resources<ClientGroupView, ClientGroupFilter & Sorted<ClientGroupSortField>, GoneClientGroupFilter>;
  readonly accessPaths: Resources<AccessPathView, AccessPathFilter & Sorted<AccessPathSortField>, GoneAccessPathFilter>;
  readonly vipGroups: Resources<VipGroupView, VipGroupFilter & Sorted<VipGroupSortField>, GoneVipGroupFilter>;
  /** Addresses of all hosts (S0-66). */
  readonly networkAddresses: Parts<NetworkAddressView, NetworkAddressFilter & Sorted<NetworkAddressSortField>>;
  /** What access paths have on hosts (S0-98). */
  readonly targets: Parts<TargetView, TargetFilter & Sorted<TargetSortField>>;
  /** What client groups see by access paths (S0-98). */
  readonly mappingGroups: Parts<MappingGroupView, MappingGroupFilter & Sorted<MappingGroupSortField>>;
  /** Virtual IPs of all VIP groups (S0-134). */
  readonly vips: Parts<VipView, VipFilter & Sorted<VipSortField>>;
}

/** What is asked for about hosts. Hosts are everybody's: a caller who is confined to a tenant is refused as `CallerIsConfined`. */
export interface HostVerbs {
  /** Puts a host in service, with its addresses (S0-66, S0-98). */
  readonly registerHost: (input: RegisterHostInput, options?: RequestOptions) => Answer<Accepted<HostView>>;
  /** Gives a host another address; `part` is the address. */
  readonly addNetworkAddress: (host: ResourceRef, input: NetworkAddressInput, options?: RequestOptions) => Answer<Accepted<HostView, NetworkAddressView>>;
  /** Takes an address from its host; refused while somebody uses it. */
  readonly removeNetworkAddress: (networkAddress: ResourceRef, options?: RequestOptions) => Answer<Accepted<HostView, NetworkAddressView>>;
  /** Keeps the work of a host and runs none of it until it is resumed. */
  readonly pauseHost: (host: ResourceRef, input: { readonly reason: string }, options?: RequestOptions) => Answer<Accepted<HostView>>;
  /** Runs the work of a host again. */
  readonly resumeHost: (host: ResourceRef, options?: RequestOptions) => Answer<Accepted<HostView>>;
  /** Says that a host is switched off and serves nobody: what waits for it need not wait (I-20, I-21). Untrue, it puts data at risk. */
  readonly declareHostOff: (host: ResourceRef, input: { readonly reason: string }, options?: RequestOptions) => Answer<Accepted<HostView>>;
  /** Says that a host may serve again, once it has been made what it should be. */
  readonly declareHostBack: (host: ResourceRef, options?: RequestOptions) => Answer<Accepted<HostView>>;
  /** Takes a host out of service; refused while an access path has a target on it (I-26). */
  readonly retireHost: (host: ResourceRef, options?: RequestOptions) => Answer<Accepted<HostView>>;
}

/** What is asked for about client groups. */
export interface ClientGroupVerbs {
  /** Initiators that will see the same volumes (S0-93). */
  readonly createClientGroup: (input: CreateClientGroupInput, options?: RequestOptions) => Answer<Accepted<ClientGroupView>>;
  /** Renames, describes, changes initiators and mutual CHAP (S0-87); access paths follow. */
  readonly updateClientGroup: (clientGroup: ResourceRef, input: UpdateClientGroupInput, options?: RequestOptions) => Answer<Accepted<ClientGroupView>>;
  /** Deletes a client group; refused while a mapping group has it. */
  readonly deleteClientGroup: (clientGroup: ResourceRef, options?: RequestOptions) => Answer<Accepted<ClientGroupView>>;
}

/** What is asked for about access paths, their targets and their mapping groups. */
export interface AccessPathVerbs {
  /** Targets on hosts, by which client groups will see volumes (S0-98). */
  readonly createAccessPath: (input: CreateAccessPathInput, options?: RequestOptions) => Answer<Accepted<AccessPathView>>;
  /** Renames, describes, changes CHAP (S0-86). */
  readonly updateAccessPath: (accessPath: ResourceRef, input: UpdateAccessPathInput, options?: RequestOptions) => Answer<Accepted<AccessPathView>>;
  /** Deletes an access path; refused while it has mapping groups or VIP groups. */
  readonly deleteAccessPath: (accessPath: ResourceRef, options?: RequestOptions) => Answer<Accepted<AccessPathView>>;
  /** Looks at every target of an access path and makes it what it should be. */
  readonly redeployAccessPath: (accessPath: ResourceRef, options?: RequestOptions) => Answer<Accepted<AccessPathView>>;
  /** A target on another host; `part` is the target. */
  readonly addTarget: (accessPath: ResourceRef, input: { readonly host: ResourceRef }, options?: RequestOptions) => Answer<Accepted<AccessPathView, TargetView>>;
  /** Takes an access path away from a host. Without `force` refused while somebody is logged in there (S0-138). */
  readonly removeTarget: (target: ResourceRef, input?: ForceInput, options?: RequestOptions) => Answer<Accepted<AccessPathView, TargetView>>;
  /** Lets a client group see volumes by an access path; `part` is the mapping group. */
  readonly createMappingGroup: (accessPath: ResourceRef, input: CreateMappingGroupInput, options?: RequestOptions) => Answer<Accepted<AccessPathView, MappingGroupView>>;
  /** Adds volumes to those of a mapping group (S0-97). */
  readonly addVolumesToMappingGroup: (mappingGroup: ResourceRef, input: AddVolumesInput, options?: RequestOptions) => Answer<Accepted<AccessPathView, MappingGroupView>>;
  /** Takes volumes out of a mapping group, everywhere (S0-96, S0-97). */
  readonly removeVolumesFromMappingGroup: (mappingGroup: ResourceRef, input: RemoveVolumesInput, options?: RequestOptions) => Answer<Accepted<AccessPathView, MappingGroupView>>;
  /** Takes all volumes of a mapping group from its clients, and deletes it (S0-138). */
  readonly deleteMappingGroup: (mappingGroup: ResourceRef, input?: UnmapInput, options?: RequestOptions) => Answer<Accepted<AccessPathView, MappingGroupView>>;
}

/** What is asked for about VIP groups and their virtual IPs. */
export interface VipGroupVerbs {
  /** Virtual IPs for an access path, which move between its hosts (S0-67, S0-71). */
  readonly createVipGroup: (input: CreateVipGroupInput, options?: RequestOptions) => Answer<Accepted<VipGroupView>>;
  /** Whether preferred hosts take their addresses back when they return (S0-134). */
  readonly updateVipGroup: (vipGroup: ResourceRef, input: { readonly preempt: boolean }, options?: RequestOptions) => Answer<Accepted<VipGroupView>>;
  /** Another virtual IP; a group has at most 16 (S0-70). `part` is the virtual IP. */
  readonly addVip: (vipGroup: ResourceRef, input: VipInput, options?: RequestOptions) => Answer<Accepted<VipGroupView, VipView>>;
  /** Takes a virtual IP away; never the last one of its group (S0-79). */
  readonly removeVip: (vip: ResourceRef, options?: RequestOptions) => Answer<Accepted<VipGroupView, VipView>>;
  /** Lets the addresses move to another network address of the access path's hosts, too (S0-78). */
  readonly addVipMember: (vipGroup: ResourceRef, input: { readonly networkAddress: ResourceRef }, options?: RequestOptions) => Answer<Accepted<VipGroupView>>;
  /** Keeps the addresses from a host; it hands over first (S0-78, R-14). */
  readonly removeVipMember: (vipGroup: ResourceRef, input: { readonly networkAddress: ResourceRef }, options?: RequestOptions) => Answer<Accepted<VipGroupView>>;
  /** Deletes a VIP group; physical portals stand before the virtual ones go. Without `force` refused while somebody is logged in by its addresses. */
  readonly deleteVipGroup: (vipGroup: ResourceRef, input?: ForceInput, options?: RequestOptions) => Answer<Accepted<VipGroupView>>;
  /** Looks at every instance of a VIP group and makes it what it should be (S0-134). */
  readonly redeployVipGroup: (vipGroup: ResourceRef, options?: RequestOptions) => Answer<Accepted<VipGroupView>>;
}

/** Everything that is asked for about hosts, client groups, access paths and VIP groups. */
export interface PathVerbs extends HostVerbs, ClientGroupVerbs, AccessPathVerbs, VipGroupVerbs {}
