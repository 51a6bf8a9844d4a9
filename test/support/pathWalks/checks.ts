/** What must be true of gateways at every step, and when everything is at rest: held against what the control plane says it wants. */
import type { AccessPathView, ControlPlane, VipGroupView } from '@blockledger/app';
import { attachmentFaults } from './attachmentAsks.ts';
import { NAMES, type Gateways, type HostName } from './gateways.ts';

/** What a check looks at. `plane` is the one that lives, or undefined between two lives. */
export interface Checked {
  readonly gateways: Gateways;
  readonly plane: ControlPlane | undefined;
  /** Hosts that were declared off since everything was at rest: what stands there is nobody's promise. */
  readonly lost: ReadonlySet<HostName>;
}

const all = { limit: -1 } as const;
const pathOf = (plane: ControlPlane, iqn: string): AccessPathView | undefined => plane.accessPaths.list(all).items.find(({ targets }) => targets.some(({ iqns }) => iqns.includes(iqn)));

/** A number stands for one volume on all hosts (I-19). */
const numberFaults = ({ gateways, lost }: Checked): readonly string[] => {
  const volumes = new Map<string, string>();
  return NAMES.filter((host) => !lost.has(host)).flatMap((host) =>
    gateways.standing(host).flatMap(({ iqn, luns }) =>
      luns.flatMap(({ lun, serial = '?' }) => {
        const before = volumes.get(`${iqn} ${lun}`) ?? serial;
        volumes.set(`${iqn} ${lun}`, before);
        return before === serial ? [] : [`LUN ${lun} of ${iqn} is ${serial} on ${host}, and ${before} elsewhere`];
      }),
    ),
  );
};

/** Nobody can open a volume that is not mapped, or not to them any more (I-21). */
const openFaults = ({ gateways, plane, lost }: Checked): readonly string[] => {
  if (plane === undefined) return [];
  const volumes = new Map(plane.volumes.list(all).items.map((volume) => [volume.serial, volume]));
  return NAMES.filter((host) => !lost.has(host)).flatMap((host) =>
    gateways.standing(host).flatMap(({ iqn, luns }) => luns.filter(({ serial }) => volumes.get(serial ?? '')?.mapped !== true).map(({ serial }) => `${host} offers ${serial} by ${iqn}, and the volume is not mapped`)),
  );
};

/** A path by which somebody sees something can be reached by some portal, as far as no host lost anything by itself. */
const portalFaults = ({ gateways, plane }: Checked): readonly string[] => {
  if (plane === undefined || NAMES.some((host) => gateways.conditions[host].disturbed)) return [];
  const running = gateways.running();
  const virtual = new Set(plane.vips.list(all).items.map(({ ip }) => ip));
  const leads = (host: HostName, ip: string): boolean => !virtual.has(ip) || running.some((one) => one.host === host && one.ip === ip && !one.yielding);
  return plane.accessPaths
    .list({ ...all, status: 'active' })
    .items.filter(({ targets, failure, mappingGroups }) => failure === null && targets.every(({ off }) => !off) && mappingGroups.some(({ status }) => status === 'active'))
    .flatMap((path) => {
      const iqns = new Set(path.targets.flatMap((target) => target.iqns));
      const standing = NAMES.flatMap((host) => gateways.standing(host).filter(({ iqn }) => iqns.has(iqn)).map(({ portals }) => ({ host, portals })));
      const isServed = standing.some(({ host, portals }) => portals.some(({ ip }) => leads(host, ip)));
      return standing.length === 0 || isServed ? [] : [`${path.name} has no portal that leads anywhere: ${JSON.stringify([standing, running])}`];
    });
};

/** Who holds an address opened what it leads to after the storage last locked it out (I-21). Targets that no address leads to are left as they are. */
const staleFaults = ({ gateways, plane }: Checked): readonly string[] =>
  (plane?.accessPaths.list(all).items ?? []).flatMap(({ vipGroups, targets }) => {
    const iqns = new Set(targets.flatMap((target) => target.iqns));
    const staleOn = (host: string): readonly string[] => [...gateways.conditions[host as HostName].stale].filter((lun) => iqns.has(lun.split(' ')[0] ?? ''));
    return vipGroups.flatMap(({ ips }) => ips).flatMap((ip) =>
      gateways.segment
        .holders(ip)
        .filter((host) => staleOn(host).length > 0)
        .map((host) => `${host} holds ${ip} with LUNs that the storage locks out: ${staleOn(host).join(', ')}`),
    );
  });

/** Every sentence that is not true just now. */
export const faultsNow = (checked: Checked): readonly string[] => [...numberFaults(checked), ...openFaults(checked), ...portalFaults(checked), ...staleFaults(checked)];

const sorted = (list: readonly string[]): string => list.toSorted((a, b) => (a < b ? -1 : 1)).join('; ') || 'nothing';
const differ = (what: string, is: readonly string[], should: readonly string[]): readonly string[] => (sorted(is) === sorted(should) ? [] : [`${what}: ${sorted(is)}, and it should be ${sorted(should)}`]);

/** What one target of a path should show, in lines. */
const wantedLines = (plane: ControlPlane, path: AccessPathView, host: string): readonly string[] => {
  const target = path.targets.find((one) => one.host.name === host);
  const groups = path.mappingGroups.filter(({ status }) => status === 'active');
  const luns = new Map(groups.flatMap((group) => group.luns.map((lun) => [lun.lun, `lun ${lun.lun} ${lun.serial} ${lun.sizeBytes}`] as const)));
  const clients = new Map<string, Set<number>>();
  const mutuals = new Map<string, string | null>();
  for (const { clientGroup, luns: own } of groups) {
    const group = plane.clientGroups.get(clientGroup.id);
    for (const code of group?.clients ?? []) {
      clients.set(code, new Set([...(clients.get(code) ?? []), ...own.map(({ lun }) => lun)]));
      mutuals.set(code, mutuals.get(code) ?? (path.chap === null ? null : (group?.mutual?.user ?? null)));
    }
  }
  const portals = path.vipGroups.some(({ stage }) => stage === 'alone')
    ? []
    : plane.networkAddresses.list({ ...all, host, role: 'gateway' }).items.filter(({ status }) => status === 'active').map(({ ip }) => ip);
  return [
    ...target!.iqns.map((iqn) => `iqn ${iqn}`),
    ...[...portals, ...path.vipGroups.flatMap(({ ips }) => ips)].map((ip) => `portal ${ip}`),
    ...(path.chap === null ? [] : [`chap ${path.chap.user}`]),
    ...luns.values(),
    ...[...clients].map(([code, seen]) => `client ${code} sees ${[...seen].toSorted((a, b) => a - b).join(' ')} ${mutuals.get(code) ?? '-'}`),
  ];
};

const targetFaults = ({ gateways }: Checked, plane: ControlPlane): readonly string[] =>
  NAMES.flatMap((host) => {
    const paths = plane.accessPaths.list(all).items.filter(({ targets }) => targets.some((target) => target.host.name === host));
    const seen = gateways.standing(host);
    const extra = seen.filter(({ iqn }) => pathOf(plane, iqn)?.targets.some((target) => target.host.name === host) !== true);
    return [
      ...extra.map(({ iqn }) => `${host} has ${iqn}, which nobody wants`),
      ...paths.flatMap((path) => {
        const found = seen.find(({ iqn }) => path.targets.some(({ iqns }) => iqns.includes(iqn)));
        const lines =
          found === undefined
            ? []
            : [
                `iqn ${found.iqn}`,
                ...found.portals.map(({ ip }) => `portal ${ip}`),
                ...(found.chapUsers ?? []).map((user) => `chap ${user}`),
                ...found.luns.map(({ lun, serial, sizeBytes }) => `lun ${lun} ${serial} ${sizeBytes}`),
                ...found.clients.map(({ code, luns = [], mutualUser }) => `client ${code} sees ${luns.toSorted((a, b) => a - b).join(' ')} ${mutualUser ?? '-'}`),
              ];
        return differ(`${path.name} on ${host}`, lines, wantedLines(plane, path, host));
      }),
    ];
  });

/** Each address is held by one host, every host of its group has its instance, and no host has another. */
const vipFaults = async ({ gateways }: Checked, plane: ControlPlane): Promise<readonly string[]> => {
  const vips = plane.vips.list(all).items;
  const groups = plane.vipGroups.list(all).items;
  const membersOf = (group: VipGroupView | undefined): readonly string[] => [...new Set(group?.members.map(({ host }) => host.name ?? ''))];
  const wanted = vips.flatMap(({ ip, vipGroup }) => membersOf(groups.find(({ id }) => id === vipGroup.id)).map((host) => `${host} ${ip}`));
  const there = await Promise.all(NAMES.map(async (host) => (await gateways.instances(host, plane.installationId)).map((one) => ({ host, ...one }))));
  return [
    ...differ('instances', there.flat().map(({ host, ip }) => `${host} ${ip}`), wanted),
    ...there.flat().filter(({ notReady, state }) => notReady !== undefined || state === 'stopped').map(({ host, ip, notReady, state }) => `${ip} is ${state} on ${host}: ${notReady}`),
    ...vips.filter(({ ip }) => gateways.segment.holders(ip).length !== 1).map(({ ip }) => `${ip} is held by ${sorted(gateways.segment.holders(ip))}`),
  ];
};

/** Every sentence that is not true when all hosts are back and nothing is owed. */
export const faultsAtRest = async (checked: Checked, plane: ControlPlane): Promise<readonly string[]> => {
  const paths = plane.accessPaths.list(all).items;
  const mapped = new Set(paths.flatMap(({ mappingGroups }) => mappingGroups.flatMap(({ luns }) => luns.map(({ volume }) => volume.id))));
  const parts = [...plane.mappingGroups.list(all).items, ...plane.targets.list(all).items, ...plane.vips.list(all).items, ...plane.networkAddresses.list(all).items];
  return [
    ...faultsNow(checked),
    ...targetFaults(checked, plane),
    ...(await vipFaults(checked, plane)),
    ...attachmentFaults(plane),
    ...plane.tasks.list({ ...all, status: ['queued', 'running', 'waiting', 'failed'] }).items.map(({ type, status, error }) => `the task ${type} is ${status}: ${error?.message ?? ''}`),
    ...plane.monitor.status().owed.filter(({ phase }) => phase !== 'scheduled').map(({ stream, step, phase }) => `${stream} owes ${step}, ${phase}`),
    ...plane.hosts.list(all).items.flatMap(({ name, debts, off }) => (debts.length > 0 || off !== null ? [`${name} has ${debts.length} debts, off: ${off}`] : [])),
    ...[...paths, ...plane.vipGroups.list(all).items].filter(({ status, actionStatus }) => status !== 'active' || actionStatus !== 'idle').map(({ kind, id, status, actionStatus }) => `${kind} ${id} is ${status}, ${actionStatus}`),
    ...parts.filter(({ status }) => status !== 'active').map(({ kind, id, status }) => `${kind} ${id} is ${status}`),
    ...plane.volumes.list(all).items.filter(({ id, mapped: isMapped }) => isMapped !== mapped.has(id)).map(({ name, mapped: isMapped }) => `${name} says that it is ${isMapped ? '' : 'not '}mapped`),
    ...plane.warnings().map(({ code, message }) => `${code}: ${message}`),
  ];
};
