/** `/hosts` and `/network-addresses`. */
import * as E from 'fp-ts/lib/Either.js';
import type { hostOperations } from '../../api/operations/hosts.ts';
import { notFound } from '../../engine/refusals.ts';
import type { HostView, NetworkAddressView } from '../../queries/pathViews.ts';
import type { Page } from '../../queries/views.ts';
import { networkAddressInput, registerHostInput } from '../inputs/host.ts';
import { pageOf } from '../requests/query.ts';
import { pagingBody } from '../views/common.ts';
import { networkAddressBody } from '../views/host.ts';
import { ok, type Handlers } from './handler.ts';
import { listOf, look, lookBack } from './looking.ts';

const shown = listOf<HostView>('hosts');

export const hostHandlers: Handlers<typeof hostOperations> = {
  listHosts: async (plane, { query }) => {
    const { name, status, backend, q } = query;
    const filter = { ...pageOf(query), ...(name === undefined ? {} : { name }), ...(q === undefined ? {} : { q }) };
    if (status === 'retired') return E.chain(shown)(await plane.hosts.listGone({ ...filter, status }));
    return E.chain(shown)(plane.hosts.page({ ...filter, ...(status === undefined ? {} : { status }), ...(backend === undefined ? {} : { backend }) }));
  },
  getHost: async (plane, { path, query }) => look(plane, { kind: 'host', ref: path.host, source: plane.hosts }, query),
  getHostHistory: async (plane, { path }) => lookBack(plane, 'host', path.host),
  registerHost: ({ body }) => E.right({ do: 'registerHost', input: registerHostInput(body.host) }),
  pauseHost: ({ path, body }) => E.right({ do: 'pauseHost', host: path.host, input: body.host }),
  resumeHost: ({ path }) => E.right({ do: 'resumeHost', host: path.host }),
  declareHostOff: ({ path, body }) => E.right({ do: 'declareHostOff', host: path.host, input: body.host }),
  declareHostBack: ({ path }) => E.right({ do: 'declareHostBack', host: path.host }),
  retireHost: ({ path }) => E.right({ do: 'retireHost', host: path.host }),
  listNetworkAddresses: async (plane, { query }) => {
    const { host_id: host, vip_group_id: vipGroup, role, segment, ip } = query;
    const filter = {
      ...(host === undefined ? {} : { host }),
      ...(vipGroup === undefined ? {} : { vipGroup }),
      ...(role === undefined ? {} : { role }),
      ...(segment === undefined ? {} : { segment }),
      ...(ip === undefined ? {} : { ip }),
    };
    return E.chain((page: Page<NetworkAddressView>) => ok({ network_addresses: page.items.map(networkAddressBody), paging: pagingBody(page) }))(plane.networkAddresses.page({ ...pageOf(query), ...filter }));
  },
  getNetworkAddress: async (plane, { path }) => {
    const address = plane.networkAddresses.get(path.network_address);
    return address === undefined ? E.left(notFound('networkAddress', path.network_address)) : ok({ network_address: networkAddressBody(address) });
  },
  addNetworkAddress: ({ body }) => {
    const { host_id: host, ...address } = body.network_address;
    return E.right({ do: 'addNetworkAddress', host, input: networkAddressInput(address) });
  },
  removeNetworkAddress: ({ path }) => E.right({ do: 'removeNetworkAddress', networkAddress: path.network_address }),
};
