/** `/hosts` and `/network-addresses`. */
import * as t from 'io-ts';
import { PagingBody } from '../bodies/common.ts';
import { ADDRESS_ROLES, HostBody, NetworkAddressBody, NewHost, NewNetworkAddress, ReasonBody } from '../bodies/host.ts';
import { EventBody } from '../bodies/inspection.ts';
import { closed } from '../closed.ts';
import { change, read } from '../operation.ts';
import { anyText, flag, moment, oneOf, orderBy, paging, refParameter } from '../parameters.ts';

const tag = 'hosts';
const role = 'admin';
const replies = { host: HostBody } as const;
const part = { network_address: NetworkAddressBody } as const;

export const hostOperations = {
  listHosts: read({
    path: '/hosts',
    tag,
    summary: 'List hosts',
    query: {
      ...paging,
      sort: orderBy({ id: 'number', name: 'name', status: 'status', create: 'createdAt' }),
      name: anyText('Only the one with exactly this name.'),
      status: oneOf('Only those that stand so. What is gone is listed only when asked for.', ['registering', 'active', 'retired']),
      backend: anyText('Only those that this backend reaches, for targets or for virtual IPs.'),
      q: anyText('Part of the name or of an address, or the beginning of the UUID.'),
    },
    reply: closed({ hosts: t.readonlyArray(HostBody), paging: PagingBody }, {}),
  }),
  getHost: read({
    path: '/hosts/{host}',
    tag,
    summary: 'Look at a host, now or at a moment of the past',
    query: { at: moment('As it stood at this moment.'), gone: flag('Also one that is gone, as it stood at its end.') },
    tagged: true,
    reply: closed({ host: HostBody }, {}),
  }),
  getHostHistory: read({
    path: '/hosts/{host}/history',
    tag,
    summary: 'List everything that ever happened to a host, oldest first',
    reply: closed({ events: t.readonlyArray(EventBody) }, {}),
  }),
  registerHost: change({
    method: 'POST',
    path: '/hosts',
    tag,
    role,
    summary: 'Register a host that serves targets, virtual IPs, or both',
    description: '`name` is the one by which its backends know it. Initiators come in by its addresses of the role `gateway`.',
    example: { host: { name: 'gw1', target_backend: 'xdc', vip_backend: 'keepalived', network_addresses: [{ ip: '10.252.1.204', mask: 24, interface: 'enp2s0f3', role: 'gateway' }] } },
    body: closed({ host: NewHost }, {}),
    replies,
  }),
  pauseHost: change({ method: 'POST', path: '/hosts/{host}:pause', tag, role, summary: 'Keep the work of a host and do not run it', body: closed({ host: ReasonBody }, {}), replies, matchable: true }),
  resumeHost: change({ method: 'POST', path: '/hosts/{host}:resume', tag, role, summary: 'Run the work of a host again', replies, matchable: true }),
  declareHostOff: change({
    method: 'POST',
    path: '/hosts/{host}:declare-off',
    tag,
    role,
    summary: 'Say that a host is switched off and serves nobody',
    description: 'What waits for it waits no more: volumes that it may have served can be given to others. Untrue, this puts data at risk.',
    body: closed({ host: ReasonBody }, {}),
    replies,
    matchable: true,
  }),
  declareHostBack: change({
    method: 'POST',
    path: '/hosts/{host}:declare-back',
    tag,
    role,
    summary: 'Let a host serve again, once it has been made what it should be',
    replies,
    matchable: true,
  }),
  retireHost: change({ method: 'DELETE', path: '/hosts/{host}', tag, role, summary: 'Retire a host that no access path uses', replies, matchable: true }),
  listNetworkAddresses: read({
    path: '/network-addresses',
    tag,
    summary: 'List addresses of hosts',
    query: {
      ...paging,
      sort: orderBy({ id: 'number', ip: 'ip', role: 'role', host_id: 'hostNumber' }),
      host_id: refParameter('Only those of this host.'),
      vip_group_id: refParameter('Only those where the addresses of this VIP group may come.'),
      role: oneOf('Only those for this.', ADDRESS_ROLES),
      segment: anyText('Only those on this segment.'),
      ip: anyText('Only this address.'),
    },
    reply: closed({ network_addresses: t.readonlyArray(NetworkAddressBody), paging: PagingBody }, {}),
  }),
  getNetworkAddress: read({ path: '/network-addresses/{network_address}', tag, summary: 'Look at an address of a host', reply: closed({ network_address: NetworkAddressBody }, {}) }),
  addNetworkAddress: change({
    method: 'POST',
    path: '/network-addresses',
    tag,
    role,
    summary: 'Give a host another address',
    example: { network_address: { host_id: 1, ip: '10.252.1.204', mask: 24, interface: 'enp2s0f3', role: 'gateway' } },
    body: closed({ network_address: NewNetworkAddress }, {}),
    replies,
    part,
  }),
  removeNetworkAddress: change({ method: 'DELETE', path: '/network-addresses/{network_address}', tag, role, summary: 'Take an address from its host', replies, part }),
} as const;
