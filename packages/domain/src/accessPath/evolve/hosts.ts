/** Folds the hosts of an access path: as they begin, as they open their LUNs anew, what stands on them, and what they leave behind. */
import type { OperationId } from '../../kernel/ids.ts';
import type { Of } from '../../kernel/tagged.ts';
import type { AccessPathEvent, PortalChoice } from '../messages.ts';
import type { AccessPathState, PathDue, TargetHost } from '../state.ts';
import { targetRefOf } from '../targets.ts';
import { withStandings } from '../wanted.ts';
import { begin, bump, change, changeHost, converging, end, owe, releaseHost, remember, type Fold } from './common.ts';

interface Asked {
  readonly hostId: TargetHost['hostId'];
  readonly backend: string;
  /** Absent where they are given, as they all were before arrays came. */
  readonly portals?: PortalChoice;
}

export const newHost = ({ hostId, backend, portals: portalChoice = 'given' }: Asked, operationId: OperationId, stage: TargetHost['stage']): TargetHost => ({
  hostId,
  backend,
  operationId,
  stage,
  portalChoice,
  ownPortals: [],
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
  unopened: [],
  unreachable: null,
});

/** A host that was fenced opens its LUNs anew: where virtual IPs lead to it its targets go first. The very first admission finds them fresh. */
const reopened = (state: AccessPathState, host: TargetHost, opening: number): Partial<TargetHost> => {
  if (host.stage === 'used' || host.stage === 'joining') return { opening, openedAt: state.version + 1 };
  if (opening <= host.opening) return {};
  const standing = Object.keys(host.standing);
  const left = opening === 1 ? {} : (state.path?.vips.length ?? 0) > 0 ? { stale: standing, unopened: [] } : { unopened: standing };
  return { opening, openedAt: state.version + 1, ...left };
};

/** Targets that nobody waited for, since their host is off: they are a debt until they are gone (I-20). */
const leftBehind = ({ path }: AccessPathState, operationId: OperationId, isGone: (host: TargetHost) => boolean): readonly PathDue[] =>
  path === null
    ? []
    : path.hosts.filter(isGone).flatMap((host) => Object.keys(host.standing).map((key): PathDue => ({ operationId, due: `clear ${host.name} ${key}`, gives: { target: targetRefOf(path, host, key) } })));

/** A host that comes back to the path owes the targets that it left behind like those that stand there. It was off since these were opened: they go first. */
const takenOver = (state: AccessPathState, { hostId, name, backend }: TargetHost): AccessPathState => {
  const isItsOwn = ({ gives }: PathDue): boolean => 'target' in gives && gives.target.place.host === name && gives.target.place.backend === backend;
  const own = state.dues.filter(isItsOwn);
  if (own.length === 0) return state;
  const standing = Object.fromEntries(own.map(({ due }) => [due.slice(`clear ${name} `.length), -1]));
  return changeHost({ ...state, dues: state.dues.filter((due) => !isItsOwn(due)) }, hostId, { standing, stale: Object.keys(standing) });
};

const hostShown: Fold<'TargetHostShown'> = (state, { operationId, hostId, shape, name, portals, off, opening }) => {
  const host = state.path?.hosts.find((one) => one.hostId === hostId);
  if (host === undefined || shape <= host.shape) return state;
  const shown = changeHost(state, hostId, { shape, name, portals, off, wasOff: off || host.wasOff, ...reopened(state, host, opening), stage: host.stage === 'used' || host.stage === 'joining' ? 'serving' : host.stage });
  const next = bump(host.stage === 'serving' ? shown : takenOver(shown, { ...host, name }), operationId);
  const isBegun = host.stage === 'used' || host.stage === 'joining';
  // Operations that waited for the host to show itself wait for its confirmation now.
  const waiting = isBegun ? state.operations.filter(({ kind, about }) => (kind === 'addTarget' && about === hostId) || (kind === 'create' && (next.path?.hosts ?? []).every(({ stage }) => stage !== 'used'))) : [];
  return waiting.reduce((left, { operationId: of }) => converging(left, of), next);
};

export const withoutHost = (state: AccessPathState, hostId: TargetHost['hostId'], operationId: OperationId): AccessPathState =>
  owe(change(state, { hosts: (state.path?.hosts ?? []).filter((host) => host.hostId !== hostId) }), ...leftBehind(state, operationId, (host) => host.hostId === hostId), releaseHost(operationId, hostId));

const standing: Fold<'TargetConfirmed'> = (state, { hostId, target, version }) => {
  const host = state.path?.hosts.find((one) => one.hostId === hostId);
  return host === undefined ? state : changeHost(state, hostId, { standing: { ...host.standing, [target]: version }, wasOff: host.off, unreachable: null });
};

const without = (keys: readonly string[], target: string): readonly string[] => keys.filter((key) => key !== target);

const gone: Fold<'TargetGone'> = (state, { hostId, target }) => {
  const host = state.path?.hosts.find((one) => one.hostId === hostId);
  if (host === undefined) return state;
  const { [target]: _gone, ...left } = host.standing;
  // One that only went to be made again is wanted as before.
  return withStandings(changeHost(state, hostId, { standing: left, stale: without(host.stale, target), unopened: without(host.unopened, target), unreachable: null }));
};

type HostEvent = Of<
  AccessPathEvent,
  'TargetRequested' | 'TargetHostUsed' | 'TargetRefused' | 'TargetRemovalRequested' | 'TargetRemoved' | 'TargetHostShown' | 'TargetsReopenedTold' | 'TargetConfirmed' | 'TargetPortalsShown' | 'TargetGone' | 'TargetHostUnreachable'
>;

export const evolveHosts = (state: AccessPathState, event: HostEvent): AccessPathState => {
  switch (event.type) {
    case 'TargetRequested': {
      const { operationId, target } = event;
      const hosts = [...(state.path?.hosts ?? []), newHost(target, operationId, 'joining')];
      return begin(change(state, { hosts }), { operationId, kind: 'addTarget', about: target.hostId });
    }
    case 'TargetHostUsed':
      return state.path?.hosts.find(({ hostId }) => hostId === event.hostId)?.stage === 'joining' ? changeHost(state, event.hostId, { stage: 'used' }) : state;
    case 'TargetRefused':
      return withoutHost(remember(state, event.operationId, event.refusal), event.hostId, event.operationId);
    case 'TargetRemovalRequested': {
      const { operationId, hostId, force } = event;
      return converging(bump(begin(changeHost(state, hostId, { stage: 'leaving', force }), { operationId, kind: 'removeTarget', about: hostId }), operationId), operationId);
    }
    case 'TargetRemoved':
      return end(withoutHost(state, event.hostId, event.operationId), event.operationId);
    case 'TargetHostShown':
      return hostShown(state, event);
    case 'TargetsReopenedTold':
      return changeHost(state, event.hostId, { openingTold: event.opening });
    case 'TargetConfirmed':
      return standing(state, event);
    case 'TargetPortalsShown':
      return changeHost(state, event.hostId, { ownPortals: event.portals });
    case 'TargetGone':
      return gone(state, event);
    case 'TargetHostUnreachable':
      return changeHost(state, event.hostId, { unreachable: { error: event.error, since: event.at } });
  }
};
