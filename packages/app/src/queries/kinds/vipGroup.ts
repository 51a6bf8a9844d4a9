/** VIP groups and their virtual IPs as readers see them. */
import { failuresOf, instanceKey, priorityOf, type Member, type Vip, type VipGroupFields, type VipGroupState } from '@blockledger/domain';
import type { PartStatus, VipGroupFilter, VipGroupStatus, VipGroupView, VipInstanceView, VipMemberView, VipView } from '../pathViews.ts';
import type { VipGroupSortField } from '../sortViews.ts';
import { vipGroupWording } from '../stepWords.ts';
import type { ActionStatus } from '../views.ts';
import type { ReadKind } from './kind.ts';
import { accessPathLink, failureView, hostLink, type Lookup } from './lookup.ts';

/** A part is there when nobody waits for it any more. */
const vipStatus = ({ operations }: VipGroupState, { leaving, stood, operationId }: Vip): PartStatus => {
  if (leaving) return 'removing';
  return stood && !operations.some((operation) => operation.operationId === operationId && (operation.kind === 'create' || operation.kind === 'addVip')) ? 'active' : 'adding';
};

/** The integer of a host's address; null where it is not known (I-29). */
const addressNumber = ({ hostId, networkAddressId }: Pick<Member, 'hostId' | 'networkAddressId'>, lookup: Lookup): number | null =>
  lookup.hostState(hostId)?.host?.addresses.find(({ address }) => address.networkAddressId === networkAddressId)?.number ?? null;

const instancesOf = ({ instances, version }: VipGroupState, group: VipGroupFields, vip: Vip, lookup: Lookup): readonly VipInstanceView[] =>
  group.members.flatMap((member): readonly VipInstanceView[] => {
    const { networkAddressId, hostId, ip, interface: device, unreachable } = member;
    const confirmed = instances[instanceKey(vip.vipId, networkAddressId)];
    if (confirmed === undefined) return [];
    const seen = lookup.seenInstance(vip.vipId, networkAddressId);
    return [
      {
        networkAddressId,
        networkAddressNumber: addressNumber(member, lookup),
        host: hostLink(lookup, hostId),
        source: ip,
        interface: device,
        priority: priorityOf(group, vip, networkAddressId),
        isConfirmed: confirmed >= version && !vip.leaving && !member.leaving,
        state: seen?.state ?? null,
        holds: seen?.holds ?? null,
        notReady: seen?.notReady ?? null,
        seenAt: seen?.at ?? null,
        unreachable,
      },
    ];
  });

const vipView = (state: VipGroupState, group: VipGroupFields, vip: Vip, lookup: Lookup): VipView => {
  const memberAt = (id: string | null): Member | undefined => group.members.find(({ networkAddressId }) => networkAddressId === id);
  const holder = memberAt(vip.holder);
  const preferred = memberAt(vip.preferred);
  return {
    kind: 'vip',
    id: vip.vipId,
    number: vip.number,
    tenant: group.tenant,
    vipGroup: { id: group.vipGroupId, number: group.number },
    accessPath: accessPathLink(lookup, group.accessPathId),
    ip: vip.ip,
    mask: vip.mask,
    vrid: vip.vridHeld ? vip.vrid : null,
    status: vipStatus(state, vip),
    preferredAddressId: vip.preferred,
    preferredAddressNumber: preferred === undefined ? null : addressNumber(preferred, lookup),
    holder: holder === undefined ? null : { networkAddressId: holder.networkAddressId, networkAddressNumber: addressNumber(holder, lookup), host: hostLink(lookup, holder.hostId) },
    isSplit: vip.isSplit,
    isContested: vip.isContested,
    instances: instancesOf(state, group, vip, lookup),
  };
};

/** One virtual IP of a group; undefined where it has none of this id. */
export const vipViewOf = (state: VipGroupState, id: string, lookup: Lookup): VipView | undefined => {
  const { group } = state;
  const vip = group?.vips.find(({ vipId }) => vipId === id);
  return group === null || vip === undefined ? undefined : vipView(state, group, vip, lookup);
};

const memberView = ({ networkAddressId, hostId, ip, interface: device, leaving, off, admission, unreachable }: Member, lookup: Lookup): VipMemberView => ({
  networkAddressId,
  networkAddressNumber: addressNumber({ hostId, networkAddressId }, lookup),
  host: hostLink(lookup, hostId),
  ip,
  interface: device,
  status: leaving ? 'removing' : 'active',
  off,
  awaitsAdmissionSince: admission?.since ?? null,
  unreachable,
});

const actionOf = ({ lifecycle, operations, troubles }: VipGroupState): ActionStatus => {
  if (failuresOf(troubles).length > 0) return 'error';
  if (lifecycle === 'reserving' || lifecycle === 'creating') return 'creating';
  if (lifecycle === 'deleting') return 'deleting';
  return operations.length === 0 ? 'idle' : 'updating';
};

/** What it is called outside: reserving what it needs is part of being made. */
const statusOf = ({ lifecycle }: VipGroupState): VipGroupStatus => (lifecycle === 'absent' || lifecycle === 'reserving' ? 'creating' : lifecycle);

const vipGroupView = (state: VipGroupState, lookup: Lookup): VipGroupView | undefined => {
  const { group, lifecycle, stage, operations, troubles } = state;
  if (group === null || lifecycle === 'absent') return undefined;
  const { vipGroupId, number, tenant, accessPathId, network, segment, preempt, createdAt, updatedAt } = group;
  return {
    kind: 'vipGroup',
    id: vipGroupId,
    number,
    tenant,
    status: statusOf(state),
    actionStatus: actionOf(state),
    operations: operations.map(({ operationId, kind }) => ({ operationId, kind })),
    failure: failureView(troubles, vipGroupWording(state)),
    accessPath: accessPathLink(lookup, accessPathId),
    network,
    segment,
    preempt,
    stage,
    members: group.members.map((member) => memberView(member, lookup)),
    vips: group.vips.map((vip) => vipView(state, group, vip, lookup)),
    createdAt,
    updatedAt,
  };
};

export const vipGroupKind: ReadKind<VipGroupState, VipGroupView, VipGroupFilter, VipGroupSortField> = {
  kind: 'vipGroup',
  plural: 'VIP groups',
  isEverybodys: false,
  isFoundByName: false,
  indexed: ({ group, lifecycle }) =>
    group === null
      ? undefined
      : {
          number: group.number,
          // It has no name of its own: it is found by its network and its addresses.
          name: group.network,
          description: group.vips.map(({ ip }) => ip).join(' '),
          gone: lifecycle === 'refused' || lifecycle === 'deleted' ? lifecycle : null,
          hidden: false,
          tenant: group.tenant,
          parentId: group.accessPathId,
        },
  view: vipGroupView,
  statusOf,
  statuses: ['creating', 'active', 'deleting'],
  gone: ['deleted'],
  codes: ({ group }) => (group === null ? [] : [group.vipGroupId]),
  parentIn: ({ accessPath }) => (accessPath === undefined ? undefined : { kind: 'accessPath', ref: accessPath }),
  matcher: ({ network }) => (network === undefined ? undefined : ({ group }) => group?.network === network),
  isIn: ({ parentId }, { accessPath }, { resolve }) => accessPath === undefined || resolve.accessPath(accessPath) === parentId,
  readers: (stateAt, lookup) => {
    const fields = (number: number): VipGroupState['group'] => stateAt(number)?.group ?? null;
    return {
      number: (number) => number,
      network: (number) => fields(number)?.network ?? null,
      status: (number) => {
        const state = stateAt(number);
        return state === undefined ? null : statusOf(state);
      },
      createdAt: (number) => fields(number)?.createdAt ?? null,
      updatedAt: (number) => fields(number)?.updatedAt ?? null,
      accessPathNumber: (number) => lookup.accessPathState(fields(number)?.accessPathId ?? '')?.path?.number ?? null,
    };
  },
};
