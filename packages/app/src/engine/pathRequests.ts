/** What callers ask for about hosts, client groups, access paths and VIP groups, as plain data. */
import type { AccessType, AddressRole, Secret } from '@blockledger/domain';
import type { ResourceRef } from '../queries/views.ts';

/** An address of a host. */
export interface NetworkAddressInput {
  /** IPv4. */
  readonly ip: string;
  /** Of its network: 1 to 32. */
  readonly prefix: number;
  /** The network device: `eth0`. */
  readonly interface: string;
  /** What hears the same broadcasts, 1 to 64 letters, digits and `. : _ -`. Default: its network, as `10.252.1.0-24`. */
  readonly segment?: string;
  /** Default `gateway`: initiators come in by it. */
  readonly role?: AddressRole;
}

/** A host to put in service. It serves targets, virtual IPs, or both. */
export interface RegisterHostInput {
  /** By which its backends know it. */
  readonly name: string;
  /** The backend of its targets. */
  readonly targets?: string | null;
  /** The backend of its virtual IPs. */
  readonly vips?: string | null;
  readonly addresses?: readonly NetworkAddressInput[];
}

/** A CHAP account: a user of 8 to 64 characters, a secret of 12 to 16. The secret goes to the secret store and is never shown again. */
export interface ChapInput {
  readonly user: string;
  readonly secret: Secret | string;
}

/** Initiators that will see the same volumes. */
export interface CreateClientGroupInput {
  readonly name: string;
  readonly description?: string;
  /** Default `iscsi`. */
  readonly accessType?: AccessType;
  /** IQNs or IP addresses; WWNs with Fibre Channel (S0-93, X-6). */
  readonly clients: readonly string[];
  /** The account by which targets prove themselves to them (S0-87). Default: none. */
  readonly mutual?: ChapInput | null;
}

/** Changes; what is left out stays. `mutual` null turns mutual CHAP off. */
export interface UpdateClientGroupInput {
  readonly name?: string;
  readonly description?: string;
  readonly clients?: readonly string[];
  readonly mutual?: ChapInput | null;
}

/** An access path to be: targets on these hosts. */
export interface CreateAccessPathInput {
  readonly name: string;
  readonly description?: string;
  /** Default `iscsi`. */
  readonly accessType?: AccessType;
  /** What the IQNs of its targets begin with. Default `iqn.2019-01.com.xsky:blockledger` (S0-90). */
  readonly iqnPrefix?: string;
  /** The account that initiators present (S0-86). Default: none. */
  readonly chap?: ChapInput | null;
  readonly hosts: readonly ResourceRef[];
}

/** Changes; what is left out stays. `chap` null turns CHAP off. */
export interface UpdateAccessPathInput {
  readonly name?: string;
  readonly description?: string;
  readonly chap?: ChapInput | null;
}

/** Volumes that a client group is to see by an access path. */
export interface CreateMappingGroupInput {
  readonly clientGroup: ResourceRef;
  /** At most 256. Default: none yet. */
  readonly volumes?: readonly ResourceRef[];
  /** Others may see the volumes, too: all of them must say so. Default false. */
  readonly shared?: boolean;
}

/** Volumes to add to a mapping group; those that are in it stay as they are. */
export interface AddVolumesInput {
  readonly volumes: readonly ResourceRef[];
  readonly shared?: boolean;
}

/** How a client group loses volumes. Without `force` refused while one of its clients is logged in; with it clients are fenced (I-21). */
export interface UnmapInput {
  readonly force?: boolean;
  /** The initiators have logged out: it counts where the backend shows no sessions, and is looked at where it does. Default false. */
  readonly loggedOut?: boolean;
}

/** Volumes to take out of a mapping group. */
export interface RemoveVolumesInput extends UnmapInput {
  readonly volumes: readonly ResourceRef[];
}

/** Refused while somebody is logged in there, unless by `force` (S0-138). */
export interface ForceInput {
  readonly force?: boolean;
}

/** A virtual IP to be. */
export interface VipInput {
  /** Inside the group's network. */
  readonly ip: string;
  /** 32, or the prefix of the network. Default 32 (S0-76). */
  readonly mask?: number;
  /** The address of the host that is preferred to hold it (S0-67). */
  readonly networkAddress: ResourceRef;
}

/** Virtual IPs for an access path: every host that has a gateway address in the network and a target of the path takes part (S0-67). */
export interface CreateVipGroupInput {
  readonly accessPath: ResourceRef;
  /** `10.252.1.0/24`. */
  readonly network: string;
  /** A preferred host takes its addresses back when it returns. Default true. */
  readonly preempt?: boolean;
  readonly vips: readonly VipInput[];
  /** Also while somebody is logged in by the physical portals, which the first group takes away. Default false. */
  readonly force?: boolean;
}

/** What can be asked for about hosts, client groups, access paths and VIP groups, one intent each. */
export type PathRequest =
  | { readonly do: 'registerHost'; readonly input: RegisterHostInput }
  | { readonly do: 'addNetworkAddress'; readonly host: ResourceRef; readonly input: NetworkAddressInput }
  | { readonly do: 'removeNetworkAddress'; readonly networkAddress: ResourceRef }
  | { readonly do: 'pauseHost' | 'declareHostOff'; readonly host: ResourceRef; readonly input: { readonly reason: string } }
  | { readonly do: 'resumeHost' | 'declareHostBack' | 'retireHost'; readonly host: ResourceRef }
  | { readonly do: 'createClientGroup'; readonly input: CreateClientGroupInput }
  | { readonly do: 'updateClientGroup'; readonly clientGroup: ResourceRef; readonly input: UpdateClientGroupInput }
  | { readonly do: 'deleteClientGroup'; readonly clientGroup: ResourceRef }
  | { readonly do: 'createAccessPath'; readonly input: CreateAccessPathInput }
  | { readonly do: 'updateAccessPath'; readonly accessPath: ResourceRef; readonly input: UpdateAccessPathInput }
  | { readonly do: 'deleteAccessPath' | 'redeployAccessPath'; readonly accessPath: ResourceRef }
  | { readonly do: 'addTarget'; readonly accessPath: ResourceRef; readonly input: { readonly host: ResourceRef } }
  | { readonly do: 'removeTarget'; readonly target: ResourceRef; readonly input: ForceInput }
  | { readonly do: 'createMappingGroup'; readonly accessPath: ResourceRef; readonly input: CreateMappingGroupInput }
  | { readonly do: 'addVolumesToMappingGroup'; readonly mappingGroup: ResourceRef; readonly input: AddVolumesInput }
  | { readonly do: 'removeVolumesFromMappingGroup'; readonly mappingGroup: ResourceRef; readonly input: RemoveVolumesInput }
  | { readonly do: 'deleteMappingGroup'; readonly mappingGroup: ResourceRef; readonly input: UnmapInput }
  | { readonly do: 'createVipGroup'; readonly input: CreateVipGroupInput }
  | { readonly do: 'updateVipGroup'; readonly vipGroup: ResourceRef; readonly input: { readonly preempt: boolean } }
  | { readonly do: 'addVip'; readonly vipGroup: ResourceRef; readonly input: VipInput }
  | { readonly do: 'removeVip'; readonly vip: ResourceRef }
  | { readonly do: 'addVipMember' | 'removeVipMember'; readonly vipGroup: ResourceRef; readonly input: { readonly networkAddress: ResourceRef } }
  | { readonly do: 'deleteVipGroup'; readonly vipGroup: ResourceRef; readonly input: ForceInput }
  | { readonly do: 'redeployVipGroup'; readonly vipGroup: ResourceRef };
