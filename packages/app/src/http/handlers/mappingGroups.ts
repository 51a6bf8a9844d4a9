/** `/mapping-groups`. */
import * as E from 'fp-ts/lib/Either.js';
import type { mappingGroupOperations } from '../../api/operations/mappingGroups.ts';
import type { UnmapInput } from '../../engine/pathRequests.ts';
import { notFound } from '../../engine/refusals.ts';
import type { MappingGroupView } from '../../queries/pathViews.ts';
import type { Page } from '../../queries/views.ts';
import { pageOf } from '../requests/query.ts';
import { mappingGroupBody } from '../views/accessPath.ts';
import { pagingBody } from '../views/common.ts';
import { ok, type Handlers } from './handler.ts';

const leavingOf = ({ force = false, logged_out: loggedOut = false }: { readonly force?: boolean; readonly logged_out?: boolean }): Required<UnmapInput> => ({ force, loggedOut });

export const mappingGroupHandlers: Handlers<typeof mappingGroupOperations> = {
  listMappingGroups: async (plane, { query }) => {
    const { access_path_id: accessPath, client_group_id: clientGroup, block_volume_id: volume, tenant } = query;
    const filter = {
      ...(accessPath === undefined ? {} : { accessPath }),
      ...(clientGroup === undefined ? {} : { clientGroup }),
      ...(volume === undefined ? {} : { volume }),
      ...(tenant === undefined ? {} : { tenant }),
    };
    return E.chain((page: Page<MappingGroupView>) => ok({ mapping_groups: page.items.map(mappingGroupBody), paging: pagingBody(page) }))(plane.mappingGroups.page({ ...pageOf(query), ...filter }));
  },
  getMappingGroup: async (plane, { path }) => {
    const group = plane.mappingGroups.get(path.mapping_group);
    return group === undefined ? E.left(notFound('mappingGroup', path.mapping_group)) : ok({ mapping_group: mappingGroupBody(group) });
  },
  createMappingGroup: ({ body }) => {
    const { access_path_id: accessPath, client_group_id: clientGroup, block_volume_ids: volumes = [], shared = false } = body.mapping_group;
    return E.right({ do: 'createMappingGroup', accessPath, input: { clientGroup, volumes, shared } });
  },
  addVolumesToMappingGroup: ({ path, body }) =>
    E.right({ do: 'addVolumesToMappingGroup', mappingGroup: path.mapping_group, input: { volumes: body.block_volume_ids, shared: body.shared ?? false } }),
  removeVolumesFromMappingGroup: ({ path, query, body }) =>
    E.right({ do: 'removeVolumesFromMappingGroup', mappingGroup: path.mapping_group, input: { volumes: body.block_volume_ids, ...leavingOf(query) } }),
  deleteMappingGroup: ({ path, query }) => E.right({ do: 'deleteMappingGroup', mappingGroup: path.mapping_group, input: leavingOf(query) }),
};
