/** Targets as a host shows them against those that access paths want there. Pure. */
import { DEFAULT_IQN_PREFIX, hasConfirmed, wantedTargets, type AccessPathState, type HostId, type Portal, type SeenTarget, type TargetHost, type WantedTarget } from '@blockledger/domain';
import type { Drift, DriftField } from './driftViews.ts';

/** A host, what it shows, and the access paths there are. */
export interface ShownTargets {
  readonly hostId: HostId;
  readonly hostName: string;
  readonly seen: readonly SeenTarget[];
  readonly paths: readonly AccessPathState[];
  /** Access paths that changed while hosts were looked at. */
  readonly moved: ReadonlySet<string>;
}

/** What differs, and access paths left out because work on them runs. */
export interface Found {
  readonly drifts: readonly Drift[];
  readonly busy: readonly string[];
}

type Path = NonNullable<AccessPathState['path']>;

interface Compared {
  readonly shown: ShownTargets;
  readonly path: Path;
  readonly host: TargetHost;
  readonly wanted: WantedTarget;
  readonly target: SeenTarget;
}

const common = ({ hostId }: ShownTargets, path: Path, iqn: string) =>
  ({ poolId: null, hostId, backendName: iqn, accessPathId: path.accessPathId, mend: { do: 'redeployAccessPath', accessPath: path.accessPathId } }) as const;

const differing = ({ shown, path, wanted }: Compared, field: DriftField, [expected, found]: readonly [unknown, unknown]): Drift => ({
  kind: 'differing',
  ...common(shown, path, wanted.ref.iqn),
  field,
  expected,
  found,
  message: `target ${wanted.ref.iqn} of access path "${path.name}" on host "${shown.hostName}": ${field} is ${JSON.stringify(found)}, the log says ${JSON.stringify(expected)}`,
});

const sorted = (items: readonly string[]): readonly string[] => items.toSorted((a, b) => (a < b ? -1 : 1));
const areSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
const portalTexts = (portals: readonly Portal[]): readonly string[] => sorted(portals.map(({ ip, port }) => `${ip}:${port}`));

/** Who sees which LUNs, and by which account the target proves itself to them. What a backend does not show is not compared. */
const clientLines = (wanted: WantedTarget['config'], target: SeenTarget): readonly [readonly string[], readonly string[]] => {
  const shows = new Map(target.clients.map((client) => [client.code, client]));
  const line = (code: string, luns: readonly number[] | undefined, user: string | null): string => [code, ...(luns === undefined ? [] : [`luns ${luns.toSorted((a, b) => a - b).join(' ')}`]), ...(user === null ? [] : [`by ${user}`])].join(', ');
  return [
    sorted(wanted.clients.map(({ code, luns, mutual }) => line(code, shows.get(code)?.luns === undefined ? undefined : luns, mutual?.user ?? null))),
    sorted(target.clients.map(({ code, luns, mutualUser }) => line(code, luns, mutualUser ?? null))),
  ];
};

/** LUNs under numbers that they should not have, or that are somebody else's. */
const lunDrifts = (compared: Compared): readonly Drift[] => {
  const { wanted, target } = compared;
  const numbers = (luns: readonly { readonly lun: number }[]): readonly number[] => luns.map(({ lun }) => lun).toSorted((a, b) => a - b);
  const both = wanted.config.luns.flatMap((own) => target.luns.filter(({ lun }) => lun === own.lun).map((seen) => ({ own, seen })));
  const drifts: Drift[] = [];
  if (!areSame(numbers(wanted.config.luns), numbers(target.luns))) drifts.push(differing(compared, 'luns', [numbers(wanted.config.luns), numbers(target.luns)]));
  for (const { own, seen } of both) {
    const { lun, volume, sizeBytes } = own;
    if (seen.serial !== undefined && seen.serial !== volume.serial) drifts.push({ ...differing(compared, 'identity', [{ lun, serial: volume.serial }, { lun, serial: seen.serial }]), volumeId: volume.volumeId });
    else if (seen.sizeBytes !== undefined && seen.sizeBytes !== sizeBytes) drifts.push({ ...differing(compared, 'size', [{ lun, sizeBytes }, { lun, sizeBytes: seen.sizeBytes }]), volumeId: volume.volumeId });
    if (!seen.online && target.online) drifts.push({ ...differing(compared, 'state', [{ lun, online: true }, { lun, online: false }]), volumeId: volume.volumeId });
  }
  return drifts;
};

/** Portals as the log has them: as they are wanted, or as the host reported them where they are its own (S1-20). */
const portalsInLog = ({ host, wanted }: Compared): readonly Portal[] => (host.portalChoice === 'fixed' ? host.ownPortals : wanted.config.portals);

const compareTarget = (compared: Compared): readonly Drift[] => {
  const { wanted, target } = compared;
  const { config } = wanted;
  const drifts: Drift[] = [];
  if (!target.online) drifts.push(differing(compared, 'state', ['online', 'offline']));
  const portals = [portalTexts(portalsInLog(compared)), portalTexts(target.portals)] as const;
  if (!areSame(...portals)) drifts.push(differing(compared, 'portals', portals));
  const users = [config.chap === null ? [] : [config.chap.user], sorted(target.chapUsers ?? [])] as const;
  if (target.chapUsers !== undefined && !areSame(...users)) drifts.push(differing(compared, 'account', users));
  const clients = clientLines(config, target);
  if (!areSame(...clients)) drifts.push(differing(compared, 'clients', clients));
  return [...drifts, ...lunDrifts(compared)];
};

const isThere = ({ lifecycle }: AccessPathState): boolean => lifecycle === 'creating' || lifecycle === 'active' || lifecycle === 'deleting';

/** Something on this host is under way, or is owed to it. */
const isBusy = (state: AccessPathState, host: TargetHost): boolean =>
  state.operations.length > 0 || state.rename !== null || state.dues.some(({ gives }) => 'target' in gives && gives.target.place.host === host.name) || !hasConfirmed(state, host);

/** Names that access paths of this log have given: `<prefix>.iscsi.<number>.<digits>`. */
const namesOurs = (paths: readonly AccessPathState[]): ((iqn: string) => boolean) => {
  const prefixes = [...new Set([DEFAULT_IQN_PREFIX, ...paths.flatMap(({ path }) => path?.iqnPrefix ?? [])])];
  return (iqn) => prefixes.some((prefix) => iqn.startsWith(`${prefix}.iscsi.`) && /^\d+\.[0-9a-f]{16}(?:\.[0-9a-f]{16})*$/.test(iqn.slice(`${prefix}.iscsi.`.length)));
};

/** Every difference of one host. A target with a name of ours that no access path wants is told, and nobody takes it away. */
export const targetDrifts = (shown: ShownTargets): Found => {
  const drifts: Drift[] = [];
  const busy: string[] = [];
  const spokenFor = new Set<string>();
  for (const state of shown.paths) {
    const { path } = state;
    if (path === null) continue;
    for (const { gives } of state.dues) if ('target' in gives && gives.target.place.host === shown.hostName) spokenFor.add(gives.target.iqn);
    const host = path.hosts.find(({ hostId }) => hostId === shown.hostId);
    if (host === undefined || !isThere(state)) continue;
    const wanted = wantedTargets(path, host);
    if (shown.moved.has(path.accessPathId) || isBusy(state, host)) {
      busy.push(path.accessPathId);
      // What stands of it is being changed, or taken away.
      for (const { iqn } of shown.seen) if (iqn.startsWith(`${path.iqnPrefix}.iscsi.${path.number ?? 0}.`)) spokenFor.add(iqn);
      continue;
    }
    for (const one of wanted) {
      const { iqn } = one.ref;
      spokenFor.add(iqn);
      const target = shown.seen.find((seen) => seen.iqn === iqn);
      if (target === undefined) drifts.push({ kind: 'missing', ...common(shown, path, iqn), message: `target ${iqn} of access path "${path.name}" is not on host "${shown.hostName}"` });
      else drifts.push(...compareTarget({ shown, path, host, wanted: one, target }));
    }
  }
  const isOurs = namesOurs(shown.paths);
  for (const { iqn } of shown.seen) {
    if (spokenFor.has(iqn) || !isOurs(iqn)) continue;
    drifts.push({ kind: 'unexpected', poolId: null, hostId: shown.hostId, backendName: iqn, message: `target ${iqn} on host "${shown.hostName}" has a name of ours, and nothing in the log wants it there`, mend: null });
  }
  return { drifts, busy };
};
