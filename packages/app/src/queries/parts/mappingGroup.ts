/** Mapping groups: parts of access paths (S0-98). */
import { mappingGroupOf, type AccessPathState } from '@blockledger/domain';
import { mappingGroupView } from '../kinds/accessPath.ts';
import type { MappingGroupFilter, MappingGroupView } from '../pathViews.ts';
import type { MappingGroupSortField } from '../sortViews.ts';
import type { PartKind } from './part.ts';

export const mappingGroupPart: PartKind<AccessPathState, MappingGroupView, MappingGroupFilter, MappingGroupSortField> = {
  kind: 'mappingGroup',
  plural: 'mapping groups',
  parent: 'accessPath',
  partsOf: ({ path, lifecycle }) => (path === null || lifecycle === 'deleted' || lifecycle === 'refused' ? [] : path.groups.map(({ mappingGroupId, number }) => ({ id: mappingGroupId, number }))),
  view: mappingGroupView,
  parentIn: ({ accessPath }) => accessPath,
  matcher: ({ clientGroup, volume }, { resolve }) => {
    const [clientGroupId, volumeId] = [clientGroup && resolve.clientGroup(clientGroup), volume && resolve.volume(volume)];
    return ({ path }, id) => {
      const group = path === null ? undefined : mappingGroupOf(path, id);
      return (
        group !== undefined &&
        (clientGroup === undefined || group.clientGroupId === clientGroupId) &&
        (volume === undefined || group.luns.some((lun) => lun.volumeId === volumeId))
      );
    };
  },
  readers: (viewAt) => ({
    number: (number) => number,
    accessPathNumber: (number) => viewAt(number)?.accessPath.number ?? null,
    clientGroupNumber: (number) => viewAt(number)?.clientGroup.number ?? null,
  }),
};
