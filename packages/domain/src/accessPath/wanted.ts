/** What targets should be: the whole configuration of each target of each host, as a pure function of the access path (decision 13). */
import type { Portal, TargetClient, TargetConfig, TargetLun, TargetRef } from '../ports/targetBackend.ts';
import { ISCSI_PORT } from './limits.ts';
import type { AccessPathFields, AccessPathState, MappedLun, MappingGroup, TargetHost } from './state.ts';

/** One target that a host should have. `key` tells the host's targets apart: it is all that is known of one that is not wanted any more. */
export interface WantedTarget {
  readonly key: string;
  readonly ref: TargetRef;
  readonly config: TargetConfig;
  readonly fenced: readonly string[];
  readonly unmapped: readonly TargetLun['volume']['volumeId'][];
}

/** The key of the one target of a path whose backend can mask. */
const WHOLE = 'all';
const HEX = 16;

/** Sixteen hex digits of a UUID without its version digit in the middle: the same for ever (S0-90). */
const digitsOf = (uuid: string): string => uuid.replaceAll('-', '').slice(-HEX);

/** All hosts of a path have the same IQN, so that a session goes on wherever its address went. */
const iqnOf = ({ iqnPrefix, number, accessPathId }: AccessPathFields, key: string): string => {
  const digits = key === WHOLE ? digitsOf(accessPathId) : key.split('/').map(digitsOf).join('.');
  return `${iqnPrefix}.iscsi.${number ?? 0}.${digits}`;
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
});

/** Physical portals stand unless some virtual IPs stand alone; there is never no portal. */
const portalsOf = (path: AccessPathFields, host: TargetHost): readonly Portal[] => {
  const alone = path.vips.some(({ stage }) => stage === 'alone');
  const physical = alone ? [] : host.portals.map(({ ip }) => ip);
  return [...physical, ...path.vips.flatMap(({ ips }) => ips)].map((ip) => ({ ip, port: ISCSI_PORT }));
};

const isMapped = (lun: MappedLun): lun is MappedLun & { readonly volume: NonNullable<MappedLun['volume']>; readonly qos: NonNullable<MappedLun['qos']> } =>
  lun.stage === 'mapped' && lun.volume !== null && lun.qos !== null;

const lunsOf = (luns: readonly MappedLun[]): readonly TargetLun[] =>
  luns.filter(isMapped).map(({ lun, volume, sizeBytes, qos }) => ({ lun, volume, sizeBytes, qos }));

const isServed = ({ stage }: MappingGroup): boolean => stage === 'active';

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

/** Whom a forced removal cuts off, and from what (I-21). */
const fencedOf = (groups: readonly MappingGroup[]): Pick<WantedTarget, 'fenced' | 'unmapped'> => {
  const losing = groups.map((group) => ({ group, luns: group.luns.filter(({ stage, force }) => stage === 'leaving' && (force || group.force)) })).filter(({ group, luns }) => luns.length > 0 || (group.stage === 'leaving' && group.force));
  return { fenced: [...new Set(losing.flatMap(({ group }) => group.clients))], unmapped: losing.flatMap(({ luns }) => luns.map(({ volumeId }) => volumeId)) };
};

/** The same volume may be seen by two client groups: it is one LUN, under one number. */
const distinct = (luns: readonly TargetLun[]): readonly TargetLun[] => [...new Map(luns.map((one) => [one.volume.volumeId, one])).values()];

/** What one target stands for: these groups, with these of their LUNs. */
interface Served {
  readonly key: string;
  readonly groups: readonly MappingGroup[];
  readonly lunsIn: (group: MappingGroup) => readonly MappedLun[];
}

const oneTarget = (path: AccessPathFields, host: TargetHost, { key, groups, lunsIn }: Served): WantedTarget => {
  const served = groups.filter(isServed);
  return {
    key,
    ref: targetRefOf(path, host, key),
    config: { portals: portalsOf(path, host), chap: path.chap, luns: distinct(served.flatMap((group) => lunsOf(lunsIn(group)))), clients: clientsOf(path, served, lunsIn) },
    ...fencedOf(groups),
  };
};

/**
 * The targets that a host should have. A host that is about to leave should have none.
 *
 * @example
 * import { wantedTargets } from '@blockledger/domain';
 * wantedTargets({ scope: 'accessPath' } as never, { stage: 'leaving' } as never); // => []
 */
export const wantedTargets = (path: AccessPathFields, host: TargetHost): readonly WantedTarget[] => {
  if (host.stage !== 'serving') return [];
  switch (path.scope) {
    case 'accessPath':
      return [oneTarget(path, host, { key: WHOLE, groups: path.groups, lunsIn: ({ luns }) => luns })];
    case 'clientGroup':
      return path.groups.filter(isServed).map((group) => oneTarget(path, host, { key: group.mappingGroupId, groups: [group], lunsIn: ({ luns }) => luns }));
    case 'volume':
      return path.groups
        .filter(isServed)
        .flatMap((group) => group.luns.filter(isMapped).map((lun) => oneTarget(path, host, { key: `${group.mappingGroupId}/${lun.volumeId}`, groups: [group], lunsIn: () => [lun] })));
  }
};

/**
 * True when a host has every target as the version wants it, and no other.
 *
 * @example
 * import { hasConfirmed } from '@blockledger/domain';
 * hasConfirmed({ scope: 'accessPath' } as never, { stage: 'leaving', standing: {} } as never, 3); // => true
 */
export const hasConfirmed = (path: AccessPathFields, host: TargetHost, version: number): boolean => {
  const wanted = new Set(wantedTargets(path, host).map(({ key }) => key));
  return Object.entries(host.standing).every(([key, confirmed]) => wanted.has(key) && confirmed >= version) && [...wanted].every((key) => Object.hasOwn(host.standing, key));
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
