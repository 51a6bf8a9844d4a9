/** What an access path has on one host, as readers see it. */
import { createHash } from 'node:crypto';
import { confirmedVersion, hasConfirmed, ISCSI_PORT, targetRefOf, wantedTargets, type AccessPathFields, type AccessPathState, type TargetHost } from '@blockledger/domain';
import type { PartStatus, TargetView } from '../pathViews.ts';
import { hostLink, type Lookup } from './lookup.ts';

/** Hosts of one access path never reach so many. */
const NUMBERS_PER_PATH = 1_000_000;

/** A UUID of our own making, the same for ever for an access path and a host. */
export const targetIdOf = (accessPathId: string, hostId: string): string => {
  const hex = createHash('sha256').update(`target ${accessPathId} ${hostId}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

/** The integer of a target; null until access path and host have theirs. */
export const targetNumberOf = ({ number }: AccessPathFields, hostId: string, lookup: Lookup): number | null => {
  const host = lookup.hostState(hostId)?.host?.number ?? null;
  return number === null || host === null ? null : number * NUMBERS_PER_PATH + host;
};

const STATUS: Readonly<Record<TargetHost['stage'], PartStatus>> = { joining: 'adding', used: 'adding', serving: 'active', leaving: 'removing' };

/** The path's targets on one of its hosts. */
export const targetView = (state: AccessPathState, path: AccessPathFields, host: TargetHost, lookup: Lookup): TargetView => {
  const wanted = wantedTargets(path, host);
  const refs = wanted.length > 0 ? wanted.map(({ ref }) => ref) : Object.keys(host.standing).map((key) => targetRefOf(path, host, key));
  return {
    kind: 'target',
    id: targetIdOf(path.accessPathId, host.hostId),
    number: targetNumberOf(path, host.hostId, lookup),
    tenant: path.tenant,
    accessPath: { id: path.accessPathId, number: path.number, name: path.name },
    host: hostLink(lookup, host.hostId),
    backend: host.backend,
    status: STATUS[host.stage],
    iqns: refs.map(({ iqn }) => iqn),
    portals: host.portalChoice === 'fixed' ? host.ownPortals : (wanted[0]?.config.portals ?? host.portals.map(({ ip }) => ({ ip, port: ISCSI_PORT }))),
    wantedVersion: state.version,
    confirmedVersion: confirmedVersion(state, host),
    isConfirmed: host.stage !== 'joining' && host.stage !== 'used' && hasConfirmed(state, host),
    off: host.off,
    unreachable: host.unreachable,
  };
};
