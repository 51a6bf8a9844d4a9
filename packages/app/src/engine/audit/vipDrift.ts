/** Virtual IPs as hosts show them against what VIP groups want. Pure. */
import { instanceKey, type HostId, type Member, type SeenInstance, type Vip, type VipGroupFields, type VipGroupState } from '@blockledger/domain';
import type { Drift, DriftField } from './driftViews.ts';
import type { Found } from './targetDrift.ts';

/** A host and the instances that it shows; undefined where it could not be asked. */
export interface ShownInstances {
  readonly hostId: HostId;
  readonly hostName: string;
  readonly seen: readonly SeenInstance[] | undefined;
}

const common = (group: VipGroupFields, hostId: HostId | null, ip: string) => ({ poolId: null, hostId, backendName: ip, vipGroupId: group.vipGroupId }) as const;
const redeploy = ({ vipGroupId }: VipGroupFields): Drift['mend'] => ({ do: 'redeployVipGroup', vipGroup: vipGroupId });

/** Something of the group is under way, on whatever host. */
const isBusy = ({ operations, dues, lifecycle, instances, version, group }: VipGroupState): boolean =>
  lifecycle !== 'active' ||
  operations.length > 0 ||
  dues.length > 0 ||
  (group?.vips ?? []).some(({ vipId, leaving, stood }) => leaving || !stood || (group?.members ?? []).some((member) => member.leaving || (!member.off && (instances[instanceKey(vipId, member.networkAddressId)] ?? -1) < version)));

interface Compared {
  readonly group: VipGroupFields;
  readonly vip: Vip;
  readonly member: Member;
}

const instanceDrifts = ({ group, vip, member }: Compared, seen: readonly SeenInstance[]): readonly Drift[] => {
  const found = seen.find(({ vipId }) => vipId === vip.vipId);
  const about = common(group, member.hostId, vip.ip);
  const mend = redeploy(group);
  if (found === undefined) return [{ kind: 'missing', ...about, message: `${vip.ip} has no instance on host "${member.host}"`, mend }];
  const differing = (field: DriftField, expected: unknown, is: unknown): Drift => ({
    kind: 'differing',
    ...about,
    field,
    expected,
    found: is,
    message: `the instance of ${vip.ip} on host "${member.host}": ${field} is ${JSON.stringify(is)}, the log says ${JSON.stringify(expected)}`,
    mend,
  });
  return [
    ...(found.state === 'stopped' ? [differing('state', 'running', 'stopped')] : []),
    ...(found.ip === vip.ip && found.vrid === vip.vrid ? [] : [differing('instance', { ip: vip.ip, vrid: vip.vrid }, { ip: found.ip, vrid: found.vrid })]),
  ];
};

/** Every address is held by one host. Where a host cannot be asked, only several holders are seen for certain. */
const holderDrifts = (group: VipGroupFields, vip: Vip, shown: readonly ShownInstances[]): readonly Drift[] => {
  const hosts = shown.filter(({ hostId }) => group.members.some((member) => member.hostId === hostId && !member.off));
  const holders = hosts.filter(({ seen }) => seen?.some(({ vipId, holds }) => vipId === vip.vipId && holds) === true).map(({ hostName }) => hostName);
  if (holders.length === 1 || (holders.length === 0 && hosts.some(({ seen }) => seen === undefined))) return [];
  const said = holders.length === 0 ? 'held by no host' : `held by several hosts at once: ${holders.map((name) => `"${name}"`).join(', ')}`;
  // Who holds an address is elected: nobody can be told to.
  return [{ kind: 'differing', ...common(group, null, vip.ip), field: 'holder', expected: 'one host', found: holders, message: `${vip.ip} is ${said}`, mend: null }];
};

/** Instances that no group has there. What is still to be taken away is spoken for. */
const unexpected = (groups: readonly VipGroupState[], { hostId, hostName, seen = [] }: ShownInstances): readonly Drift[] =>
  seen
    .filter(({ vipId }) => !groups.some(({ group, dues }) => dues.some(({ gives }) => 'instance' in gives && gives.instance.vipId === vipId && gives.instance.place.host === hostName) || (group?.vips.some((vip) => vip.vipId === vipId) === true && group.members.some((member) => member.hostId === hostId))))
    .map(({ ip }): Drift => ({ kind: 'unexpected', poolId: null, hostId, backendName: ip, message: `host "${hostName}" has an instance of ${ip}, and nothing in the log wants it there`, mend: null }));

/** Every difference between groups and hosts. `moved`: groups that changed while hosts were looked at. */
export const vipDrifts = (groups: readonly VipGroupState[], shown: readonly ShownInstances[], moved: ReadonlySet<string>): Found => {
  const drifts: Drift[] = [];
  const busy: string[] = [];
  for (const state of groups) {
    const { group, lifecycle } = state;
    if (group === null || lifecycle === 'refused' || lifecycle === 'deleted') continue;
    if (moved.has(group.vipGroupId) || isBusy(state)) {
      busy.push(group.vipGroupId);
      continue;
    }
    for (const vip of group.vips) {
      for (const member of group.members) {
        const seen = shown.find(({ hostId }) => hostId === member.hostId)?.seen;
        if (!member.off && seen !== undefined) drifts.push(...instanceDrifts({ group, vip, member }, seen));
      }
      drifts.push(...holderDrifts(group, vip, shown));
    }
  }
  const there = groups.filter(({ lifecycle }) => lifecycle !== 'refused');
  return { drifts: [...drifts, ...shown.flatMap((one) => unexpected(there, one))], busy };
};
