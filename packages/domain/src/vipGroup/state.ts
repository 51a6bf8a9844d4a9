/** A VIP group as its own stream tells it: plain JSON, folded by `evolve`. */
import type { NetworkSegment } from '../kernel/addresses.ts';
import type { AccessPathId, HostId, NetworkAddressId, OperationId, VipGroupId, VipId } from '../kernel/ids.ts';
import type { PortError } from '../kernel/portError.ts';
import type { TimestampMs } from '../kernel/quantities.ts';
import type { StoredRefusal } from '../kernel/settlement.ts';
import { noTroubles, type Troubles } from '../kernel/troubles.ts';
import type { Serving, VipStage } from '../accessPath/messages.ts';
import type { VipInstanceRef } from '../ports/vipBackend.ts';
import type { VipMember } from './messages.ts';

/** One virtual IP and how far it has got: its number, its virtual router id in the log, the same on the wire, its portals. */
export interface Vip {
  readonly vipId: VipId;
  readonly operationId: OperationId;
  readonly number: number | null;
  readonly ip: string;
  readonly mask: number;
  /** The host's address that is preferred to hold it. */
  readonly preferred: NetworkAddressId;
  readonly vrid: number;
  readonly vridHeld: boolean;
  /** How many ids were tried before this one. */
  readonly tried: number;
  /** Nobody else was heard to speak for its virtual router id. */
  readonly heardFree: boolean;
  /** The targets have a portal on it. */
  readonly stood: boolean;
  readonly leaving: boolean;
  /** The address of the host that was last seen holding it. */
  readonly holder: NetworkAddressId | null;
  /** The address of a host that leaves and was the last that was seen holding it; null again when another one was seen to have it. */
  readonly leftBy: NetworkAddressId | null;
  readonly isSplit: boolean;
  /** Somebody else speaks for its virtual router id, since it is in use (I-23). */
  readonly isContested: boolean;
}

/** A host that takes part. */
export interface Member extends VipMember {
  readonly operationId: OperationId;
  readonly leaving: boolean;
  /** Its host was declared off: nothing of it is waited for. */
  readonly off: boolean;
  /** Its host may hold nothing before it is admitted: since when that is known, and whether the host was asked (I-21). */
  readonly admission: { readonly since: TimestampMs; readonly asked: boolean } | null;
  /** Since when and why it cannot be reached; null while it can (I-20). */
  readonly unreachable: { readonly error: PortError; readonly since: TimestampMs } | null;
}

/** An operation under way; it ends when everything that it is about stands, or is gone. */
export interface VipOperation {
  readonly operationId: OperationId;
  readonly kind: 'create' | 'update' | 'redeploy' | 'delete' | 'addVip' | 'removeVip' | 'addMember' | 'removeMember';
  readonly about: string | null;
  /** The version of instances that it waits for. */
  readonly version: number;
}

/** What is known of a VIP group. `number` is its REST integer, null until it is reserved (S0-3). */
export interface VipGroupFields {
  readonly vipGroupId: VipGroupId;
  readonly number: number | null;
  readonly accessPathId: AccessPathId;
  readonly tenant: string;
  readonly network: string;
  readonly segment: NetworkSegment;
  readonly preempt: boolean;
  readonly members: readonly Member[];
  readonly vips: readonly Vip[];
  readonly createdAt: TimestampMs;
  readonly updatedAt: TimestampMs;
}

/** What is still to be given back; an instance on a host that is off goes when that returns (I-20). */
export interface VipDue {
  readonly operationId: OperationId;
  readonly due: string;
  readonly gives: { readonly ip: string; readonly holder: VipId } | { readonly vrid: number; readonly holder: VipId } | { readonly path: AccessPathId } | { readonly instance: VipInstanceRef };
}

/**
 * A VIP group's folded stream. `shape` is what the access path is shown, `shown` what it knows, `stood` what its hosts have; `version` is what
 * instances should be, and `instances` which version each of them has, by `vipId networkAddressId`, −1 for one that may have been begun.
 */
export interface VipGroupState {
  readonly lifecycle: 'absent' | 'reserving' | 'creating' | 'active' | 'deleting' | 'refused' | 'deleted';
  readonly group: VipGroupFields | null;
  readonly stage: VipStage;
  readonly ips: readonly string[];
  readonly shape: number;
  readonly shown: number;
  readonly stood: number;
  /** Hosts of the access path that were declared off. */
  readonly off: readonly HostId[];
  /** What hosts must serve, how often that changed, the version of instances that check it, and which change the access path knows to be gone by. */
  readonly serving: readonly Serving[];
  readonly serves: number;
  readonly servesSince: number;
  readonly servesTold: number;
  readonly version: number;
  readonly latest: OperationId | null;
  readonly instances: Readonly<Record<string, number>>;
  readonly operations: readonly VipOperation[];
  readonly troubles: Troubles;
  readonly dues: readonly VipDue[];
  readonly refused: readonly { readonly operationId: OperationId; readonly refusal: StoredRefusal }[];
}

/** The state before the first event. */
export const noVipGroup: VipGroupState = {
  lifecycle: 'absent',
  group: null,
  stage: 'beside',
  ips: [],
  shape: 0,
  shown: 0,
  stood: 0,
  off: [],
  serving: [],
  serves: 0,
  servesSince: 0,
  servesTold: 0,
  version: 0,
  latest: null,
  instances: {},
  operations: [],
  troubles: noTroubles,
  dues: [],
  refused: [],
};

/**
 * The key of an instance among a group's.
 *
 * @example
 * import { instanceKey } from '@blockledger/domain';
 * instanceKey('vip', 'address'); // => 'vip address'
 */
export const instanceKey = (vipId: string, networkAddressId: string): string => `${vipId} ${networkAddressId}`;

/**
 * The instance of an address on a host, as backends know it.
 *
 * @example
 * import { refOfInstance } from '@blockledger/domain';
 * refOfInstance({ vipId: 'v', ip: '10.0.0.9', mask: 32 } as never, { backend: 'keepalived', host: 'gw1', interface: 'eth0' } as never).place; // => { backend: 'keepalived', host: 'gw1' }
 */
export const refOfInstance = ({ vipId, ip, mask }: Vip, { backend, host, interface: device }: Member): VipInstanceRef => ({ place: { backend, host }, vipId, ip, mask, interface: device });

/**
 * Instances that run or may run, but for those on hosts that were declared off: nobody waits for these (I-20).
 *
 * @example
 * import { instancesThere, noVipGroup } from '@blockledger/domain';
 * instancesThere(noVipGroup); // => []
 */
export const instancesThere = ({ group, instances }: VipGroupState): readonly { readonly vipId: string; readonly networkAddressId: string }[] =>
  Object.keys(instances)
    .map((key) => {
      const [vipId = '', networkAddressId = ''] = key.split(' ');
      return { vipId, networkAddressId };
    })
    .filter(({ networkAddressId }) => group?.members.some((member) => member.networkAddressId === networkAddressId && !member.off) === true);

/**
 * The instances that should run: of every address whose portals stand, on every host that stays.
 *
 * @example
 * import { noVipGroup, wantedInstances } from '@blockledger/domain';
 * wantedInstances(noVipGroup); // => []
 */
export const wantedInstances = ({ group, lifecycle }: VipGroupState): readonly { readonly vip: Vip; readonly member: Member }[] =>
  group === null || lifecycle === 'deleting'
    ? []
    : group.vips.filter(({ stood, leaving }) => stood && !leaving).flatMap((vip) => group.members.filter(({ leaving }) => !leaving).map((member) => ({ vip, member })));

/**
 * True when every instance that should run on a host that can be reached has the version, for one address or for all.
 *
 * @example
 * import { instancesRun, noVipGroup } from '@blockledger/domain';
 * instancesRun(noVipGroup, 0); // => false
 */
export const instancesRun = (state: VipGroupState, version: number, vipId?: string): boolean => {
  const wanted = wantedInstances(state).filter(({ vip, member }) => member.unreachable === null && !member.off && (vipId === undefined || vip.vipId === vipId));
  return wanted.length > 0 && wanted.every(({ vip, member }) => (state.instances[instanceKey(vip.vipId, member.networkAddressId)] ?? -1) >= version);
};

/**
 * True when every instance that may run, on a host that can be reached, checks what is served now, and no more.
 *
 * @example
 * import { instancesCheck, noVipGroup } from '@blockledger/domain';
 * instancesCheck(noVipGroup); // => true
 */
export const instancesCheck = (state: VipGroupState): boolean =>
  instancesThere(state).every(
    ({ vipId, networkAddressId }) =>
      (state.instances[instanceKey(vipId, networkAddressId)] ?? -1) >= state.servesSince ||
      state.group?.members.some((member) => member.networkAddressId === networkAddressId && member.unreachable !== null) === true,
  );
