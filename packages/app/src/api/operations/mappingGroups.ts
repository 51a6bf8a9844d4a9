/** `/mapping-groups`: which volumes a client group sees by an access path. */
import * as t from 'io-ts';
import { AccessPathBody, AddedVolumes, MappingGroupBody, NewMappingGroup, RemovedVolumes } from '../bodies/accessPath.ts';
import { PagingBody } from '../bodies/common.ts';
import { closed } from '../closed.ts';
import { change, read } from '../operation.ts';
import { anyText, flag, orderBy, paging, refParameter } from '../parameters.ts';

const tag = 'mapping-groups';
const role = 'operator';
const replies = { access_path: AccessPathBody } as const;
const part = { mapping_group: MappingGroupBody } as const;
const force = flag('Fences the initiators that are logged in: their sessions are ended everywhere before it counts as done. Without it they are in the way.');
const loggedOut = flag('The initiators have logged out. It counts where the backend shows no sessions, so that nobody could see it; where it does they are looked at all the same.');
const leaving = { force, logged_out: loggedOut } as const;

export const mappingGroupOperations = {
  listMappingGroups: read({
    path: '/mapping-groups',
    tag,
    summary: 'List mapping groups',
    query: {
      ...paging,
      sort: orderBy({ id: 'number', access_path_id: 'accessPathNumber', client_group_id: 'clientGroupNumber' }),
      access_path_id: refParameter('Only those of this access path.'),
      client_group_id: refParameter('Only those of this client group.'),
      block_volume_id: refParameter('Only those with this volume in them.'),
      tenant: anyText('Only those of this tenant.'),
    },
    reply: closed({ mapping_groups: t.readonlyArray(MappingGroupBody), paging: PagingBody }, {}),
  }),
  getMappingGroup: read({ path: '/mapping-groups/{mapping_group}', tag, summary: 'Look at a mapping group', reply: closed({ mapping_group: MappingGroupBody }, {}) }),
  createMappingGroup: change({
    method: 'POST',
    path: '/mapping-groups',
    tag,
    role,
    summary: 'Let a client group see volumes by an access path',
    description: 'A volume that another client group sees needs `shared: true` in both.',
    example: { mapping_group: { access_path_id: 1, client_group_id: 1, block_volume_ids: [1] } },
    body: closed({ mapping_group: NewMappingGroup }, {}),
    replies,
    part,
  }),
  addVolumesToMappingGroup: change({
    method: 'POST',
    path: '/mapping-groups/{mapping_group}/block-volumes',
    tag,
    role,
    summary: 'Add volumes to those of a mapping group',
    description: 'A set: what is in it already stays as it is.',
    example: { block_volume_ids: [1] },
    body: AddedVolumes,
    replies,
    part,
  }),
  removeVolumesFromMappingGroup: change({
    method: 'DELETE',
    path: '/mapping-groups/{mapping_group}/block-volumes',
    tag,
    role,
    summary: 'Take volumes out of a mapping group, everywhere',
    description: 'A set: what is not in it is left out.',
    query: leaving,
    example: { block_volume_ids: [1] },
    body: RemovedVolumes,
    replies,
    part,
  }),
  deleteMappingGroup: change({
    method: 'DELETE',
    path: '/mapping-groups/{mapping_group}',
    tag,
    role,
    summary: 'Take all volumes of a mapping group from its clients, and delete it',
    query: leaving,
    replies,
    part,
  }),
} as const;
