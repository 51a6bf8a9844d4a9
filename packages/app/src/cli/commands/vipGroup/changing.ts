/** `blockledger vip-group create`, `update`, `redeploy`, `delete`. */
import * as E from 'fp-ts/lib/Either.js';
import type { NewVipGroup } from '../../../api/bodies/vipGroup.ts';
import { ending } from '../../exit.ts';
import { flag, maybe, needed, several } from '../../frame/parts.ts';
import { oneOf, text } from '../../frame/readers.ts';
import { changeParts, makeChange } from '../../service/changing.ts';
import { refOf, resolveRef } from '../../service/refs.ts';
import { serviceCommand } from '../../service/serviceCommand.ts';
import { verbCommand } from '../../service/verb.ts';
import { given } from '../../show/given.ts';
import { vip, vipFields } from './vip.ts';

const onOff = oneOf('on', 'off');

export const vipGroupCreate = serviceCommand({
  words: 'vip-group create',
  summary: 'Give an access path virtual IPs that move between its hosts',
  about: 'Every host that has a gateway address in the network and a target of the access path takes part. The first group of an access path takes the place of its physical portals; it is refused while somebody is logged in by these, unless by --force.',
  shows: 'report',
  takes: { path: needed('<path>', 'the access path: its number, UUID or name', refOf('path')) },
  options: {
    network: needed('--network <network>', 'such as 10.252.1.0/24', text),
    vips: several('--vip <ip@host>', 'a virtual IP and the host that is preferred to hold it, such as 10.252.1.128@gw1; may be given several times', vip),
    preempt: maybe('--preempt <on|off>', 'whether a preferred host takes its addresses back when it returns (default on)', onOff),
    force: flag('--force', 'also while somebody is logged in by the physical portals'),
    ...changeParts,
  },
  examples: [{ line: 'blockledger vip-group create bare --network 10.252.1.0/24 --vip 10.252.1.140@gw1 --vip 10.252.1.141@gw2 --wait', does: 'two virtual IPs, one on each gateway while both are there' }],
  run: async ({ path, network, vips, preempt, force, plan, wait, key }, service, io) => {
    const { client } = service;
    const ref = await resolveRef(client, 'path', path);
    if (E.isLeft(ref)) return ref;
    if (vips.length === 0) return E.left(ending('usage', 'no virtual IP was given', 'give --vip, several times where there are several'));
    const all: NewVipGroup['vips'][number][] = [];
    for (const one of vips) {
      const fields = await vipFields(client, network, one);
      if (E.isLeft(fields)) return fields;
      all.push(fields.right);
    }
    const fields: NewVipGroup = { network, resource_id: ref.right, resource_type: 'access_path', vips: all, ...(preempt === undefined ? {} : { preempt: preempt === 'on' }) };
    return makeChange({ service, io, plan, wait, key }, (more) =>
      client.createVipGroup({ body: { vip_group: fields }, ...more, query: { ...given({ force: force ? true : undefined }), ...more.query } }),
    );
  },
});

export const vipGroupUpdate = verbCommand({
  kind: 'vip-group',
  words: 'vip-group update',
  summary: 'Say whether a preferred host takes its addresses back when it returns',
  options: { preempt: needed('--preempt <on|off>', 'on: it takes them back; off: they stay where they are', onOff) },
  examples: [{ line: 'blockledger vip-group update gold --preempt off --wait', does: 'addresses stay where they are until that host fails' }],
  call: (client, group, { preempt }) => (more) => client.updateVipGroup({ path: { vip_group: group }, body: { vip_group: { preempt: preempt === 'on' } }, ...more }),
});

export const vipGroupRedeploy = verbCommand({
  kind: 'vip-group',
  words: 'vip-group redeploy',
  summary: 'Look at every instance of a VIP group, and make it what it should be',
  examples: [{ line: 'blockledger vip-group redeploy gold --wait', does: 'after somebody changed a host by hand' }],
  call: (client, group) => (more) => client.redeployVipGroup({ path: { vip_group: group }, ...more }),
});

export const vipGroupDelete = verbCommand({
  kind: 'vip-group',
  words: 'vip-group delete',
  summary: 'Take the virtual IPs from an access path',
  about: 'Physical portals stand before the virtual ones go. It is refused while somebody is logged in by its virtual IPs, unless by --force.',
  options: { force: flag('--force', 'also while somebody is logged in by its virtual IPs') },
  examples: [{ line: 'blockledger vip-group delete gold --yes --wait', does: 'gold has physical portals again' }],
  question: (group) => `The virtual IPs of VIP group ${group} go for good. Go on?`,
  call: (client, group, { force }) => (more) => client.deleteVipGroup({ path: { vip_group: group }, ...more, query: { ...given({ force: force ? true : undefined }), ...more.query } }),
});
