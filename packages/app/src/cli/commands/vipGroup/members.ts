/** `blockledger vip-group add-vip`, `remove-vip`, `add-host`, `remove-host`. */
import * as E from 'fp-ts/lib/Either.js';
import type { ApiClient } from '../../../client/index.ts';
import type { Ending } from '../../exit.ts';
import { needed } from '../../frame/parts.ts';
import { text } from '../../frame/readers.ts';
import type { ChangeCall } from '../../service/changing.ts';
import { vipRef } from '../../service/pathRefs.ts';
import { refOf, type Ref } from '../../service/refs.ts';
import { verbCommand } from '../../service/verb.ts';
import { memberRef, networkOfGroup, vip, vipFields } from './vip.ts';

type Request = Promise<E.Either<Ending, ChangeCall>>;

export const vipGroupAddVip = verbCommand({
  kind: 'vip-group',
  words: 'vip-group add-vip',
  summary: 'Add a virtual IP to a VIP group',
  takes: { vip: needed('<ip@host>', 'such as 10.252.1.130@gw1, with the host that is preferred to hold it', vip) },
  examples: [{ line: 'blockledger vip-group add-vip gold 10.252.1.130@gw1 --wait', does: 'one more, on gw1 while that is there' }],
  call: async (client, group, { vip: added }): Request => {
    const network = await networkOfGroup(client, group);
    if (E.isLeft(network)) return network;
    const fields = await vipFields(client, network.right, added);
    return E.isLeft(fields) ? fields : E.right((more) => client.addVip({ body: { vip: { vip_group_id: group, ...fields.right } }, ...more }));
  },
});

export const vipGroupRemoveVip = verbCommand({
  kind: 'vip-group',
  words: 'vip-group remove-vip',
  summary: 'Remove a virtual IP that is not the last of its group',
  takes: { vip: needed('<vip>', 'its address, number or UUID', { ...text, completion: { of: 'vips' } }) },
  examples: [{ line: 'blockledger vip-group remove-vip gold 10.252.1.129 --yes --wait', does: 'nobody comes in by it any more' }],
  question: (group, { vip: removed }) => `The virtual IP ${removed} of VIP group ${group} goes for good. Go on?`,
  call: async (client, group, { vip: removed }): Request => {
    const ref = await vipRef(client, group, removed);
    return E.isLeft(ref) ? ref : E.right((more) => client.removeVip({ path: { vip: ref.right }, ...more }));
  },
});

const takes = { host: needed('<host>', 'its number, UUID or name, or its gateway address', refOf('host')) } as const;

const memberOf = async (client: ApiClient, group: Ref, host: string): Promise<E.Either<Ending, Ref>> => {
  const network = await networkOfGroup(client, group);
  return E.isLeft(network) ? network : memberRef(client, network.right, host);
};

export const vipGroupAddHost = verbCommand({
  kind: 'vip-group',
  words: 'vip-group add-host',
  summary: 'Let the addresses of a VIP group move to another host, too',
  takes,
  examples: [{ line: 'blockledger vip-group add-host gold gw3 --wait', does: 'gw3 takes part' }],
  call: async (client, group, { host }): Request => {
    const ref = await memberOf(client, group, host);
    return E.isLeft(ref) ? ref : E.right((more) => client.addVipMember({ path: { vip_group: group }, body: { network_address_id: ref.right }, ...more }));
  },
});

export const vipGroupRemoveHost = verbCommand({
  kind: 'vip-group',
  words: 'vip-group remove-host',
  summary: 'Take a host out of a VIP group',
  about: 'It yields first, and another one has taken over what it held before anything of it goes.',
  takes,
  examples: [{ line: 'blockledger vip-group remove-host gold gw2 --yes --wait', does: 'no address moves to gw2 any more' }],
  question: (group, { host }) => `Host ${host} is taken out of VIP group ${group}. Go on?`,
  call: async (client, group, { host }): Request => {
    const ref = await memberOf(client, group, host);
    return E.isLeft(ref) ? ref : E.right((more) => client.removeVipMember({ path: { vip_group: group, network_address: ref.right }, ...more }));
  },
});
