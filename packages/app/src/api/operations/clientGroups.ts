/** `/client-groups`. */
import * as t from 'io-ts';
import { ClientGroupBody, ClientGroupPatch, NewClientGroup } from '../bodies/clientGroup.ts';
import { PagingBody } from '../bodies/common.ts';
import { EventBody } from '../bodies/inspection.ts';
import { closed } from '../closed.ts';
import { change, read } from '../operation.ts';
import { anyText, flag, moment, oneOf, orderBy, paging } from '../parameters.ts';

const tag = 'client-groups';
const role = 'operator';
const replies = { client_group: ClientGroupBody } as const;

export const clientGroupOperations = {
  listClientGroups: read({
    path: '/client-groups',
    tag,
    summary: 'List client groups',
    query: {
      ...paging,
      sort: orderBy({ id: 'number', name: 'name', status: 'status', create: 'createdAt', update: 'updatedAt' }),
      name: anyText('Only the one with exactly this name.'),
      status: oneOf('Only those that stand so. What is gone is listed only when asked for.', ['creating', 'active', 'deleted']),
      type: oneOf('Only those for this kind of access.', ['iscsi', 'local', 'fc']),
      client: anyText('Only those with this initiator.'),
      tenant: anyText('Only those of this tenant.'),
      q: anyText('Part of the name, the description or an initiator, or the beginning of the UUID.'),
    },
    reply: closed({ client_groups: t.readonlyArray(ClientGroupBody), paging: PagingBody }, {}),
  }),
  getClientGroup: read({
    path: '/client-groups/{client_group}',
    tag,
    summary: 'Look at a client group, now or at a moment of the past',
    query: { at: moment('As it stood at this moment.'), gone: flag('Also one that is gone, as it stood at its end.') },
    tagged: true,
    reply: closed({ client_group: ClientGroupBody }, {}),
  }),
  getClientGroupHistory: read({
    path: '/client-groups/{client_group}/history',
    tag,
    summary: 'List everything that ever happened to a client group, oldest first',
    reply: closed({ events: t.readonlyArray(EventBody) }, {}),
  }),
  createClientGroup: change({
    method: 'POST',
    path: '/client-groups',
    tag,
    role,
    summary: 'Create a client group: initiators that will see the same volumes',
    description: 'Clients are IQNs or IP addresses, WWNs with Fibre Channel. `chap: true` with `iname` and `isecret` makes targets prove themselves to them, too.',
    example: { client_group: { name: 'db', type: 'iscsi', clients: [{ code: 'iqn.1994-05.com.redhat:9f2838fc926e' }] } },
    body: closed({ client_group: NewClientGroup }, {}),
    replies,
  }),
  updateClientGroup: change({
    method: 'PATCH',
    path: '/client-groups/{client_group}',
    tag,
    role,
    summary: 'Rename a client group, change its initiators or its mutual CHAP',
    description: '`clients` takes the place of all of them. `chap: true` goes with `iname` and `isecret`; `chap: false` turns mutual CHAP off. Nothing shows the secret again.',
    example: { client_group: { chap: true, iname: '3edc2wsx1qaz', isecret: '3edc2wsx1qaz' } },
    body: closed({ client_group: ClientGroupPatch }, {}),
    replies,
    matchable: true,
  }),
  deleteClientGroup: change({ method: 'DELETE', path: '/client-groups/{client_group}', tag, role, summary: 'Delete a client group that no mapping group has', replies, matchable: true }),
} as const;
