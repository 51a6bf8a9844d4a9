/** Access paths and their mapping groups as readers see them: of an account its user. */
import { failuresOf, type AccessPathFields, type AccessPathState, type MappedLun, type MappingGroup } from '@blockledger/domain';
import type { AccessPathFilter, AccessPathView, LunView, MappingGroupView, PartStatus, TargetView } from '../pathViews.ts';
import type { AccessPathSortField } from '../sortViews.ts';
import { accessPathWording } from '../stepWords.ts';
import type { ActionStatus } from '../views.ts';
import type { ReadKind } from './kind.ts';
import { clientGroupLink, failureView, volumeLink, type Lookup } from './lookup.ts';
import { targetIdOf, targetView } from './target.ts';

const LUN_STATUS: Readonly<Record<MappedLun['stage'], PartStatus>> = { reserving: 'adding', reserved: 'adding', mapped: 'active', leaving: 'removing' };
const GROUP_STATUS: Readonly<Record<MappingGroup['stage'], PartStatus>> = { joining: 'adding', reserved: 'adding', active: 'active', leaving: 'removing' };

const lunView = ({ volumeId, mappingId, lun, stage, volume, sizeBytes, qos }: MappedLun, lookup: Lookup): LunView => ({
  volume: volumeLink(lookup, volumeId),
  mappingId,
  lun,
  serial: volume?.serial ?? null,
  sizeBytes: volume === null ? null : sizeBytes,
  qos,
  status: LUN_STATUS[stage],
});

const groupView = (path: AccessPathFields, group: MappingGroup, lookup: Lookup): MappingGroupView => ({
  kind: 'mappingGroup',
  id: group.mappingGroupId,
  number: group.number,
  tenant: path.tenant,
  accessPath: { id: path.accessPathId, number: path.number, name: path.name },
  clientGroup: clientGroupLink(lookup, group.clientGroupId),
  status: GROUP_STATUS[group.stage],
  shared: group.shared,
  luns: group.luns.map((lun) => lunView(lun, lookup)),
});

/** One mapping group of an access path; undefined where it has none of this id. */
export const mappingGroupView = ({ path }: AccessPathState, id: string, lookup: Lookup): MappingGroupView | undefined => {
  const group = path?.groups.find(({ mappingGroupId }) => mappingGroupId === id);
  return path === null || group === undefined ? undefined : groupView(path, group, lookup);
};

/** One target of an access path; undefined where it has none of this id. */
export const targetViewOf = (state: AccessPathState, id: string, lookup: Lookup): TargetView | undefined => {
  const { path } = state;
  const host = path?.hosts.find(({ hostId }) => targetIdOf(path.accessPathId, hostId) === id);
  return path === null || host === undefined ? undefined : targetView(state, path, host, lookup);
};

const actionOf = ({ lifecycle, operations, rename, troubles }: AccessPathState): ActionStatus => {
  if (failuresOf(troubles).length > 0) return 'error';
  if (lifecycle === 'creating' || lifecycle === 'deleting') return lifecycle;
  return operations.length === 0 && rename === null ? 'idle' : 'updating';
};

const accessPathView = (state: AccessPathState, lookup: Lookup): AccessPathView | undefined => {
  const { path, lifecycle, version, operations, troubles } = state;
  if (path === null || lifecycle === 'absent') return undefined;
  const { accessPathId, number, name, description, tenant, accessType, iqnPrefix, scope, chap, createdAt, updatedAt } = path;
  return {
    kind: 'accessPath',
    id: accessPathId,
    number,
    name,
    description,
    tenant,
    status: lifecycle,
    actionStatus: actionOf(state),
    operations: operations.map(({ operationId, kind }) => ({ operationId, kind })),
    failure: failureView(troubles, accessPathWording(state, lookup)),
    accessType,
    iqnPrefix,
    scope,
    chap: chap === null ? null : { user: chap.user },
    version,
    targets: path.hosts.map((host) => targetView(state, path, host, lookup)),
    mappingGroups: path.groups.map((group) => groupView(path, group, lookup)),
    vipGroups: path.vips.map(({ vipGroupId, stage, ips }) => ({ id: vipGroupId, number: lookup.vipGroupState(vipGroupId)?.group?.number ?? null, stage, ips })),
    createdAt,
    updatedAt,
  };
};

export const accessPathKind: ReadKind<AccessPathState, AccessPathView, AccessPathFilter, AccessPathSortField> = {
  kind: 'accessPath',
  plural: 'access paths',
  isEverybodys: false,
  isFoundByName: false,
  indexed: ({ path, lifecycle }) =>
    path === null
      ? undefined
      : {
          number: path.number,
          name: path.name,
          description: path.description,
          gone: lifecycle === 'refused' || lifecycle === 'deleted' ? lifecycle : null,
          hidden: false,
          tenant: path.tenant,
          parentId: null,
        },
  view: accessPathView,
  statusOf: ({ lifecycle }) => lifecycle,
  statuses: ['creating', 'active', 'deleting'],
  gone: ['deleted'],
  codes: ({ path }) => (path === null ? [] : [path.accessPathId]),
  matcher: ({ accessType, host, clientGroup, volume }, { resolve }) => {
    if (accessType === undefined && host === undefined && clientGroup === undefined && volume === undefined) return undefined;
    const [hostId, clientGroupId, volumeId] = [host && resolve.host(host), clientGroup && resolve.clientGroup(clientGroup), volume && resolve.volume(volume)];
    return ({ path }) =>
      path !== null &&
      (accessType === undefined || path.accessType === accessType) &&
      (host === undefined || path.hosts.some((one) => one.hostId === hostId)) &&
      (clientGroup === undefined || path.groups.some((group) => group.clientGroupId === clientGroupId)) &&
      (volume === undefined || path.groups.some(({ luns }) => luns.some((lun) => lun.volumeId === volumeId)));
  },
  readers: (stateAt) => ({
    number: (number) => number,
    name: (number) => stateAt(number)?.path?.name ?? null,
    status: (number) => stateAt(number)?.lifecycle ?? null,
    createdAt: (number) => stateAt(number)?.path?.createdAt ?? null,
    updatedAt: (number) => stateAt(number)?.path?.updatedAt ?? null,
  }),
};
