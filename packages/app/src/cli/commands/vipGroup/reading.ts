/** `blockledger vip-group list`, `vip-group show`, `vip-group vips`. */
import * as E from 'fp-ts/lib/Either.js';
import { maybe } from '../../frame/parts.ts';
import { oneOf, text } from '../../frame/readers.ts';
import { tree } from '../../frame/tree.ts';
import { listCommand } from '../../service/list.ts';
import { argumentOf, refOf, resolveMaybe, resolveRef } from '../../service/refs.ts';
import { orEnd, serviceCommand } from '../../service/serviceCommand.ts';
import { given } from '../../show/given.ts';
import { vipColumns, vipGroupColumns } from '../../show/vipGroups.ts';
import { vipGroupTree } from '../../show/vipTree.ts';

const pathOption = maybe('--path <path>', 'only those of this access path', refOf('path'));

export const vipGroupList = listCommand({
  words: 'vip-group list',
  summary: 'List VIP groups',
  noun: 'VIP group',
  options: {
    path: pathOption,
    status: maybe('--status <status>', 'only those that stand so; deleted ones are listed only when asked for', oneOf('creating', 'active', 'deleting', 'deleted')),
    network: maybe('--network <network>', 'only those in this network', text),
    q: maybe('--search <text>', 'part of the network or of a virtual IP, or the beginning of the UUID', text),
    tenant: maybe('--tenant <tenant>', 'only those of this tenant', text),
  },
  examples: [{ line: 'blockledger vip-group list', does: 'the VIP groups' }],
  call: async (client, { path, ...filters }, limit) => {
    const ref = await resolveMaybe(client, 'path', path);
    if (E.isLeft(ref)) return ref;
    const { status, network, q, tenant } = filters;
    return orEnd(await client.listVipGroups({ query: { ...given({ resource_id: ref.right, status, network, q, tenant }), limit } }));
  },
  rows: (body) => body.vip_groups,
  columns: vipGroupColumns,
});

export const vipGroupShow = serviceCommand({
  words: 'vip-group show',
  summary: 'Draw a VIP group: its virtual IPs, who holds them, and where they may go',
  shows: 'report',
  takes: { group: argumentOf('vip-group') },
  options: {},
  examples: [{ line: 'blockledger vip-group show gold', does: 'the virtual IPs of the access path gold' }],
  run: async ({ group }, { client }, io) => {
    const ref = await resolveRef(client, 'vip-group', group);
    if (E.isLeft(ref)) return ref;
    const answered = orEnd(await client.getVipGroup({ path: { vip_group: ref.right }, query: { gone: true } }));
    if (E.isLeft(answered)) return answered;
    const { body } = answered.right;
    return E.right({ json: body, show: (screen) => tree(screen, vipGroupTree(io, body.vip_group)) });
  },
});

export const vipGroupVips = listCommand({
  words: 'vip-group vips',
  summary: 'List virtual IPs, and who holds them',
  noun: 'virtual IP',
  options: { path: pathOption, vipGroup: maybe('--vip-group <vip-group>', 'only those of this group', refOf('vip-group')) },
  examples: [{ line: 'blockledger vip-group vips', does: 'who holds which address' }],
  call: async (client, { path, vipGroup }, limit) => {
    const [pathRef, groupRef] = [await resolveMaybe(client, 'path', path), await resolveMaybe(client, 'vip-group', vipGroup)];
    if (E.isLeft(pathRef)) return pathRef;
    if (E.isLeft(groupRef)) return groupRef;
    return orEnd(await client.listVips({ query: { ...given({ access_path_id: pathRef.right, vip_group_id: groupRef.right }), limit } }));
  },
  rows: (body) => body.vips,
  columns: vipColumns,
});
