/** `/vip-groups` and `/vips`. */
import * as t from 'io-ts';
import { PagingBody } from '../bodies/common.ts';
import { EventBody } from '../bodies/inspection.ts';
import { NewMember, NewVip, NewVipGroup, VIP_RESOURCE_TYPES, VipBody, VipGroupBody, VipGroupPatch } from '../bodies/vipGroup.ts';
import { closed } from '../closed.ts';
import { change, read } from '../operation.ts';
import { anyText, flag, moment, oneOf, orderBy, paging, refParameter } from '../parameters.ts';

const tag = 'vip-groups';
const role = 'operator';
const replies = { vip_group: VipGroupBody } as const;
const part = { vip: VipBody } as const;

/** The source's own request (S0-67). */
const SOURCE_GROUP = {
  vip_group: {
    network: '10.252.1.0/24',
    preempt: true,
    resource_id: 2,
    resource_type: 'access_path',
    vips: [
      { ip: '10.252.1.128', mask: 32, network_address_id: 3 },
      { ip: '10.252.1.129', mask: 32, network_address_id: 3 },
    ],
  },
};

export const vipGroupOperations = {
  listVipGroups: read({
    path: '/vip-groups',
    tag,
    summary: 'List VIP groups',
    query: {
      ...paging,
      sort: orderBy({ id: 'number', network: 'network', status: 'status', create: 'createdAt', update: 'updatedAt', resource_id: 'accessPathNumber' }),
      resource_type: oneOf('What they are for.', VIP_RESOURCE_TYPES),
      resource_id: refParameter('Only those of this access path.'),
      status: oneOf('Only those that stand so. What is gone is listed only when asked for.', ['creating', 'active', 'deleting', 'deleted']),
      network: anyText('Only those in this network.'),
      tenant: anyText('Only those of this tenant.'),
      q: anyText('Part of the network or of a virtual IP, or the beginning of the UUID.'),
    },
    reply: closed({ vip_groups: t.readonlyArray(VipGroupBody), paging: PagingBody }, {}),
  }),
  getVipGroup: read({
    path: '/vip-groups/{vip_group}',
    tag,
    summary: 'Look at a VIP group, now or at a moment of the past',
    query: { at: moment('As it stood at this moment.'), gone: flag('Also one that is gone, as it stood at its end.') },
    tagged: true,
    reply: closed({ vip_group: VipGroupBody }, {}),
  }),
  getVipGroupHistory: read({
    path: '/vip-groups/{vip_group}/history',
    tag,
    summary: 'List everything that ever happened to a VIP group, oldest first',
    reply: closed({ events: t.readonlyArray(EventBody) }, {}),
  }),
  createVipGroup: change({
    method: 'POST',
    path: '/vip-groups',
    tag,
    role,
    summary: 'Give an access path virtual IPs that move between its hosts',
    description: 'Every host that has a gateway address in the network and a target of the access path takes part. The first group of an access path takes the place of its physical portals.',
    query: { force: flag('Also while somebody is logged in by the physical portals, which go.') },
    example: SOURCE_GROUP,
    body: closed({ vip_group: NewVipGroup }, {}),
    replies,
  }),
  updateVipGroup: change({
    method: 'PATCH',
    path: '/vip-groups/{vip_group}',
    tag,
    role,
    summary: 'Say whether a preferred host takes its addresses back when it returns',
    example: { vip_group: { preempt: false } },
    body: closed({ vip_group: VipGroupPatch }, {}),
    replies,
    matchable: true,
  }),
  deleteVipGroup: change({
    method: 'DELETE',
    path: '/vip-groups/{vip_group}',
    tag,
    role,
    summary: 'Take the virtual IPs from an access path',
    description: 'Physical portals stand before the virtual ones go.',
    query: { force: flag('Also while somebody is logged in by its virtual IPs.') },
    replies,
    matchable: true,
  }),
  redeployVipGroup: change({ method: 'POST', path: '/vip-groups/{vip_group}:redeploy', tag, role, summary: 'Look at every instance of a VIP group, and make it what it should be', replies, matchable: true }),
  addVipMember: change({
    method: 'POST',
    path: '/vip-groups/{vip_group}/network-addresses',
    tag,
    role,
    summary: 'Let the addresses of a VIP group move to another host, too',
    example: { network_address_id: 3 },
    body: NewMember,
    replies,
    matchable: true,
  }),
  removeVipMember: change({
    method: 'DELETE',
    path: '/vip-groups/{vip_group}/network-addresses/{network_address}',
    tag,
    role,
    summary: 'Take a host out of a VIP group',
    description: 'It yields first, and another one has taken over what it held before anything of it goes.',
    replies,
    matchable: true,
  }),
  listVips: read({
    path: '/vips',
    tag,
    summary: 'List virtual IPs',
    query: {
      ...paging,
      sort: orderBy({ id: 'number', ip: 'ip', vip_group_id: 'vipGroupNumber' }),
      vip_group_id: refParameter('Only those of this VIP group.'),
      access_path_id: refParameter('Only those of this access path.'),
      ip: anyText('Only this address.'),
      tenant: anyText('Only those of this tenant.'),
    },
    reply: closed({ vips: t.readonlyArray(VipBody), paging: PagingBody }, {}),
  }),
  getVip: read({ path: '/vips/{vip}', tag, summary: 'Look at a virtual IP: where it is, and where it may go', reply: closed({ vip: VipBody }, {}) }),
  addVip: change({
    method: 'POST',
    path: '/vips',
    tag,
    role,
    summary: 'Add a virtual IP to a VIP group',
    example: { vip: { vip_group_id: 2, ip: '10.252.1.129', mask: 32, network_address_id: 3 } },
    body: closed({ vip: NewVip }, {}),
    replies,
    part,
  }),
  removeVip: change({ method: 'DELETE', path: '/vips/{vip}', tag, role, summary: 'Remove a virtual IP that is not the last of its group', replies, part }),
} as const;
