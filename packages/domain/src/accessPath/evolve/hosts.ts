/** Hosts of an access path as they begin, as they open their LUNs anew, and what they leave behind. */
import type { OperationId } from '../../kernel/ids.ts';
import type { AccessPathState, PathDue, TargetHost } from '../state.ts';
import { targetRefOf } from '../wanted.ts';

export const newHost = (hostId: TargetHost['hostId'], backend: string, operationId: OperationId, stage: TargetHost['stage']): TargetHost => ({
  hostId,
  backend,
  operationId,
  stage,
  force: false,
  shape: -1,
  name: '',
  portals: [],
  off: false,
  wasOff: false,
  standing: {},
  opening: 0,
  openingTold: 0,
  openedAt: 0,
  stale: [],
  unreachable: null,
});

/** A host that was fenced opens its LUNs anew: where virtual IPs lead to it its targets go first. The very first admission finds them fresh. */
export const reopened = (state: AccessPathState, host: TargetHost, opening: number): Partial<TargetHost> => {
  if (host.stage === 'used' || host.stage === 'joining') return { opening, openedAt: state.version + 1 };
  if (opening <= host.opening) return {};
  const isStale = opening > 1 && (state.path?.vips.length ?? 0) > 0;
  return { opening, openedAt: state.version + 1, ...(isStale ? { stale: Object.keys(host.standing) } : {}) };
};

/** Targets that nobody waited for, since their host is off: they are a debt until they are gone (I-20). */
export const leftBehind = ({ path }: AccessPathState, operationId: OperationId, isGone: (host: TargetHost) => boolean): readonly PathDue[] =>
  path === null
    ? []
    : path.hosts.filter(isGone).flatMap((host) => Object.keys(host.standing).map((key): PathDue => ({ operationId, due: `clear ${host.name} ${key}`, gives: { target: targetRefOf(path, host, key) } })));
