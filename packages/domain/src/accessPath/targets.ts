/** The targets of an access path on a host: the whole configuration of each, as a pure function of the path (decision 13). */
import type { VolumeId } from '../kernel/ids.ts';
import { onceFor } from '../kernel/onceFor.ts';
import type { Portal, TargetClient, TargetConfig, TargetLun, TargetRef } from '../ports/targetBackend.ts';
import { ISCSI_PORT } from './limits.ts';
import type { AccessPathFields, MappedLun, MappingGroup, TargetHost } from './state.ts';

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

/** All that a target takes from a mapping group, beside its LUNs. */
type Letting = Pick<MappingGroup, 'stage' | 'force' | 'clients' | 'mutual'>;

const isServed = ({ stage }: Letting): boolean => stage === 'active';

/** What one target stands for: these groups, with these of their LUNs, and those of them that are let in. */
interface Served<G extends Letting> {
  readonly key: string;
  readonly groups: readonly G[];
  readonly lunsIn: (group: G) => readonly MappedLun[];
  readonly isLetIn: (group: G) => boolean;
}

/** What all targets of a path on a host have alike. */
interface Common {
  readonly refOf: (key: string) => TargetRef;
  readonly portals: readonly Portal[];
  readonly chap: AccessPathFields['chap'];
}

const commonOf = (path: AccessPathFields, host: TargetHost): Common => ({ refOf: (key) => targetRefOf(path, host, key), portals: portalsOf(path, host), chap: path.chap });

/** Where initiators need not prove themselves, targets do not either, whatever became of the account. */
const clientsOf = <G extends Letting>({ chap }: Common, groups: readonly G[], lunsIn: (group: G) => readonly MappedLun[]): readonly TargetClient[] => {
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
const fencedOf = <G extends Letting>({ groups, lunsIn }: Served<G>, luns: readonly TargetLun[]): Pick<WantedTarget, 'fenced' | 'unmapped'> => {
  const isCutOff = (group: G): boolean => (group.stage === 'leaving' && group.force) || lunsIn(group).some((lun) => lun.stage === 'leaving' && (lun.force || group.force));
  const leaving = groups.flatMap((group) => lunsIn(group).filter(({ stage }) => stage === 'leaving'));
  const unmapped = leaving.map(({ volumeId }) => volumeId).filter((id) => !luns.some(({ volume }) => volume.volumeId === id));
  return { fenced: [...new Set(groups.filter(isCutOff).flatMap(({ clients }) => clients))], unmapped: [...new Set(unmapped)] };
};

/** The same volume may be seen by two client groups: it is one LUN, under one number. */
const distinct = (luns: readonly TargetLun[]): readonly TargetLun[] => [...new Map(luns.map((one) => [one.volume.volumeId, one])).values()];

const oneTarget = <G extends Letting>(common: Common, served: Served<G>): WantedTarget => {
  const { key, groups, lunsIn, isLetIn } = served;
  const letIn = groups.filter(isLetIn);
  const luns = distinct(letIn.flatMap((group) => lunsOf(lunsIn(group))));
  return {
    key,
    ref: common.refOf(key),
    config: { portals: common.portals, chap: common.chap, luns, clients: clientsOf(common, letIn, lunsIn) },
    ...fencedOf(served, luns),
  };
};

/** A volume in one mapping group. */
interface Mapping extends Letting {
  readonly lun: MappedLun;
}

/** The target of a volume, if it should have one: every group that has the volume, or is about to lose it, says who is let in and who is cut off (S1-17, S1-22). */
const volumeTarget = (common: Common, key: VolumeId, mappings: readonly Mapping[]): readonly WantedTarget[] => {
  const isLetIn = (mapping: Mapping): boolean => isServed(mapping) && isMapped(mapping.lun);
  return mappings.some(isLetIn) ? [oneTarget(common, { key, groups: mappings, lunsIn: ({ lun }) => [lun], isLetIn })] : [];
};

/** What a volume's target was made of, and the target. */
interface MadeTarget {
  readonly of: readonly unknown[];
  readonly target: readonly WantedTarget[];
}

/** By one of its LUNs. Of the volumes of an array few change at a time: the targets of all others stay what they are. */
const madeTargets = new WeakMap<MappedLun, MadeTarget>();

const targetOnce = (common: Common, alike: string, mappings: readonly [Mapping, ...Mapping[]]): readonly WantedTarget[] => {
  const [{ lun: first }] = mappings;
  const of = [alike, common.chap, ...mappings.flatMap(({ lun, stage, force, clients, mutual }) => [lun, stage, force, clients, mutual])];
  const made = madeTargets.get(first);
  if (made !== undefined && made.of.length === of.length && made.of.every((one, at) => one === of[at])) return made.target;
  const target = volumeTarget(common, first.volumeId, mappings);
  madeTargets.set(first, { of, target });
  return target;
};

/** One target per volume that is mapped. */
const volumeTargets = (path: AccessPathFields, common: Common): readonly WantedTarget[] => {
  const byVolume = new Map<VolumeId, [Mapping, ...Mapping[]]>();
  for (const { stage, force, clients, mutual, luns } of path.groups)
    for (const lun of luns) {
      const mapping: Mapping = { lun, stage, force, clients, mutual };
      const others = byVolume.get(lun.volumeId);
      if (others === undefined) byVolume.set(lun.volumeId, [mapping]);
      else others.push(mapping);
    }
  const alike = JSON.stringify([common.refOf(''), common.portals]);
  return [...byVolume.values()].flatMap((mappings) => targetOnce(common, alike, mappings));
};

const targetsWanted = (path: AccessPathFields, host: TargetHost): readonly WantedTarget[] => {
  if (host.stage !== 'serving') return [];
  const common = commonOf(path, host);
  const lunsIn = ({ luns }: MappingGroup): readonly MappedLun[] => luns;
  switch (path.scope) {
    case 'accessPath':
      return [oneTarget(common, { key: WHOLE, groups: path.groups, lunsIn, isLetIn: isServed })];
    case 'clientGroup':
      return path.groups.filter(isServed).map((group) => oneTarget(common, { key: group.mappingGroupId, groups: [group], lunsIn, isLetIn: isServed }));
    case 'volume':
      return volumeTargets(path, common);
  }
};

interface WorkedOut {
  readonly targets: readonly WantedTarget[];
  readonly keys: ReadonlySet<string>;
}

/** A state is asked many times what it wants, and an array's path may have a thousand targets: what was worked out is kept as long as the state. */
const workedOut = onceFor((path: AccessPathFields) =>
  onceFor((host: TargetHost): WorkedOut => {
    const targets = targetsWanted(path, host);
    return { targets, keys: new Set(targets.map(({ key }) => key)) };
  }),
);

/**
 * The targets that a host should have. A host that is about to leave should have none.
 *
 * @example
 * import { wantedTargets } from '@blockledger/domain';
 * wantedTargets({ scope: 'accessPath' } as never, { stage: 'leaving' } as never); // => []
 */
export const wantedTargets = (path: AccessPathFields, host: TargetHost): readonly WantedTarget[] => workedOut(path)(host).targets;

/** The keys of the targets that a host should have. */
export const wantedKeys = (path: AccessPathFields, host: TargetHost): ReadonlySet<string> => workedOut(path)(host).keys;
