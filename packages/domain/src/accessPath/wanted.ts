/** What targets should be: the whole configuration of each target of each host, as a pure function of the access path (decision 13). */
import type { VolumeId } from '../kernel/ids.ts';
import type { Portal, TargetClient, TargetConfig, TargetLun, TargetRef } from '../ports/targetBackend.ts';
import { ISCSI_PORT } from './limits.ts';
import type { Serving } from './messages.ts';
import { offHosts, type AccessPathFields, type AccessPathState, type MappedLun, type MappingGroup, type Since, type TargetHost } from './state.ts';

/**
 * One target that a host should have. `key` tells the host's targets apart: it is all that is known of one that is not wanted any more. It is the
 * id of what the target stands for, the mapping group or the volume, or `all`.
 */
export interface WantedTarget {
  readonly key: string;
  readonly ref: TargetRef;
  readonly config: TargetConfig;
  readonly fenced: readonly string[];
  readonly unmapped: readonly VolumeId[];
}

/** The key of the one target of a path whose backend can mask. */
const WHOLE = 'all';
const HEX = 16;

/** Sixteen hex digits of a UUID without its version digit in the middle: the same for ever (S0-90). */
const digitsOf = (uuid: string): string => uuid.replaceAll('-', '').slice(-HEX);

/** All hosts of a path have the same IQN, so that a session goes on wherever its address went. */
const iqnOf = ({ iqnPrefix, number, accessPathId }: AccessPathFields, key: string): string => {
  return `${iqnPrefix}.iscsi.${number ?? 0}.${digitsOf(key === WHOLE ? accessPathId : key)}`;
};

/**
 * The target of a key on a host, wanted or not.
 *
 * @example
 * import { targetRefOf } from '@blockledger/domain';
 * const path = { accessPathId: '0b9d7a3e-0000-4000-8000-00000000000a', number: 3, iqnPrefix: 'iqn.2019-01.com.xsky:c', accessType: 'iscsi' };
 * targetRefOf(path as never, { backend: 'xdc', name: 'gw1' } as never, 'all').iqn; // => 'iqn.2019-01.com.xsky:c.iscsi.3.800000000000000a'
 */
export const targetRefOf = (path: AccessPathFields, { backend, name }: TargetHost, key: string): TargetRef => ({
  place: { backend, host: name },
  accessPathId: path.accessPathId,
  number: path.number ?? 0,
  iqn: iqnOf(path, key),
  type: path.accessType,
  ...(path.scope === 'volume' ? { volumeId: key as VolumeId } : {}),
});

/** Physical portals stand unless some virtual IPs stand alone; there is never no portal. A host that has portals of its own is given none. */
const portalsOf = (path: AccessPathFields, host: TargetHost): readonly Portal[] => {
  if (host.portalChoice === 'fixed') return [];
  const alone = path.vips.some(({ stage }) => stage === 'alone');
  const physical = alone ? [] : host.portals.map(({ ip }) => ip);
  return [...physical, ...path.vips.flatMap(({ ips }) => ips)].map((ip) => ({ ip, port: ISCSI_PORT }));
};

const isMapped = (lun: MappedLun): lun is MappedLun & { readonly volume: NonNullable<MappedLun['volume']>; readonly qos: NonNullable<MappedLun['qos']> } =>
  lun.stage === 'mapped' && lun.volume !== null && lun.qos !== null;

const lunsOf = (luns: readonly MappedLun[]): readonly TargetLun[] =>
  luns.filter(isMapped).map(({ lun, volume, sizeBytes, qos }) => ({ lun, volume, sizeBytes, qos }));

const isServed = ({ stage }: MappingGroup): boolean => stage === 'active';

/** What one target stands for: these groups, with these of their LUNs, and those of them that are let in. */
interface Served {
  readonly key: string;
  readonly groups: readonly MappingGroup[];
  readonly lunsIn: (group: MappingGroup) => readonly MappedLun[];
  readonly isLetIn: (group: MappingGroup) => boolean;
}

/** Where initiators need not prove themselves, targets do not either, whatever became of the account. */
const clientsOf = ({ chap }: AccessPathFields, groups: readonly MappingGroup[], lunsIn: (group: MappingGroup) => readonly MappedLun[]): readonly TargetClient[] => {
  const clients = new Map<string, TargetClient>();
  for (const group of groups) {
    const luns = lunsIn(group).filter(isMapped).map(({ lun }) => lun);
    for (const code of group.clients) {
      const before = clients.get(code);
      clients.set(code, { code, luns: [...new Set([...(before?.luns ?? []), ...luns])].toSorted((a, b) => a - b), mutual: chap === null ? null : (before?.mutual ?? group.mutual) });
    }
  }
  return [...clients.values()];
};

/** Whom a forced removal cuts off (I-21), and which volumes may leave nothing behind, however they go. One that another group still sees stays. */
const fencedOf = ({ groups, lunsIn }: Served, luns: readonly TargetLun[]): Pick<WantedTarget, 'fenced' | 'unmapped'> => {
  const isCutOff = (group: MappingGroup): boolean => (group.stage === 'leaving' && group.force) || lunsIn(group).some((lun) => lun.stage === 'leaving' && (lun.force || group.force));
  const leaving = groups.flatMap((group) => lunsIn(group).filter(({ stage }) => stage === 'leaving'));
  const unmapped = leaving.map(({ volumeId }) => volumeId).filter((id) => !luns.some(({ volume }) => volume.volumeId === id));
  return { fenced: [...new Set(groups.filter(isCutOff).flatMap(({ clients }) => clients))], unmapped: [...new Set(unmapped)] };
};

/** The same volume may be seen by two client groups: it is one LUN, under one number. */
const distinct = (luns: readonly TargetLun[]): readonly TargetLun[] => [...new Map(luns.map((one) => [one.volume.volumeId, one])).values()];

const oneTarget = (path: AccessPathFields, host: TargetHost, served: Served): WantedTarget => {
  const { key, groups, lunsIn, isLetIn } = served;
  const letIn = groups.filter(isLetIn);
  const luns = distinct(letIn.flatMap((group) => lunsOf(lunsIn(group))));
  return {
    key,
    ref: targetRefOf(path, host, key),
    config: { portals: portalsOf(path, host), chap: path.chap, luns, clients: clientsOf(path, letIn, lunsIn) },
    ...fencedOf(served, luns),
  };
};

/** One target per volume that is mapped: every group that has the volume, or is about to lose it, says who is let in and who is cut off (S1-17, S1-22). */
const volumeTargets = (path: AccessPathFields, host: TargetHost): readonly WantedTarget[] => {
  const lunsOfVolume = new Map<VolumeId, Map<MappingGroup, MappedLun[]>>();
  for (const group of path.groups)
    for (const lun of group.luns) {
      const groups = lunsOfVolume.get(lun.volumeId) ?? new Map<MappingGroup, MappedLun[]>();
      groups.set(group, [...(groups.get(group) ?? []), lun]);
      lunsOfVolume.set(lun.volumeId, groups);
    }
  return [...lunsOfVolume].flatMap(([volumeId, luns]) => {
    const groups = [...luns.keys()];
    const lunsIn = (group: MappingGroup): readonly MappedLun[] => luns.get(group) ?? [];
    const isLetIn = (group: MappingGroup): boolean => isServed(group) && lunsIn(group).some(isMapped);
    return groups.some(isLetIn) ? [oneTarget(path, host, { key: volumeId, groups, lunsIn, isLetIn })] : [];
  });
};

const targetsWanted = (path: AccessPathFields, host: TargetHost): readonly WantedTarget[] => {
  if (host.stage !== 'serving') return [];
  switch (path.scope) {
    case 'accessPath':
      return [oneTarget(path, host, { key: WHOLE, groups: path.groups, lunsIn: ({ luns }) => luns, isLetIn: isServed })];
    case 'clientGroup':
      return path.groups.filter(isServed).map((group) => oneTarget(path, host, { key: group.mappingGroupId, groups: [group], lunsIn: ({ luns }) => luns, isLetIn: isServed }));
    case 'volume':
      return volumeTargets(path, host);
  }
};

/** A state is asked many times what it wants, and an array's path may have a thousand targets: what was worked out is kept as long as the state. */
const workedOut = new WeakMap<AccessPathFields, WeakMap<TargetHost, readonly WantedTarget[]>>();

/**
 * The targets that a host should have. A host that is about to leave should have none.
 *
 * @example
 * import { wantedTargets } from '@blockledger/domain';
 * wantedTargets({ scope: 'accessPath' } as never, { stage: 'leaving' } as never); // => []
 */
export const wantedTargets = (path: AccessPathFields, host: TargetHost): readonly WantedTarget[] => {
  const ofPath = workedOut.get(path) ?? new WeakMap<TargetHost, readonly WantedTarget[]>();
  const wanted = ofPath.get(host) ?? targetsWanted(path, host);
  ofPath.set(host, wanted);
  workedOut.set(path, ofPath);
  return wanted;
};

/**
 * Since when a target is to be as it is wanted now; null before the first version.
 *
 * @example
 * import { noAccessPath, wantedSince } from '@blockledger/domain';
 * wantedSince({ ...noAccessPath, since: { all: { version: 3, operationId: 'op' as never }, only: {} } }, 'all')?.version; // => 3
 */
export const wantedSince = ({ since }: AccessPathState, key: string): Since | null => since.only[key] ?? since.all;

/** Targets that differ from what this version wanted, or wants: those that were not changed since need no later word. */
const isBehind = (state: AccessPathState, { standing }: TargetHost, key: string, version: number): boolean =>
  (standing[key] ?? -1) < Math.min(version, wantedSince(state, key)?.version ?? 0);

/**
 * True when a host has every target as a version wants it, and no other: the latest version unless another is named. Of `targets` only, where these
 * are named.
 *
 * @example
 * import { hasConfirmed, noAccessPath } from '@blockledger/domain';
 * const leaving = { stage: 'leaving', standing: {}, stale: [] } as never;
 * hasConfirmed({ ...noAccessPath, path: { scope: 'accessPath', hosts: [leaving] } as never }, leaving); // => true
 */
export const hasConfirmed = (
  state: AccessPathState,
  host: TargetHost,
  { version = state.version, targets = null }: { readonly version?: number; readonly targets?: readonly string[] | null } = {},
): boolean => {
  if (state.path === null) return true;
  const { standing, stale } = host;
  const wanted = new Set(wantedTargets(state.path, host).map(({ key }) => key));
  const keys = targets ?? [...new Set([...stale, ...Object.keys(standing), ...wanted])];
  return keys.every((key) => !stale.includes(key) && Object.hasOwn(standing, key) === wanted.has(key) && !(wanted.has(key) && isBehind(state, host, key, version)));
};

/**
 * The version that all targets of a host are sure to be up to; null before the first.
 *
 * @example
 * import { confirmedVersion, noAccessPath } from '@blockledger/domain';
 * confirmedVersion(noAccessPath, { stage: 'leaving', standing: {}, stale: [] } as never); // => null
 */
export const confirmedVersion = (state: AccessPathState, host: TargetHost): number | null => {
  const wanted = state.path === null ? [] : wantedTargets(state.path, host);
  const least = Math.min(...wanted.map(({ key }) => (isBehind(state, host, key, state.version) ? (host.standing[key] ?? -1) : state.version)));
  return wanted.length === 0 || least < 0 ? null : least;
};

/**
 * Brings the targets that a host may have in line with those it should have: a call for one of them may begin at any moment from now on.
 *
 * @example
 * import { noAccessPath, withStandings } from '@blockledger/domain';
 * withStandings(noAccessPath); // => noAccessPath
 */
export const withStandings = (state: AccessPathState): AccessPathState => {
  const { path } = state;
  if (path === null) return state;
  const hosts = path.hosts.map((host): TargetHost => {
    const missing = wantedTargets(path, host).filter(({ key }) => !Object.hasOwn(host.standing, key));
    return missing.length === 0 ? host : { ...host, standing: { ...host.standing, ...Object.fromEntries(missing.map(({ key }) => [key, -1])) } };
  });
  return hosts.every((host, at) => host === path.hosts[at]) ? state : { ...state, path: { ...path, hosts } };
};

type ServedTarget = Serving['targets'][number];

const servedBefore = (serving: readonly Serving[], hostId: TargetHost['hostId']): readonly ServedTarget[] => serving.find(({ hostIds }) => hostIds.includes(hostId))?.targets ?? [];

/** What a host was sure to serve, without what is not wanted any more. */
const remaining = (before: readonly ServedTarget[], wanted: readonly ServedTarget[]): readonly ServedTarget[] =>
  before.flatMap(({ iqn, luns }) => {
    const still = wanted.find((target) => target.iqn === iqn);
    return still === undefined ? [] : [{ iqn, luns: luns.filter((lun) => still.luns.includes(lun)) }];
  });

const servingOf = (state: AccessPathState, path: AccessPathFields, before: readonly Serving[]): readonly Serving[] => {
  const alike = new Map<string, Serving>();
  for (const host of path.hosts) {
    const wanted = wantedTargets(path, host).map(({ ref, config }): ServedTarget => ({ iqn: ref.iqn, luns: config.luns.map(({ lun }) => lun).toSorted((a, b) => a - b) as ServedTarget['luns'] }));
    const targets = hasConfirmed(state, host) ? wanted : remaining(servedBefore(before, host.hostId), wanted);
    if (targets.length === 0) continue;
    const key = JSON.stringify(targets);
    alike.set(key, { hostIds: [...(alike.get(key)?.hostIds ?? []), host.hostId], targets });
  }
  return [...alike.values()];
};

const takesAway = (before: readonly Serving[], now: readonly Serving[]): boolean =>
  before.some(({ hostIds, targets }) =>
    hostIds.some((hostId) => targets.some(({ iqn, luns }) => !servedBefore(now, hostId).some((target) => target.iqn === iqn && luns.every((lun) => target.luns.includes(lun))))),
  );

/**
 * Brings what VIP groups should know to be served in line with what stands: what is added counts when it stands, what is to go does not count at once.
 *
 * @example
 * import { noAccessPath, withServing } from '@blockledger/domain';
 * withServing(noAccessPath); // => noAccessPath
 */
export const withServing = (state: AccessPathState): AccessPathState => {
  const { path } = state;
  if (path === null || path.vips.length === 0) return state;
  const off = offHosts(path);
  const vips = path.vips.map((one) => {
    const serving = servingOf(state, path, one.serving);
    if (JSON.stringify([serving, off]) === JSON.stringify([one.serving, one.off])) return one;
    const serves = one.serves + 1;
    return { ...one, serving, off, serves, lowered: takesAway(one.serving, serving) ? serves : one.lowered };
  });
  return vips.every((one, at) => one === path.vips[at]) ? state : { ...state, path: { ...path, vips } };
};
