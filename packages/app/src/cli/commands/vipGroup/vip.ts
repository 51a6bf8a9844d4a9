/** Virtual IPs on the command line: an address, and the host that is preferred to hold it. */
import { ipOf, isInside } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { NewVipGroup } from '../../../api/bodies/vipGroup.ts';
import type { ApiClient } from '../../../client/index.ts';
import { ending, type Ending } from '../../exit.ts';
import type { Reader } from '../../frame/parts.ts';
import { resolveRef, type Ref } from '../../service/refs.ts';
import { orEnd } from '../../service/serviceCommand.ts';

/** As it was written. */
export interface VipGiven {
  readonly ip: string;
  readonly mask?: number;
  /** A host by its number, UUID or name, or one of its addresses. */
  readonly on: string;
}

const FORM = /^([\d.]+)(?:\/(\d{1,2}))?@(\S+)$/;

/** `10.252.1.128@gw1`, `10.252.1.128/24@gw1`, `10.252.1.128@10.252.1.204`. */
export const vip: Reader<VipGiven> = {
  read: (given) => {
    const [, ip = '', mask, on = ''] = FORM.exec(given) ?? [];
    if (ipOf(ip) === undefined) return E.left(`${given} is not a virtual IP: write 10.252.1.128@gw1, with the host that is preferred to hold it`);
    return E.right({ ip, on, ...(mask === undefined ? {} : { mask: Number(mask) }) });
  },
};

type Found = Promise<E.Either<Ending, Ref>>;

const EVERYTHING = -1;

/** The gateway address by which a host takes part in the group: the one that was given, or the only one in its network. */
export const memberRef = async (client: ApiClient, network: string, on: string): Found => {
  const query = { role: 'gateway', limit: EVERYTHING } as const;
  const isAddress = ipOf(on) !== undefined;
  const host = isAddress ? E.right(undefined) : await resolveRef(client, 'host', on);
  if (E.isLeft(host)) return host;
  const found = orEnd(await client.listNetworkAddresses({ query: { ...query, ...(host.right === undefined ? { ip: on } : { host_id: host.right }) } }));
  if (E.isLeft(found)) return found;
  const inside = found.right.body.network_addresses.filter(({ ip }) => isInside(ip, network));
  const [first, ...others] = inside;
  if (first === undefined) return E.left(ending('notFound', isAddress ? `no host has the gateway address ${on} in ${network}` : `host ${on} has no gateway address in ${network}`, '`blockledger host addresses` shows them all'));
  if (others.length === 0) return E.right(first.uuid);
  return E.left({ ...ending('usage', `${on} has several gateway addresses in ${network}`, 'write the address instead of the host'), details: inside.map(({ ip, host: { name } }) => `${ip}  on ${name ?? '?'}`) });
};

type NewVip = NewVipGroup['vips'][number];

/** As it is sent. */
export const vipFields = async (client: ApiClient, network: string, { ip, mask, on }: VipGiven): Promise<E.Either<Ending, NewVip>> =>
  E.map((address: Ref): NewVip => ({ ip, network_address_id: address, ...(mask === undefined ? {} : { mask }) }))(await memberRef(client, network, on));

/** The network of a group. */
export const networkOfGroup = async (client: ApiClient, group: Ref): Promise<E.Either<Ending, string>> =>
  E.map(({ body }: { readonly body: { readonly vip_group: { readonly network: string } } }) => body.vip_group.network)(orEnd(await client.getVipGroup({ path: { vip_group: group } })));
