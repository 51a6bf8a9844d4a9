/** Hosts and their network addresses, as JSON. */
import type { HostBody, NetworkAddressBody } from '../../api/bodies/host.ts';
import type { HostDebtView, HostView, NetworkAddressView } from '../../queries/pathViews.ts';
import { moment } from './common.ts';
import { linkBody, partStatus } from './paths.ts';

/** The resource inside `network_address`. */
export const networkAddressBody = (address: NetworkAddressView): NetworkAddressBody => ({
  id: address.number,
  uuid: address.id,
  host: linkBody(address.host),
  ip: address.ip,
  mask: address.prefix,
  interface: address.interface,
  segment: address.segment,
  role: address.role,
  status: partStatus(address.status),
  vip_groups: address.vipGroupIds,
});

const WORDS = { accessPath: 'access_path', vipGroup: 'vip_group' } as const satisfies Readonly<Record<HostDebtView['kind'], string>>;

const debtBody = ({ kind, error, since, ...of }: HostDebtView): HostBody['debts'][number] => ({
  resource_type: WORDS[kind],
  resource: linkBody(of),
  error: error === null ? null : { code: error.code, message: error.message },
  since: moment(since),
});

/** The resource inside `host`. */
export const hostBody = (host: HostView): HostBody => ({
  id: host.number,
  uuid: host.id,
  name: host.name,
  status: host.status,
  target_backend: host.targets,
  vip_backend: host.vips,
  backends_present: host.backendsPresent,
  paused: host.paused,
  off: host.off,
  admission: host.admission,
  network_addresses: host.addresses.map(networkAddressBody),
  access_paths: host.accessPaths.map(linkBody),
  debts: host.debts.map(debtBody),
  create: moment(host.createdAt),
});
