/** Hosts and their network addresses as readers see them. */
import { hasConfirmed, instanceKey, type HeldAddress, type HostFields, type HostState, type VipGroupState } from '@blockledger/domain';
import type { HostDebtView, HostFilter, HostView, NetworkAddressView } from '../pathViews.ts';
import type { HostSortField } from '../sortViews.ts';
import type { ReadKind } from './kind.ts';
import { accessPathLink, type Lookup } from './lookup.ts';

/** VIP groups of the access paths that have a target on the host. */
const vipGroupsOn = ({ users }: HostState, lookup: Lookup): readonly VipGroupState[] =>
  Object.keys(users).flatMap((id) => (lookup.accessPathState(id)?.path?.vips ?? []).flatMap(({ vipGroupId }) => lookup.vipGroupState(vipGroupId) ?? []));

const addressView = (host: HostFields, { address, number }: HeldAddress, vipGroups: readonly VipGroupState[]): NetworkAddressView => ({
  kind: 'networkAddress',
  id: address.networkAddressId,
  number,
  host: { id: host.hostId, number: host.number, name: host.name },
  ip: address.ip,
  prefix: address.prefix,
  interface: address.interface,
  segment: address.segment,
  role: address.role,
  status: number === null ? 'adding' : 'active',
  vipGroupIds: vipGroups.flatMap(({ group }) => (group?.members.some(({ networkAddressId }) => networkAddressId === address.networkAddressId) === true ? [group.vipGroupId] : [])),
});

/** One address of a host; undefined where it has none of this id. */
export const networkAddressView = (state: HostState, id: string, lookup: Lookup): NetworkAddressView | undefined => {
  const { host } = state;
  const held = host?.addresses.find(({ address }) => address.networkAddressId === id);
  return host === null || held === undefined ? undefined : addressView(host, held, vipGroupsOn(state, lookup));
};

/** Targets that are not there as they should be, and nobody can see to it. */
const targetDebts = ({ hostId }: HostFields, users: HostState['users'], lookup: Lookup): readonly HostDebtView[] =>
  Object.keys(users).flatMap((id): readonly HostDebtView[] => {
    const state = lookup.accessPathState(id);
    const target = state?.path?.hosts.find((one) => one.hostId === hostId);
    if (state === undefined || state.path === null || target === undefined) return [];
    const { unreachable, off } = target;
    if (unreachable === null && (!off || hasConfirmed(state, target))) return [];
    return [{ kind: 'accessPath', id, number: state.path.number, name: state.path.name, error: unreachable?.error ?? null, since: unreachable?.since ?? null }];
  });

const vipDebts = ({ hostId }: HostFields, vipGroups: readonly VipGroupState[]): readonly HostDebtView[] =>
  vipGroups.flatMap(({ group, instances, version }): readonly HostDebtView[] => {
    const member = group?.members.find((one) => one.hostId === hostId);
    if (group === null || member === undefined) return [];
    const { networkAddressId, unreachable, off } = member;
    const isDue = group.vips.some(({ vipId }) => (instances[instanceKey(vipId, networkAddressId)] ?? version) < version);
    if (unreachable === null && (!off || !isDue)) return [];
    return [{ kind: 'vipGroup', id: group.vipGroupId, number: group.number, name: null, error: unreachable?.error ?? null, since: unreachable?.since ?? null }];
  });

const hostView = (state: HostState, lookup: Lookup): HostView | undefined => {
  const { host, lifecycle, users, admission } = state;
  if (host === null || lifecycle === 'absent') return undefined;
  const { hostId, number, name, targets, vips, paused, off, createdAt } = host;
  const vipGroups = vipGroupsOn(state, lookup);
  return {
    kind: 'host',
    id: hostId,
    number,
    name,
    status: lifecycle,
    targets,
    vips,
    backendsPresent: (targets === null || lookup.hasTargets(targets)) && (vips === null || lookup.hasVips(vips)),
    paused,
    off,
    admission: admission === null ? null : admission.at === null ? 'asked' : 'admitted',
    addresses: host.addresses.map((held) => addressView(host, held, vipGroups)),
    accessPaths: Object.keys(users)
      .filter((id) => lookup.accessPathState(id) !== undefined)
      .map((id) => accessPathLink(lookup, id)),
    debts: [...targetDebts(host, users, lookup), ...vipDebts(host, vipGroups)],
    createdAt,
  };
};

export const hostKind: ReadKind<HostState, HostView, HostFilter, HostSortField> = {
  kind: 'host',
  plural: 'hosts',
  isEverybodys: true,
  isFoundByName: true,
  indexed: ({ host, lifecycle }) =>
    host === null
      ? undefined
      : {
          number: host.number,
          name: host.name,
          description: host.addresses.map(({ address }) => address.ip).join(' '),
          gone: lifecycle === 'refused' || lifecycle === 'retired' ? lifecycle : null,
          hidden: false,
          tenant: host.tenant,
          parentId: null,
        },
  view: hostView,
  statusOf: ({ lifecycle }) => lifecycle,
  statuses: ['registering', 'active'],
  gone: ['retired'],
  codes: ({ host }) => (host === null ? [] : [host.hostId]),
  matcher: ({ backend }) => (backend === undefined ? undefined : ({ host }) => host?.targets === backend || host?.vips === backend),
  readers: (stateAt) => ({
    number: (number) => number,
    name: (number) => stateAt(number)?.host?.name ?? null,
    status: (number) => stateAt(number)?.lifecycle ?? null,
    createdAt: (number) => stateAt(number)?.host?.createdAt ?? null,
  }),
};
