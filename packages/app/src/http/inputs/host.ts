/** What bodies about hosts mean. */
import type { HostAddress, NewHost } from '../../api/bodies/host.ts';
import type { NetworkAddressInput, RegisterHostInput } from '../../engine/requests.ts';

/** An address of a host. */
export const networkAddressInput = ({ ip, mask, interface: device, segment, role }: HostAddress): NetworkAddressInput => ({
  ip,
  prefix: mask,
  interface: device,
  ...(segment === undefined ? {} : { segment }),
  ...(role === undefined ? {} : { role }),
});

/** A host with its addresses. */
export const registerHostInput = ({ name, target_backend: targets, vip_backend: vips, network_addresses: addresses }: NewHost): RegisterHostInput => ({
  name,
  ...(targets === undefined ? {} : { targets }),
  ...(vips === undefined ? {} : { vips }),
  ...(addresses === undefined ? {} : { addresses: addresses.map(networkAddressInput) }),
});
