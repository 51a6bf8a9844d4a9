/** `/access-paths` and `/targets`. */
import * as t from 'io-ts';
import { AccessPathBody, AccessPathPatch, NewAccessPath, NewTarget, TargetBody } from '../bodies/accessPath.ts';
import { PagingBody } from '../bodies/common.ts';
import { EventBody } from '../bodies/inspection.ts';
import { closed } from '../closed.ts';
import { change, read } from '../operation.ts';
import { anyText, flag, moment, oneOf, orderBy, paging, refParameter } from '../parameters.ts';

const tag = 'access-paths';
const role = 'operator';
const replies = { access_path: AccessPathBody } as const;
const part = { target: TargetBody } as const;

export const accessPathOperations = {
  listAccessPaths: read({
    path: '/access-paths',
    tag,
    summary: 'List access paths',
    query: {
      ...paging,
      sort: orderBy({ id: 'number', name: 'name', status: 'status', create: 'createdAt', update: 'updatedAt' }),
      name: anyText('Only the one with exactly this name.'),
      status: oneOf('Only those that stand so. What is gone is listed only when asked for.', ['creating', 'active', 'deleting', 'deleted']),
      type: oneOf('Only those of this kind of access.', ['iscsi', 'local', 'fc']),
      host_id: refParameter('Only those with a target on this host.'),
      client_group_id: refParameter('Only those by which this client group sees volumes.'),
      block_volume_id: refParameter('Only those by which this volume is seen.'),
      tenant: anyText('Only those of this tenant.'),
      q: anyText('Part of the name or description, or the beginning of the UUID.'),
    },
    reply: closed({ access_paths: t.readonlyArray(AccessPathBody), paging: PagingBody }, {}),
  }),
  getAccessPath: read({
    path: '/access-paths/{access_path}',
    tag,
    summary: 'Look at an access path, now or at a moment of the past',
    query: { at: moment('As it stood at this moment.'), gone: flag('Also one that is gone, as it stood at its end.') },
    tagged: true,
    reply: closed({ access_path: AccessPathBody }, {}),
  }),
  getAccessPathHistory: read({
    path: '/access-paths/{access_path}/history',
    tag,
    summary: 'List everything that ever happened to an access path, oldest first',
    reply: closed({ events: t.readonlyArray(EventBody) }, {}),
  }),
  createAccessPath: change({
    method: 'POST',
    path: '/access-paths',
    tag,
    role,
    summary: 'Create an access path: a target on each of some hosts',
    description: '`chap: true` with `tname` and `tsecret` asks initiators for that account.',
    example: { access_path: { name: 'access_path1', type: 'iscsi', host_ids: [1, 2] } },
    body: closed({ access_path: NewAccessPath }, {}),
    replies,
  }),
  updateAccessPath: change({
    method: 'PATCH',
    path: '/access-paths/{access_path}',
    tag,
    role,
    summary: 'Rename an access path, or change its CHAP account',
    description: '`chap: true` goes with `tname` and `tsecret`; `chap: false` turns CHAP off. Nothing shows the secret again.',
    example: { access_path: { name: 'access_path1', chap: true, tname: '1qaz2wsx3edc', tsecret: '1qaz2wsx3edc' } },
    body: closed({ access_path: AccessPathPatch }, {}),
    replies,
    matchable: true,
  }),
  deleteAccessPath: change({ method: 'DELETE', path: '/access-paths/{access_path}', tag, role, summary: 'Delete an access path that has neither mapping groups nor VIP groups', replies, matchable: true }),
  redeployAccessPath: change({
    method: 'POST',
    path: '/access-paths/{access_path}:redeploy',
    tag,
    role,
    summary: 'Look at every target of an access path, and make it what it should be',
    replies,
    matchable: true,
  }),
  listTargets: read({
    path: '/targets',
    tag,
    summary: 'List what access paths have on hosts',
    query: {
      ...paging,
      sort: orderBy({ id: 'number', access_path_id: 'accessPathNumber', host_id: 'hostNumber' }),
      access_path_id: refParameter('Only those of this access path.'),
      host_id: refParameter('Only those on this host.'),
      tenant: anyText('Only those of this tenant.'),
    },
    reply: closed({ targets: t.readonlyArray(TargetBody), paging: PagingBody }, {}),
  }),
  getTarget: read({ path: '/targets/{target}', tag, summary: 'Look at what an access path has on a host', reply: closed({ target: TargetBody }, {}) }),
  addTarget: change({
    method: 'POST',
    path: '/targets',
    tag,
    role,
    summary: 'Give an access path a target on another host',
    example: { target: { access_path_id: 1, host_id: 2 } },
    body: closed({ target: NewTarget }, {}),
    replies,
    part,
  }),
  removeTarget: change({
    method: 'DELETE',
    path: '/targets/{target}',
    tag,
    role,
    summary: 'Take an access path away from a host',
    query: { force: flag('Also while somebody is logged in there.') },
    replies,
    part,
  }),
} as const;
