/** `blockledger host list`, `host show`, `host addresses`. */
import * as E from 'fp-ts/lib/Either.js';
import { ADDRESS_ROLES } from '../../../api/bodies/host.ts';
import { maybe } from '../../frame/parts.ts';
import { oneOf, text } from '../../frame/readers.ts';
import { listCommand } from '../../service/list.ts';
import { recordCommand } from '../../service/record.ts';
import { refOf, resolveMaybe } from '../../service/refs.ts';
import { orEnd } from '../../service/serviceCommand.ts';
import { given } from '../../show/given.ts';
import { addressColumns, hostColumns, hostFields } from '../../show/hosts.ts';

export const hostList = listCommand({
  words: 'host list',
  summary: 'List hosts, and what is owed to them',
  noun: 'host',
  options: {
    status: maybe('--status <status>', 'only those that stand so; retired ones are listed only when asked for', oneOf('registering', 'active', 'retired')),
    backend: maybe('--backend <backend>', 'only those that this backend reaches', { ...text, completion: { of: 'backends' } }),
    q: maybe('--search <text>', 'part of the name or of an address, or the beginning of the UUID', text),
  },
  examples: [{ line: 'blockledger host list', does: 'the hosts' }],
  call: async (client, { status, backend, q }, limit) => orEnd(await client.listHosts({ query: { ...given({ status, backend, q }), limit } })),
  rows: (body) => body.hosts,
  columns: hostColumns,
});

export const hostShow = recordCommand({
  kind: 'host',
  words: 'host show',
  summary: 'Show everything about a host: its addresses, what it serves, what waits for it',
  examples: [{ line: 'blockledger host show gw1', does: 'the host named gw1' }],
  call: async (client, host) => client.getHost({ path: { host }, query: { gone: true } }),
  resource: (body) => body.host,
  fields: hostFields,
});

export const hostAddresses = listCommand({
  words: 'host addresses',
  summary: 'List addresses of hosts',
  noun: 'address',
  options: {
    host: maybe('--host <host>', 'only those of this host', refOf('host')),
    vipGroup: maybe('--vip-group <vip-group>', 'only those where the virtual IPs of this group may come', refOf('vip-group')),
    role: maybe('--role <role>', 'only those for this', oneOf(...ADDRESS_ROLES)),
    segment: maybe('--segment <segment>', 'only those on this segment', text),
  },
  examples: [{ line: 'blockledger host addresses --role gateway', does: 'where initiators can come in' }],
  call: async (client, { host, vipGroup, role, segment }, limit) => {
    const [hostRef, groupRef] = [await resolveMaybe(client, 'host', host), await resolveMaybe(client, 'vip-group', vipGroup)];
    if (E.isLeft(hostRef)) return hostRef;
    if (E.isLeft(groupRef)) return groupRef;
    return orEnd(await client.listNetworkAddresses({ query: { ...given({ host_id: hostRef.right, vip_group_id: groupRef.right, role, segment }), limit } }));
  },
  rows: (body) => body.network_addresses,
  columns: addressColumns,
});
