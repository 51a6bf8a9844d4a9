/** Targets: parts of access paths, one for each host. */
import type { AccessPathState } from '@blockledger/domain';
import { targetViewOf } from '../kinds/accessPath.ts';
import { targetIdOf, targetNumberOf } from '../kinds/target.ts';
import type { TargetFilter, TargetView } from '../pathViews.ts';
import type { TargetSortField } from '../sortViews.ts';
import type { PartKind } from './part.ts';

export const targetPart: PartKind<AccessPathState, TargetView, TargetFilter, TargetSortField> = {
  kind: 'target',
  plural: 'targets',
  parent: 'accessPath',
  partsOf: ({ path, lifecycle }, lookup) =>
    path === null || lifecycle === 'deleted' || lifecycle === 'refused' ? [] : path.hosts.map(({ hostId }) => ({ id: targetIdOf(path.accessPathId, hostId), number: targetNumberOf(path, hostId, lookup), hostId })),
  view: targetViewOf,
  parentIn: ({ accessPath }) => accessPath,
  matcher: ({ host }, { resolve }) => {
    const hostId = host === undefined ? undefined : (resolve.host(host) ?? 'none');
    return ({ path }, id) => hostId === undefined || (path !== null && targetIdOf(path.accessPathId, hostId) === id);
  },
  readers: (viewAt) => ({
    number: (number) => number,
    accessPathNumber: (number) => viewAt(number)?.accessPath.number ?? null,
    hostNumber: (number) => viewAt(number)?.host.number ?? null,
  }),
};
