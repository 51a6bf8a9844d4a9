/** How far hosts are with the targets that they should have, and what virtual IPs may count on. */
import { offHosts, type AccessPathFields, type AccessPathState, type Since, type TargetHost } from './state.ts';
import type { Serving } from './messages.ts';
import { wantedKeys, wantedTargets } from './targets.ts';

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
  const wanted = wantedKeys(state.path, host);
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
