/** What an operator should know of gateways: hosts that cannot be reached, and virtual IPs that nobody holds, or that several hold. */
import type { ResourceQueries } from '../../queries/resources.ts';
import { hostKind } from '../../queries/kinds/host.ts';
import { vipGroupKind } from '../../queries/kinds/vipGroup.ts';
import type { HostView, VipGroupView, VipView } from '../../queries/pathViews.ts';
import type { Warning } from '../controlPlane.ts';

type Sources = Pick<ResourceQueries, 'indexes' | 'lookup'>;

const hostsIn = ({ indexes, lookup }: Sources): readonly HostView[] =>
  [...indexes.host.ids()].flatMap((id) => {
    const state = lookup.hostState(id);
    return state === undefined ? [] : (hostKind.view(state, lookup) ?? []);
  });

const groupsIn = ({ indexes, lookup }: Sources): readonly VipGroupView[] =>
  [...indexes.vipGroup.ids()].flatMap((id) => {
    const state = lookup.vipGroupState(id);
    return state === undefined ? [] : (vipGroupKind.view(state, lookup) ?? []);
  });

/** Debts of a host that nobody declared off: that is known already. */
const unreachable = ({ id, name, debts, off }: HostView): readonly Warning[] => {
  const told = debts.flatMap(({ error, since }) => (error === null || since === null ? [] : [{ error, since }]));
  const [first] = told.toSorted((a, b) => a.since - b.since);
  if (off !== null || first === undefined) return [];
  const message = `host "${name}" cannot be reached: ${first.error.message}. ${told.length} access paths and VIP groups wait for it; declare it off if it is`;
  return [{ code: 'HostUnreachable', message, hostId: id, since: first.since }];
};

const vipWarnings = ({ id }: VipGroupView, vip: VipView, startedAt: number): readonly Warning[] => {
  const { ip, vrid, instances } = vip;
  const seen = instances.filter(({ seenAt }) => seenAt !== null);
  const since = Math.max(startedAt, ...seen.map(({ seenAt }) => seenAt ?? 0));
  const warn = (code: Warning['code'], message: string): Warning => ({ code, message, vipGroupId: id, since });
  const isUnheld = vip.status === 'active' && seen.length > 0 && seen.length === instances.length && !seen.some(({ holds }) => holds === true);
  return [
    ...(vip.isSplit ? [warn('SplitBrain', `${ip} is on several hosts at once: they do not hear each other`)] : []),
    ...(vip.isContested ? [warn('VridContested', `somebody who is none of the VIP group speaks for virtual router ${vrid ?? '?'} of ${ip}`)] : []),
    ...(isUnheld ? [warn('VipUnheld', `no host holds ${ip}`)] : []),
  ];
};

/** Looks afresh each time it is asked. What virtual IPs do is known from the latest round. */
export const pathWarnings = (sources: Sources, startedAt: number): readonly Warning[] => [
  ...hostsIn(sources).flatMap(unreachable),
  ...groupsIn(sources).flatMap((group) => group.vips.flatMap((vip) => vipWarnings(group, vip, startedAt))),
];
