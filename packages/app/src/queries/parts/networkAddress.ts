/** Network addresses: parts of hosts (S0-66). */
import type { HostState } from '@blockledger/domain';
import { networkAddressView } from '../kinds/host.ts';
import type { NetworkAddressFilter, NetworkAddressView } from '../pathViews.ts';
import type { NetworkAddressSortField } from '../sortViews.ts';
import type { PartKind } from './part.ts';

export const networkAddressPart: PartKind<HostState, NetworkAddressView, NetworkAddressFilter & { readonly tenant?: string }, NetworkAddressSortField> = {
  kind: 'networkAddress',
  plural: 'network addresses',
  parent: 'host',
  partsOf: ({ host, lifecycle }) => (host === null || lifecycle === 'retired' || lifecycle === 'refused' ? [] : host.addresses.map(({ address, number }) => ({ id: address.networkAddressId, number }))),
  view: networkAddressView,
  parentIn: ({ host }) => host,
  matcher: ({ vipGroup, role, segment, ip }, { resolve, lookup }) => {
    const vipGroupId = vipGroup === undefined ? undefined : resolve.vipGroup(vipGroup);
    const members = lookup.vipGroupState(vipGroupId ?? '')?.group?.members ?? [];
    return ({ host }, id) => {
      const address = host?.addresses.find((held) => held.address.networkAddressId === id)?.address;
      return (
        address !== undefined &&
        (role === undefined || address.role === role) &&
        (segment === undefined || address.segment === segment) &&
        (ip === undefined || address.ip === ip) &&
        (vipGroup === undefined || members.some(({ networkAddressId }) => networkAddressId === id))
      );
    };
  },
  readers: (viewAt) => ({
    number: (number) => number,
    ip: (number) => viewAt(number)?.ip ?? null,
    role: (number) => viewAt(number)?.role ?? null,
    hostNumber: (number) => viewAt(number)?.host.number ?? null,
  }),
};
